package dev.sluice.core.message;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class RulesTest {
  private final Fields fields = new Fields(4096, 512);

  // ---- hop-by-hop

  @Test
  @DisplayName("RFC 9110 7.6.1, scenario H2-3")
  void fieldsOfOneHopAreRemoved() {
    add("connection", "keep-alive, X-Hop, TE");
    add("keep-alive", "timeout=5");
    add("proxy-connection", "keep-alive");
    add("x-hop", "1");
    add("te", "trailers, gzip");
    add("upgrade", "h2c");
    add("http2-settings", "AAA");
    add("transfer-encoding", "chunked");
    add("x-keep", "1");

    assertThat(HopByHop.strip(fields)).isTrue();

    assertThat(fields.toString()).isEqualTo("x-keep: 1\nte: trailers\n");
  }

  @Test
  void connectionCannotTakeWhatTheProxyReliesOn() {
    add("x-forwarded-for", "192.0.2.1");
    add("connection", "Host, Content-Length, X-Forwarded-For, x-other");
    add("host", "h");
    add("content-length", "2");
    add("X-Other", "1");
    add("x-OTHER", "2");

    assertThat(HopByHop.strip(fields)).isTrue();

    assertThat(fields.toString())
        .isEqualTo("x-forwarded-for: 192.0.2.1\nhost: h\ncontent-length: 2\n");
  }

  @Test
  void severalConnectionLinesAreAllRead() {
    add("x-a", "1");
    add("connection", "x-a");
    add("x-b", "1");
    add("connection", "connection, x-b,,");
    add("x-c", "1");

    assertThat(HopByHop.strip(fields)).isTrue();

    assertThat(fields.toString()).isEqualTo("x-c: 1\n");
  }

  @Test
  void tooManyConnectionOptionsAreRefused() {
    add("connection", "a,".repeat(HopByHop.CONNECTION_OPTIONS_MAX));
    assertThat(HopByHop.strip(fields)).isTrue();

    fields.clear();
    add("connection", "a,".repeat(HopByHop.CONNECTION_OPTIONS_MAX + 1));
    assertThat(HopByHop.strip(fields)).isFalse();
  }

  @Test
  @DisplayName("RFC 9110 6.5.1")
  void trailersLoseWhatHasNoPlaceThere() {
    add("x-t", "1");
    add("content-length", "9");
    add("transfer-encoding", "chunked");
    add("host", "evil");
    add("authorization", "x");
    add("grpc-status", "0");

    HopByHop.stripTrailers(fields);

    assertThat(fields.toString()).isEqualTo("x-t: 1\ngrpc-status: 0\n");
  }

  // ---- lengths

  @ParameterizedTest
  @CsvSource({"0,0", "4,4", "0004,4", "9223372036854775807,9223372036854775807"})
  @DisplayName("RFC 9110 8.6")
  void lengthIsInDecimalDigits(String value, long length) {
    add("content-length", value);
    assertThat(BodyLength.normalize(fields)).isEqualTo(length);
    assertThat(fields.toString()).isEqualTo("content-length: " + length + "\n");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "+4",
        "-4",
        "4 4",
        "",
        "9223372036854775808",
        "99999999999999999999",
        "0x4",
        "4;",
        "4,",
        ",4",
        "4,,4",
        "4,5"
      })
  void whatIsNoLengthIsRefused(String value) {
    add("content-length", value);
    assertThat(BodyLength.normalize(fields)).isEqualTo(BodyLength.INVALID);
  }

  @Test
  @DisplayName("RFC 9112 6.3")
  void equalLengthsAreMergedAndOthersRefused() {
    assertThat(BodyLength.normalize(fields)).isEqualTo(BodyLength.UNKNOWN);
    add("content-length", "4, 4");
    add("content-length", "04");
    assertThat(BodyLength.normalize(fields)).isEqualTo(4);
    assertThat(fields.toString()).isEqualTo("content-length: 4\n");
    add("content-length", "5");
    assertThat(BodyLength.normalize(fields)).isEqualTo(BodyLength.INVALID);
  }

  // ---- cookies

  @Test
  @DisplayName("RFC 9113 8.2.3, scenario H2-1")
  void splitCookiesAreJoinedInOrder() {
    add("cookie", "a=1");
    add("x-a", "1");
    add("cookie", "b=2; c=3");
    add("cookie", "d=");

    assertThat(Cookies.join(fields)).isTrue();

    assertThat(fields.toString()).isEqualTo("cookie: a=1; b=2; c=3; d=\nx-a: 1\n");
    assertThat(fields.byteCount()).isEqualTo(6 + 17 + 4);
  }

  @Test
  void manyCookiesAreJoinedWithinTheBound() {
    Fields narrow = new Fields(200 * 10, 512);
    for (int i = 0; i < 200; i++) {
      assertThat(narrow.add("cookie", "a=" + i % 10)).isTrue();
    }
    assertThat(Cookies.join(narrow)).isTrue();
    assertThat(narrow.size()).isEqualTo(1);
    assertThat(narrow.byteCount()).isEqualTo(6 + 200 * 3 + 199 * 2);
  }

  @Test
  void oneCookieOrNoneStaysAsItIs() {
    assertThat(Cookies.join(fields)).isTrue();
    add("cookie", "a=1");
    add("set-cookie", "b=2");
    add("set-cookie", "c=3");
    assertThat(Cookies.join(fields)).isTrue();
    assertThat(fields.toString()).isEqualTo("cookie: a=1\nset-cookie: b=2\nset-cookie: c=3\n");
  }

  // ---- authority

  @ParameterizedTest
  @ValueSource(
      strings = {
        "h",
        "h:80",
        "h:",
        "a-b_c.example",
        "[::1]",
        "[2001:db8::1]:443",
        "1.2.3.4:1",
        "%41b",
        "h:65535"
      })
  void hostWithOptionalPortIsAuthority(String text) {
    assertThat(valid(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "", ":80", "u@h", "u:p@h", "h/evil", "h?q", "h#f", "h h", "h:8a", "h:65536", "h:-1", "[::1",
        "[]", "[::1]x", "::1", "h,i:1:2", "%4", "%zz", "h\\", "\u00e4"
      })
  @DisplayName("RFC 9112 3.2, RFC 9110 4.2.4")
  void anythingElseIsNone(String text) {
    assertThat(valid(text)).isFalse();
  }

  @Test
  void hostAndPortAreToldApart() {
    byte[] literal = "[::1]:8443".getBytes(ISO_8859_1);
    assertThat(Authority.hostLength(literal, 0, literal.length)).isEqualTo(5);
    assertThat(Authority.port(literal, 0, literal.length)).isEqualTo(8443);
    byte[] bare = "[::1]".getBytes(ISO_8859_1);
    assertThat(Authority.hostLength(bare, 0, bare.length)).isEqualTo(5);
    assertThat(Authority.port(bare, 0, bare.length)).isEqualTo(-1);
    byte[] empty = "h:".getBytes(ISO_8859_1);
    assertThat(Authority.port(empty, 0, empty.length)).isEqualTo(-1);
    assertThat(Authority.isValidWithPort(empty, 0, empty.length)).isFalse();
    assertThat(Authority.isValidWithPort(literal, 0, literal.length)).isTrue();
  }

  // ---- bytes

  @Test
  @DisplayName("RFC 9110 5.1, 5.5, 5.6.2")
  void bytesHaveTheirPlaces() {
    String token = "!#$%&'*+-.^_`|~0123456789abcXYZ";
    for (int c = 0; c < 256; c++) {
      boolean letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z');
      assertThat(FieldSyntax.isTokenByte((byte) c)).isEqualTo(letter || token.indexOf(c) >= 0);
      assertThat(FieldSyntax.isValueByte((byte) c))
          .isEqualTo(c == '\t' || (c >= 0x20 && c != 0x7f));
      assertThat(FieldSyntax.isTargetByte((byte) c)).isEqualTo(c > 0x20 && c < 0x7f && c != '#');
    }
  }

  private static boolean valid(String text) {
    byte[] bytes = ("<" + text + ">").getBytes(ISO_8859_1);
    return Authority.isValid(bytes, 1, bytes.length - 2);
  }

  private void add(String name, String value) {
    byte[] nameBytes = name.getBytes(ISO_8859_1);
    byte[] bytes = value.getBytes(ISO_8859_1);
    assertThat(fields.add(nameBytes, 0, nameBytes.length, bytes, 0, bytes.length)).isTrue();
  }
}
