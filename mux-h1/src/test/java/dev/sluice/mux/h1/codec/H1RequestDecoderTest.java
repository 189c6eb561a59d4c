package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.HttpVersion;
import dev.sluice.core.message.RequestHead;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class H1RequestDecoderTest {
  private static final int HEAD_BYTES_MAX = 256;

  private final H1RequestDecoder decoder = new H1RequestDecoder(HEAD_BYTES_MAX);
  private final RequestHead head = new RequestHead(1024, 6);

  private H1Decoder.Outcome decode(String text) {
    decoder.begin(head);
    return decoder.decode(ByteBuffer.wrap(text.getBytes(ISO_8859_1)));
  }

  private H1Error fault(String text) {
    assertThat(decode(text)).isSameAs(H1Decoder.Outcome.ERROR);
    return decoder.error();
  }

  // ---- targets (RFC 9112 3.2)

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "GET /,-,o,/",
        "GET /a/b?c=d&e=%20,-,o,/a/b?c=d&e=%20",
        "GET //x,-,o,//x",
        "OPTIONS *,-,o,*",
        "GET http://h,http,h,/",
        "GET HTTP://h:81/p?q,http,h:81,/p?q",
        "GET https://h?q=1,https,h,/?q=1",
        "OPTIONS http://h:8080,http,h:8080,*",
        "OPTIONS http://h/,http,h,/",
        "CONNECT h:443,-,h:443,-",
        "CONNECT [::1]:443,-,[::1]:443,-"
      })
  void targetOfEachFormIsTakenApart(String line, String scheme, String authority, String path) {
    assertThat(decode(line + " HTTP/1.1\r\nHost: o\r\n\r\n")).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(head.scheme()).isEqualTo(scheme);
    assertThat(head.authority()).isEqualTo(authority);
    assertThat(head.path()).isEqualTo(path);
    assertThat(head.fields().isEmpty()).as("Host is no field").isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET *", "GET foo", "GET ftp://h/", "GET http:/h", "GET http://", "GET http:///p",
        "GET http://u@h/", "GET http://h:x/", "GET :", "CONNECT /", "CONNECT h", "CONNECT h:",
        "CONNECT http://h:80/", "CONNECT u@h:80", "POST *"
      })
  void targetOfNoFormIsRefused(String line) {
    assertThat(fault(line + " HTTP/1.1\r\nHost: o\r\n\r\n")).isSameAs(H1Error.BAD_TARGET);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"GET /a#b", "GET /\u00e4", "GET /a\tb", "GET  /", "GET", "GET /a b", " GET /"})
  void lineThatIsNotThreePartsIsRefused(String line) {
    assertThat(fault(line + " HTTP/1.1\r\nHost: o\r\n\r\n"))
        .isIn(H1Error.BAD_REQUEST_LINE, H1Error.BAD_VERSION);
  }

  // ---- version (RFC 9112 2.3)

  @ParameterizedTest
  @CsvSource({"HTTP/1.0,HTTP_1_0", "HTTP/1.1,HTTP_1_1", "HTTP/1.2,HTTP_1_1", "HTTP/1.9,HTTP_1_1"})
  void minorVersionIsReadAsTheHighestKnown(String text, HttpVersion version) {
    assertThat(decode("GET / " + text + "\r\nHost: h\r\n\r\n")).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(head.version()).isSameAs(version);
  }

  @ParameterizedTest
  @CsvSource({
    "HTTP/2.0,VERSION_NOT_SUPPORTED",
    "HTTP/0.9,VERSION_NOT_SUPPORTED",
    "http/1.1,BAD_VERSION",
    "HTTP/1,BAD_VERSION",
    "HTTP/1.,BAD_VERSION",
    "HTTP/11.1,BAD_VERSION",
    "HTTP/a.b,BAD_VERSION",
    "HTTP/1.10,BAD_REQUEST_LINE",
    "HTTP/1.1 ,BAD_REQUEST_LINE"
  })
  void versionThatIsNoneIsRefused(String text, H1Error error) {
    String version = text.equals("HTTP/1.1") ? "HTTP/1.1 " : text;
    assertThat(fault("GET / " + version + "\r\nHost: h\r\n\r\n")).isSameAs(error);
  }

  // ---- limits

  @Test
  void headOfExactlyTheLimitIsTaken() {
    String head = "GET / HTTP/1.1\r\nHost: h\r\nX-A: ";
    String tail = "\r\n\r\n";
    String fill = "a".repeat(HEAD_BYTES_MAX - head.length() - tail.length());
    assertThat(decode(head + fill + tail)).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(fault(head + fill + "a" + tail)).isSameAs(H1Error.HEAD_TOO_LARGE);
    assertThat(decoder.errorPosition()).isEqualTo(HEAD_BYTES_MAX);
  }

  @Test
  void lineOfMoreThanTheLimitIsATargetTooLong() {
    assertThat(fault("GET /" + "a".repeat(HEAD_BYTES_MAX))).isSameAs(H1Error.TARGET_TOO_LONG);
    assertThat(decoder.error().status()).isEqualTo(414);
  }

  @Test
  void fieldsAreCounted() {
    String line = "GET / HTTP/1.1\r\nHost: h\r\n";
    assertThat(decode(line + "A: 1\r\n".repeat(5) + "\r\n")).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(fault(line + "A: 1\r\n".repeat(6) + "\r\n")).isSameAs(H1Error.TOO_MANY_FIELDS);
    assertThat(decoder.errorPosition()).isEqualTo(line.length() + 6L * 5);
  }

  @Test
  @DisplayName("RFC 9112 2.2")
  void emptyLinesBeforeARequestAreSkippedUpToALimit() {
    String request = "GET / HTTP/1.1\r\nHost: h\r\n\r\n";
    assertThat(decode("\r\n".repeat(H1RequestDecoder.EMPTY_LINES_MAX) + request))
        .isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(fault("\r\n".repeat(H1RequestDecoder.EMPTY_LINES_MAX + 1) + request))
        .isSameAs(H1Error.TOO_MANY_EMPTY_LINES);
    assertThat(fault("\n" + request)).isSameAs(H1Error.BARE_LF);
    assertThat(fault("\rX" + request)).isSameAs(H1Error.BARE_CR);
  }

  @Test
  void methodIsBounded() {
    String name = "M".repeat(H1RequestDecoder.METHOD_BYTES_MAX);
    assertThat(decode(name + " / HTTP/1.1\r\nHost: h\r\n\r\n")).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(head.methodName()).isEqualTo(name);
    assertThat(fault(name + "M / HTTP/1.1\r\nHost: h\r\n\r\n")).isSameAs(H1Error.METHOD_TOO_LONG);
  }

  // ---- what is noticed without the end of a line

  @Test
  void anotherProtocolIsNoticedByItsFirstBytes() {
    assertThat(fault("\u0016\u0003\u0001\u0002")).isSameAs(H1Error.BAD_REQUEST_LINE);
    assertThat(decoder.errorPosition()).isZero();
    assertThat(fault("GET / FTP")).isSameAs(H1Error.BAD_VERSION);
    assertThat(decoder.errorPosition()).isEqualTo(6);
  }

  @Test
  void positionOfAFaultCountsFromTheBeginOfTheHead() {
    assertThat(fault("GET / HTTP/1.1\r\nHost: h\r\nX-A: a\0b\r\n\r\n"))
        .isSameAs(H1Error.BAD_FIELD_VALUE);
    assertThat(decoder.errorPosition()).isEqualTo(16 + 9 + 6);
  }

  // ---- fields that are not fields above

  @Test
  void upgradeIsAMemberOfTheHead() {
    decode("GET / HTTP/1.1\r\nHost: h\r\nUpgrade: h2c, websocket\r\nConnection: upgrade\r\n\r\n");
    assertThat(head.protocol()).isEqualTo("websocket");
    assertThat(head.fields().isEmpty()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "Upgrade: h2c\r\nConnection: Upgrade, HTTP2-Settings\r\nHTTP2-Settings: AAA",
        "Upgrade: TLS/1.3\r\nConnection: upgrade",
        "Upgrade: HTTP/2.0\r\nConnection: upgrade",
        "Upgrade: websocket",
        "Upgrade: websocket\r\nConnection: close"
      })
  void upgradeOfTheHopOrNotNominatedGoesNoFurther(String fields) {
    decode("GET / HTTP/1.1\r\nHost: h\r\n" + fields + "\r\n\r\n");
    assertThat(head.hasProtocol()).isFalse();
    assertThat(head.fields().isEmpty()).isTrue();
  }

  @Test
  @DisplayName("RFC 9110 7.8, 10.1.1")
  void upgradeAndExpectationInHttp10AreIgnored() {
    decode(
        "POST / HTTP/1.0\r\nUpgrade: x\r\nConnection: upgrade\r\nExpect: 100-continue\r\n"
            + "Content-Length: 1\r\n\r\n");
    assertThat(head.hasProtocol()).isFalse();
    assertThat(head.expectsContinue()).isFalse();
  }

  @Test
  void emptyHostLeavesTheAuthorityAbsent() {
    assertThat(decode("GET / HTTP/1.1\r\nHost:\r\n\r\n")).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(head.authority()).isNull();
  }

  @Test
  void nextHeadIsReadFromWhereTheOneBeforeEnded() {
    byte[] raw =
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);
    ByteBuffer in = ByteBuffer.wrap(raw);
    decoder.begin(head);
    assertThat(decoder.decode(in)).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(head.path()).isEqualTo("/1");
    decoder.begin(head);
    assertThat(decoder.decode(in)).isSameAs(H1Decoder.Outcome.HEAD);
    assertThat(head.path()).isEqualTo("/2");
    assertThat(in.hasRemaining()).isFalse();
  }
}
