package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9112 7.1")
class ChunkDecoderTest {
  private static final int EXTENSION_BYTES_MAX = 16;
  private static final int TRAILER_BYTES_MAX = 64;

  private final ChunkDecoder decoder = new ChunkDecoder(EXTENSION_BYTES_MAX, TRAILER_BYTES_MAX);
  private final Fields trailers = new Fields(256, 4);
  private final StringBuilder content = new StringBuilder();
  private String kept = "";

  /** Reads pieces as a connection gives them: what is not consumed comes again. */
  private ChunkDecoder.Outcome decode(String... pieces) {
    decoder.begin(trailers);
    content.setLength(0);
    kept = "";
    ChunkDecoder.Outcome outcome = ChunkDecoder.Outcome.MORE;
    for (String piece : pieces) {
      ByteBuffer in = ByteBuffer.wrap((kept + piece).getBytes(ISO_8859_1));
      outcome = decoder.decode(in);
      while (outcome == ChunkDecoder.Outcome.DATA) {
        byte[] taken = new byte[decoder.available()];
        in.get(taken);
        decoder.taken(taken.length);
        content.append(new String(taken, ISO_8859_1));
        outcome = decoder.decode(in);
      }
      kept = ISO_8859_1.decode(in).toString();
    }
    return outcome;
  }

  /** In the tables ~ is CRLF, ^ is LF and &lt; is CR. */
  private static String bytes(String text) {
    return text.replace("~", "\r\n").replace('^', '\n').replace('<', '\r');
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "0~~|''",
        "1~a~0~~|a",
        "00a~0123456789~A;ext=1~abcdefghij~000~~|0123456789abcdefghij",
        "2 ;x~ab~0~~|ab",
        "2;a=\"b;c\"~ab~0;x~~|ab",
        "1~^~0~~|^"
      })
  void chunksAreJoined(String raw, String expected) {
    String text = bytes(raw);
    assertThat(decode(text + "rest")).isSameAs(ChunkDecoder.Outcome.END);
    assertThat(content.toString()).isEqualTo(bytes(expected));
    assertThat(kept).isEqualTo("rest");
    for (int at = 0; at <= text.length(); at++) {
      assertThat(decode(text.substring(0, at), text.substring(at)))
          .isSameAs(ChunkDecoder.Outcome.END);
      assertThat(content.toString()).isEqualTo(bytes(expected));
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "~|BAD_CHUNK_SIZE",
        "g~|BAD_CHUNK_SIZE",
        "0x2~|BAD_CHUNK_SIZE",
        "-2~|BAD_CHUNK_SIZE",
        "+2~|BAD_CHUNK_SIZE",
        "' 2~'|BAD_CHUNK_SIZE",
        "'2 ~'|BAD_CHUNK_SIZE",
        "2 2~|BAD_CHUNK_SIZE",
        "2^|BARE_LF",
        "2;a^b~|BARE_LF",
        "2<X|BARE_CR",
        "2;a\0~|BAD_CHUNK_EXTENSION",
        "7fffffffffffffff1~|CHUNK_TOO_LARGE",
        "8000000000000000~|CHUNK_TOO_LARGE",
        "00000000000000001~|CHUNK_TOO_LARGE",
        "2~abc~|BAD_CHUNK_END",
        "2~ab^|BARE_LF",
        "2~ab<x|BAD_CHUNK_END",
        "0~X-T 1~~|BAD_FIELD_NAME",
        "0~ X-T: 1~~|FOLDED_LINE",
        "0~X-T: 1^^|BARE_LF"
      })
  void whatIsNoChunkIsRefused(String raw, H1Error expected) {
    String text = bytes(raw);
    assertThat(decode(text)).isSameAs(ChunkDecoder.Outcome.ERROR);
    assertThat(decoder.error()).isSameAs(expected);
    for (int at = 0; at <= text.length(); at++) {
      decode(text.substring(0, at), text.substring(at));
      assertThat(decoder.error()).isSameAs(expected);
    }
  }

  @Test
  void largestChunkSizeIsTaken() {
    assertThat(decode("7fffffffffffffff\r\nab")).isSameAs(ChunkDecoder.Outcome.MORE);
    assertThat(content.toString()).isEqualTo("ab");
  }

  @Test
  @DisplayName("RFC 9112 7.1.1")
  void extensionsOfAMessageAreBoundedTogether() {
    assertThat(decode("1;1234567\r\na\r\n1;1234567\r\nb\r\n")).isSameAs(ChunkDecoder.Outcome.MORE);
    assertThat(decode("1;1234567\r\na\r\n1;12345678\r\nb\r\n"))
        .isSameAs(ChunkDecoder.Outcome.ERROR);
    assertThat(decoder.error()).isSameAs(H1Error.BAD_CHUNK_EXTENSION);
  }

  @Test
  @DisplayName("RFC 9110 6.5.1")
  void trailersAreReadAndWhatHasNoPlaceThereIsLeftOut() {
    assertThat(decode("0\r\nX-T: 1\r\nContent-Length: 9\r\nHost: h\r\nX-U:2\r\n\r\n"))
        .isSameAs(ChunkDecoder.Outcome.END);
    assertThat(trailers.toString()).isEqualTo("x-t: 1\nx-u: 2\n");
  }

  @Test
  void trailersAreBounded() {
    String fits = "X: " + "a".repeat(TRAILER_BYTES_MAX - 7) + "\r\n\r\n";
    assertThat(decode("0\r\n" + fits)).isSameAs(ChunkDecoder.Outcome.END);
    decode("0\r\nX" + fits);
    assertThat(decoder.error()).isSameAs(H1Error.HEAD_TOO_LARGE);
    decode("0\r\n" + "A: 1\r\n".repeat(5) + "\r\n");
    assertThat(decoder.error()).isSameAs(H1Error.TOO_MANY_FIELDS);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 9, 10, 15, 16, 255, 256, 65535, 65536, Integer.MAX_VALUE})
  void encodedSizeIsReadBack(int size) {
    ByteBuffer out = ByteBuffer.allocate(ChunkEncoder.HEAD_BYTES_MAX);
    ChunkEncoder.putHead(out, size);
    assertThat(out.position()).isEqualTo(ChunkEncoder.headBytes(size));
    String line = new String(out.array(), 0, out.position(), ISO_8859_1);
    assertThat(line).isEqualTo(Integer.toHexString(size) + "\r\n");
  }
}
