package dev.sluice.mux.h2.hpack;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

@DisplayName("HPACK encoder (RFC 7541)")
class HpackEncoderTest {
  private final HpackEncoder encoder = new HpackEncoder(4096);
  private final HpackDecoder decoder = new HpackDecoder(4096, 65536);
  private final FieldList fields = new FieldList();

  @Test
  void fieldsOfTheStaticTableAreOneByte() {
    assertThat(encode(":method", "GET", ":scheme", "https", ":path", "/", ":status", "404"))
        .isEqualTo("8287848d");
    assertThat(encode("accept-encoding", "gzip, deflate")).isEqualTo("90");
  }

  @Test
  @DisplayName("the Huffman form is used where it is shorter, and only there (RFC 7541 5.2)")
  void huffmanIsUsedWhereShorter() {
    assertThat(encode(":authority", "www.example.com")).isEqualTo("018cf1e3c2e5f23a6ba0ab90f4ff");
    assertThat(encode(":path", "\\\\")).isEqualTo("04025c5c");
  }

  @Test
  void unknownNameIsIndexedAtOnceAndThenReferredTo() {
    assertThat(encode("x-custom", "abc")).startsWith("40");
    assertThat(encode("x-custom", "abc")).isEqualTo("be");
  }

  @Test
  void valueThatDoesNotRepeatLeavesTheTableAlone() {
    encode("x-request", "first");
    for (int i = 0; i < 500; i++) {
      String hex = encode("x-request", "value-" + i);
      assertThat(hex).startsWith("0f2f"); // literal without indexing, name at 62
    }
    assertThat(encode("x-request", "first")).isEqualTo("be");
  }

  @Test
  void knownNameIsIndexedWhenTheFieldComesAgain() {
    assertThat(encode("user-agent", "curl")).startsWith("0f2b");
    assertThat(encode("user-agent", "curl")).startsWith("7a");
    assertThat(encode("user-agent", "curl")).isEqualTo("be");
  }

  @Test
  @DisplayName("RFC 7541 7.1.3: secrets are never indexed, and the mark goes along")
  void secretsAreNeverIndexed() {
    for (int i = 0; i < 3; i++) {
      assertThat(encode("authorization", "Basic Zm9v")).startsWith("1f08");
      assertThat(encode("proxy-authorization", "Basic Zm9v")).startsWith("1f22");
      assertThat(encode("cookie", "short=1")).startsWith("1f11");
    }
    assertThat(decoder.tableSize()).isZero();
    assertThat(fields.take()).allMatch(field -> field.startsWith("!"));
    encode("cookie", "session=0123456789abcdef");
    encode("cookie", "session=0123456789abcdef");
    assertThat(encode("cookie", "session=0123456789abcdef")).isEqualTo("be");
  }

  @Test
  @DisplayName("RFC 7541 6.2.3: what came marked is passed on marked")
  void markedFieldStaysMarked() {
    encode("x-token", "public");
    byte[] name = Bytes.ofText("x-token");
    byte[] value = Bytes.ofText("public");
    encoder.beginBlock();
    encoder.field(null, name, 0, name.length, value, 0, value.length, true);
    fields.take();
    assertThat(decodeBlock()).isSameAs(HpackStatus.OK);
    assertThat(fields.take()).containsExactly("!x-token: public");
  }

  @Test
  @DisplayName("RFC 9113 8.2.1: names are lower case on the wire")
  void namesAreSentInLowerCase() {
    encode("X-Custom", "A");
    encode("Content-Type", "Text");
    assertThat(fields.take()).containsExactly("x-custom: A", "content-type: Text");
  }

  @Test
  @DisplayName("RFC 7541 4.2: a new table size begins the next block")
  void tableSizeChangeIsSignalled() {
    encode("x-a", "1");
    encoder.peerTableSize(0);
    assertThat(encode(":method", "GET")).isEqualTo("2082");
    assertThat(encode("x-a", "1")).startsWith("00");
    encoder.peerTableSize(100);
    assertThat(encode(":method", "GET")).isEqualTo("3f4582");
    assertThat(encode(":method", "GET")).isEqualTo("82");
  }

  @Test
  @DisplayName("RFC 7541 4.2: the lowest size in between is signalled before the last")
  void lowestAndLastTableSizeAreSignalled() {
    encode("x-a", "1");
    encoder.peerTableSize(10);
    encoder.peerTableSize(20);
    encoder.peerTableSize(4096);
    assertThat(encode("x-a", "1")).startsWith("2a3fe11f40");
    assertThat(encode("x-a", "1")).isEqualTo("be");
  }

  @Test
  void tableNeverGrowsBeyondOurOwnBound() {
    encoder.peerTableSize(1 << 20);
    encoder.peerTableSize(-1);
    assertThat(encode(":method", "GET")).isEqualTo("82");
    HpackEncoder small = new HpackEncoder(128);
    small.beginBlock();
    FieldText.add(small, ":method", "GET");
    assertThat(hex(small)).isEqualTo("3f6182");
    HpackEncoder large = new HpackEncoder(16384);
    large.peerTableSize(-1);
    large.beginBlock();
    assertThat(hex(large)).isEqualTo("3fe17f");
  }

  @Test
  void entryOfMoreThanHalfTheTableIsNotIndexed() {
    String large = "v".repeat(2100);
    encode("x-large", large);
    encode("x-large", large);
    assertThat(encode("x-large", large)).startsWith("00");
  }

  @Test
  void manyNamesThroughManyTableSizesStayInStep() {
    int[] sizes = {4096, 0, 64, 1000, 33, 4096, 200};
    for (int i = 0; i < 3000; i++) {
      if (i % 50 == 0) {
        encoder.peerTableSize(sizes[i / 50 % sizes.length]);
      }
      String name = "x-" + i * 31 % 57;
      String value = "value" + i % 11;
      encode(name, value, "cookie", "a=" + i % 3);
      assertThat(fields.take()).containsExactly(name + ": " + value, "!cookie: a=" + i % 3);
    }
  }

  private String encode(String... namesAndValues) {
    encoder.beginBlock();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      FieldText.add(encoder, namesAndValues[i], namesAndValues[i + 1]);
    }
    assertThat(decodeBlock()).isSameAs(HpackStatus.OK);
    List<String> decoded = fields.fields;
    List<String> last = decoded.subList(decoded.size() - namesAndValues.length / 2, decoded.size());
    for (int i = 0; i < last.size(); i++) {
      String field = last.get(i);
      assertThat(field.startsWith("!") ? field.substring(1) : field)
          .isEqualToIgnoringCase(namesAndValues[2 * i] + ": " + namesAndValues[2 * i + 1]);
    }
    return hex(encoder);
  }

  private HpackStatus decodeBlock() {
    HpackStatus status = decoder.decode(encoder.block(), 0, encoder.length(), fields);
    return status == HpackStatus.OK ? decoder.endBlock() : status;
  }

  private static String hex(HpackEncoder encoder) {
    return Bytes.hex(Arrays.copyOf(encoder.block(), encoder.length()));
  }
}
