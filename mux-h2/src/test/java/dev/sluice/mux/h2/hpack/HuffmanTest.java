package dev.sluice.mux.h2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("Huffman code (RFC 7541 5.2, appendix B)")
class HuffmanTest {
  @ParameterizedTest
  @CsvSource({
    "0, 1ff8, 13",
    "48, 0, 5",
    "32, 14, 6",
    "92, 7fff0, 19",
    "122, 7b, 7",
    "128, fffe6, 20",
    "249, ffffffe, 28",
    "255, 3ffffee, 26",
    "256, 3fffffff, 30"
  })
  void codeIsThatOfTheAppendix(int symbol, String code, int length) {
    assertThat(Integer.toHexString(Huffman.code(symbol))).isEqualTo(code);
    assertThat(Huffman.codeLength(symbol)).isEqualTo(length);
  }

  @Test
  void everySymbolPairRoundTrips() {
    for (int a = 0; a < 256; a++) {
      for (int b = 0; b < 256; b++) {
        byte[] text = {(byte) a, (byte) b};
        assertThat(roundTrip(text, 1)).isEqualTo(text);
      }
    }
  }

  @Test
  void randomBytesRoundTripInPiecesOfAnySize() {
    Random random = new Random(7541);
    for (int i = 0; i < 2000; i++) {
      byte[] text = new byte[random.nextInt(64)];
      random.nextBytes(text);
      assertThat(roundTrip(text, 1 + random.nextInt(16))).isEqualTo(text);
    }
  }

  @Test
  void paddingUpToSevenBitsIsAccepted() {
    // '0' has five bits: 1 to 8 of them leave every number of padding bits from 0 to 7.
    for (int length = 1; length <= 8; length++) {
      byte[] text = Bytes.ofText("0".repeat(length));
      assertThat(roundTrip(text, 1)).isEqualTo(text);
    }
  }

  @Test
  void aWholeByteOfPaddingIsRefused() {
    assertThat(endsWell("07ff")).isFalse(); // '0' and three bits of padding, then eight more
    assertThat(endsWell("07")).isTrue();
    assertThat(endsWell("ff")).isFalse();
    assertThat(endsWell("06")).isFalse();
    assertThat(endsWell("")).isTrue();
  }

  @Test
  void eosIsFoundWhereverItBegins() {
    byte[] dst = new byte[64];
    for (int shift = 0; shift < 8; shift++) {
      HuffmanDecoder decoder = new HuffmanDecoder();
      decoder.start();
      // Zero bytes are symbols of five zero bits; the last one ends somewhere in the ones.
      byte[] src = new byte[5 + shift];
      Arrays.fill(src, shift, src.length, (byte) 0xff);
      assertThat(decoder.decode(src, 0, src.length, dst, 0)).isEqualTo(HuffmanDecoder.EOS_FOUND);
    }
  }

  private static boolean endsWell(String hex) {
    HuffmanDecoder decoder = new HuffmanDecoder();
    decoder.start();
    byte[] src = Bytes.ofHex(hex);
    int end = decoder.decode(src, 0, src.length, new byte[64], 0);
    return end >= 0 && decoder.endsWell();
  }

  private static byte[] roundTrip(byte[] text, int piece) {
    byte[] coded = new byte[Huffman.encodedLength(text, 0, text.length)];
    assertThat(Huffman.encode(text, 0, text.length, coded, 0)).isEqualTo(coded.length);
    HuffmanDecoder decoder = new HuffmanDecoder();
    decoder.start();
    byte[] decoded = new byte[HuffmanDecoder.decodedLengthMax(coded.length) + 64];
    int put = 0;
    for (int at = 0; at < coded.length; at += piece) {
      int end = Math.min(coded.length, at + piece);
      int room = HuffmanDecoder.decodedLengthMax(end - at);
      int before = put;
      put = decoder.decode(coded, at, end, decoded, put);
      assertThat(put - before).isBetween(0, room);
    }
    assertThat(decoder.endsWell()).isTrue();
    return Arrays.copyOf(decoded, put);
  }
}
