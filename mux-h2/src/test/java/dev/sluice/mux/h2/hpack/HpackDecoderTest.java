package dev.sluice.mux.h2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("HPACK decoder (RFC 7541)")
class HpackDecoderTest {
  private static final int LIST_BYTES_MAX = 16384;

  private final FieldList fields = new FieldList();
  private final HpackDecoder decoder = new HpackDecoder(4096, LIST_BYTES_MAX);

  @Test
  @DisplayName("RFC 7541 C.2")
  void singleFieldsOfEachRepresentationDecode() {
    assertThat(decode("400a 6375 7374 6f6d 2d6b 6579 0d63 7573 746f 6d2d 6865 6164 6572"))
        .containsExactly("custom-key: custom-header");
    assertThat(decoder.tableSize()).isEqualTo(55);
    assertThat(decode("040c 2f73 616d 706c 652f 7061 7468")).containsExactly(":path: /sample/path");
    assertThat(decode("1008 7061 7373 776f 7264 0673 6563 7265 74"))
        .containsExactly("!password: secret");
    assertThat(decode("82")).containsExactly(":method: GET");
    assertThat(decoder.tableSize()).isEqualTo(55);
  }

  @Test
  @DisplayName("RFC 7541 C.3: requests without Huffman")
  void requestsDecode() {
    assertThat(decode("8286 8441 0f77 7777 2e65 7861 6d70 6c65 2e63 6f6d"))
        .containsExactly(
            ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
    assertThat(decoder.tableSize()).isEqualTo(57);
    assertThat(decode("8286 84be 5808 6e6f 2d63 6163 6865"))
        .containsExactly(
            ":method: GET",
            ":scheme: http",
            ":path: /",
            ":authority: www.example.com",
            "cache-control: no-cache");
    assertThat(decoder.tableSize()).isEqualTo(110);
    assertThat(decode("8287 85bf 400a 6375 7374 6f6d 2d6b 6579 0c63 7573 746f 6d2d 7661 6c75 65"))
        .containsExactly(
            ":method: GET",
            ":scheme: https",
            ":path: /index.html",
            ":authority: www.example.com",
            "custom-key: custom-value");
    assertThat(decoder.tableSize()).isEqualTo(164);
  }

  @Test
  @DisplayName("RFC 7541 C.4: requests with Huffman")
  void huffmanCodedRequestsDecode() {
    assertThat(decode("8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff"))
        .containsExactly(
            ":method: GET", ":scheme: http", ":path: /", ":authority: www.example.com");
    assertThat(decode("8286 84be 5886 a8eb 1064 9cbf"))
        .endsWith(":authority: www.example.com", "cache-control: no-cache");
    assertThat(decode("8287 85bf 4088 25a8 49e9 5ba9 7d7f 8925 a849 e95b b8e8 b4bf"))
        .endsWith(":authority: www.example.com", "custom-key: custom-value");
    assertThat(decoder.tableSize()).isEqualTo(164);
  }

  @Test
  @DisplayName("RFC 7541 C.6: responses with Huffman and eviction in a table of 256")
  void responsesDecodeWithEviction() {
    HpackDecoder small = new HpackDecoder(256, LIST_BYTES_MAX);
    String first =
        "4882 6402 5885 aec3 771a 4b61 96d0 7abe 9410 54d4 44a8 2005 9504 0b81 66e0 82a6"
            + "2d1b ff6e 919d 29ad 1718 63c7 8f0b 97c8 e9ae 82ae 43d3";
    assertThat(decode(small, first))
        .containsExactly(
            ":status: 302",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    assertThat(small.tableSize()).isEqualTo(222);
    assertThat(decode(small, "4883 640e ffc1 c0bf"))
        .containsExactly(
            ":status: 307",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:21 GMT",
            "location: https://www.example.com");
    String third =
        "88c1 6196 d07a be94 1054 d444 a820 0595 040b 8166 e084 a62d 1bff c05a 839b d9ab"
            + "77ad 94e7 821d d7f2 e6c7 b335 dfdf cd5b 3960 d5af 2708 7f36 72c1 ab27 0fb5 291f"
            + "9587 3160 65c0 03ed 4ee5 b106 3d50 07";
    assertThat(decode(small, third))
        .containsExactly(
            ":status: 200",
            "cache-control: private",
            "date: Mon, 21 Oct 2013 20:13:22 GMT",
            "location: https://www.example.com",
            "content-encoding: gzip",
            "set-cookie: foo=ASDJKHQKBZXOQWEOPIUAXQWEOIU; max-age=3600; version=1");
    assertThat(small.tableSize()).isEqualTo(215);
  }

  @Test
  void anySplitOfABlockDecodesTheSame() {
    byte[] block =
        Bytes.ofHex(
            "3fe11f 8286 8441 8cf1 e3c2 e5f2 3a6b a0ab 90f4 ff 4003 782d 61 00 1003 782d62 01ff");
    List<String> whole = decode(new HpackDecoder(4096, LIST_BYTES_MAX), Bytes.hex(block));
    for (int first = 0; first <= block.length; first++) {
      for (int second = first; second <= block.length; second++) {
        HpackDecoder fresh = new HpackDecoder(4096, LIST_BYTES_MAX);
        assertThat(fresh.decode(block, 0, first, fields)).isSameAs(HpackStatus.OK);
        assertThat(fresh.decode(block, first, second, fields)).isSameAs(HpackStatus.OK);
        assertThat(fresh.decode(block, second, block.length, fields)).isSameAs(HpackStatus.OK);
        assertThat(fresh.endBlock()).isSameAs(HpackStatus.OK);
        assertThat(fields.take()).isEqualTo(whole);
      }
    }
  }

  @Test
  void indexBeyondThePrefixIsReadInSteps() {
    assertThat(decode("0f11 0161")).containsExactly("cookie: a");
  }

  @ParameterizedTest(name = "{0}: {1}")
  @CsvSource(
      delimiter = '|',
      value = {
        "80                   | INDEX_INVALID         | index 0 (6.1)",
        "be                   | INDEX_INVALID         | one beyond the static table, dynamic empty",
        "7f00                 | INDEX_INVALID         | name index 63 in an empty table",
        "ff808080808000       | INTEGER_TOO_LARGE     | more than four continuation bytes",
        "ffffffffff7f         | INTEGER_TOO_LARGE     | value above 2^28",
        "007fffffffffff7f     | INTEGER_TOO_LARGE     | length of a name",
        "0001617fffffffffff7f | INTEGER_TOO_LARGE     | length of a value",
        "00016184ffffffff     | HUFFMAN_EOS           | EOS in the string (5.2)",
        "00016182ffff         | HUFFMAN_PADDING       | 16 bits of padding (5.2)",
        "000161811e           | HUFFMAN_PADDING       | padding that is not ones (5.2)",
        "82 20                | SIZE_UPDATE_MISPLACED | update after a field (4.2)",
        "3fe21f               | SIZE_UPDATE_TOO_LARGE | 4,097 with a limit of 4,096 (6.3)",
        "3f                   | TRUNCATED             | within an integer",
        "00                   | TRUNCATED             | before the name",
        "000161               | TRUNCATED             | before the value",
        "0001610262           | TRUNCATED             | within the value"
      })
  void malformedBlockIsAnError(String hex, HpackStatus expected, String why) {
    byte[] block = Bytes.ofHex(hex);
    assertThat(outcome(new HpackDecoder(4096, LIST_BYTES_MAX), block, block.length))
        .as(why)
        .isSameAs(expected);
    assertThat(outcome(new HpackDecoder(4096, LIST_BYTES_MAX), block, 1))
        .as("byte by byte: " + why)
        .isSameAs(expected);
  }

  @Test
  @DisplayName("RFC 7541 4.2: several size updates may begin a block")
  void sizeUpdatesAtTheBeginningAreFollowed() {
    decode("4001 6101 62");
    assertThat(decode("20 3fe11f 82")).containsExactly(":method: GET");
    assertThat(decoder.tableSize()).isZero();
  }

  @Test
  @DisplayName("RFC 9113 4.3.1: a lowered limit has to be followed at once")
  void blockThatDoesNotFollowALoweredLimitIsAnError() {
    decoder.tableSizeLimit(100);
    assertThat(outcome(decoder, Bytes.ofHex("82"), 1)).isSameAs(HpackStatus.SIZE_UPDATE_MISSING);
    HpackDecoder other = new HpackDecoder(4096, LIST_BYTES_MAX);
    other.tableSizeLimit(100);
    assertThat(decode(other, "3f45 82")).containsExactly(":method: GET");
    assertThat(decode(other, "82")).containsExactly(":method: GET");
  }

  @Test
  @DisplayName("RFC 7541 4.2: a limit that was low in between counts too")
  void limitLoweredAndRaisedAgainNeedsAnUpdate() {
    decoder.tableSizeLimit(0);
    decoder.tableSizeLimit(4096);
    assertThat(outcome(decoder, Bytes.ofHex("82"), 1)).isSameAs(HpackStatus.SIZE_UPDATE_MISSING);
  }

  @Test
  @DisplayName("RFC 7541 4.4: an entry larger than the table empties it, and is no error")
  void entryLargerThanTheTableEmptiesIt() {
    HpackDecoder small = new HpackDecoder(64, LIST_BYTES_MAX);
    decode(small, "4001 6101 62");
    assertThat(small.tableSize()).isEqualTo(34);
    String value = "61".repeat(40);
    assertThat(decode(small, "4001 6128" + value)).containsExactly("a: " + "a".repeat(40));
    assertThat(small.tableSize()).isZero();
  }

  @Test
  @DisplayName("RFC 7541 4.4: the name may come from the entry that is evicted for the new one")
  void nameOfAnEvictedEntryIsKept() {
    HpackDecoder small = new HpackDecoder(64, LIST_BYTES_MAX);
    decode(small, "4003 78787801 62");
    assertThat(decode(small, "7e 1c" + "62".repeat(28))).containsExactly("xxx: " + "b".repeat(28));
    assertThat(small.tableSize()).isEqualTo(63);
    assertThat(decode(small, "be")).containsExactly("xxx: " + "b".repeat(28));
  }

  @Test
  void tooLargeAListIsDecodedToItsEndSoThatTheTableStaysEqual() {
    HpackDecoder strict = new HpackDecoder(4096, 100);
    String large = "4001 6150" + "62".repeat(0x50);
    byte[] block = Bytes.ofHex("82" + large + "4001 6301 64");
    assertThat(strict.decode(block, 0, block.length, fields)).isSameAs(HpackStatus.OK);
    assertThat(strict.listTooLarge()).isTrue();
    assertThat(strict.endBlock()).isSameAs(HpackStatus.OK);
    assertThat(fields.take()).containsExactly(":method: GET");
    assertThat(decode(strict, "be")).containsExactly("c: d");
    assertThat(strict.listTooLarge()).isFalse();
    assertThat(strict.tableSize()).isEqualTo(0x50 + 1 + 32 + 34);
  }

  @Test
  void fieldBeyondBothLimitsIsReadOverAndEmptiesTheTable() {
    for (String tail : List.of(raw(5000), huffman(5000))) {
      HpackDecoder strict = new HpackDecoder(4096, 100);
      decode(strict, "4001 6101 62");
      byte[] block = Bytes.ofHex("4001 61" + tail + "4001 6301 64");
      for (int i = 0; i < block.length; i++) {
        assertThat(strict.decode(block, i, i + 1, fields)).isSameAs(HpackStatus.OK);
      }
      assertThat(strict.listTooLarge()).isTrue();
      assertThat(strict.endBlock()).isSameAs(HpackStatus.OK);
      assertThat(fields.take()).isEmpty();
      assertThat(strict.tableSize()).isEqualTo(34);
      assertThat(decode(strict, "be")).containsExactly("c: d");
    }
  }

  @Test
  void listOfExactlyTheLimitPasses() {
    HpackDecoder strict = new HpackDecoder(4096, 42);
    assertThat(decode(strict, "82")).containsExactly(":method: GET");
    assertThat(strict.endBlock()).isSameAs(HpackStatus.OK);
    HpackDecoder stricter = new HpackDecoder(4096, 41);
    byte[] block = Bytes.ofHex("82");
    assertThat(stricter.decode(block, 0, 1, fields)).isSameAs(HpackStatus.OK);
    assertThat(stricter.listTooLarge()).isTrue();
  }

  @Test
  void tableSurvivesManyRoundsThroughItsRing() {
    HpackEncoder encoder = new HpackEncoder(4096);
    for (int i = 0; i < 5000; i++) {
      List<String> expected = new ArrayList<>();
      encoder.beginBlock();
      for (int k = 0; k < 3; k++) {
        String name = "x-" + (i * 7 + k) % 301;
        String value = "v".repeat((i * 13 + k * 5) % 97);
        FieldText.add(encoder, name, value);
        expected.add(name + ": " + value);
      }
      assertThat(decoder.decode(encoder.block(), 0, encoder.length(), fields))
          .isSameAs(HpackStatus.OK);
      assertThat(decoder.endBlock()).isSameAs(HpackStatus.OK);
      assertThat(fields.take()).isEqualTo(expected);
      assertThat(decoder.tableSize()).isLessThanOrEqualTo(4096);
    }
  }

  private static String raw(int length) {
    HpackIntegers out = new HpackIntegers();
    return out.hex(0, 7, length) + "62".repeat(length);
  }

  private static String huffman(int length) {
    byte[] text = Bytes.ofText("b".repeat(length));
    byte[] coded = new byte[Huffman.encodedLength(text, 0, length)];
    Huffman.encode(text, 0, length, coded, 0);
    HpackIntegers out = new HpackIntegers();
    return out.hex(0x80, 7, coded.length) + Bytes.hex(coded);
  }

  private List<String> decode(String hex) {
    return decode(decoder, hex);
  }

  private List<String> decode(HpackDecoder with, String hex) {
    byte[] block = Bytes.ofHex(hex);
    assertThat(outcome(with, block, block.length)).isSameAs(HpackStatus.OK);
    return fields.take();
  }

  private HpackStatus outcome(HpackDecoder with, byte[] block, int step) {
    for (int at = 0; at < block.length; at += step) {
      HpackStatus status = with.decode(block, at, Math.min(block.length, at + step), fields);
      if (status != HpackStatus.OK) {
        return status;
      }
    }
    return with.endBlock();
  }
}
