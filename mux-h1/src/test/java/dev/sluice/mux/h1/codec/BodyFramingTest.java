package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** RFC 9112 6.3 and 9.3, row by row: what follows a head, and whether the connection lives on. */
class BodyFramingTest {
  private final H1RequestDecoder requests = new H1RequestDecoder(1024);
  private final H1ResponseDecoder responses = new H1ResponseDecoder(1024);

  @ParameterizedTest
  @DisplayName("RFC 9112 6.3, requests")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|1.1||NONE 0",
        "POST|1.1||NONE 0",
        "GET|1.1|Content-Length: 3|LENGTH 3",
        "POST|1.1|Content-Length: 0|LENGTH 0",
        "POST|1.1|Content-Length: 4, 4|LENGTH 4",
        "POST|1.1|Transfer-Encoding: chunked|CHUNKED -1",
        "POST|1.1|Transfer-Encoding: CHUNKED|CHUNKED -1",
        "POST|1.1|Transfer-Encoding: chunked;Content-Length: 4|LENGTH_AND_CODING",
        "POST|1.1|Transfer-Encoding: gzip, chunked|UNKNOWN_CODING",
        "POST|1.1|Transfer-Encoding: chunked, gzip|BAD_TRANSFER_ENCODING",
        "POST|1.1|Transfer-Encoding: chunked, chunked|BAD_TRANSFER_ENCODING",
        "POST|1.1|Transfer-Encoding: chunked;Transfer-Encoding: chunked|BAD_TRANSFER_ENCODING",
        "POST|1.1|Transfer-Encoding: , chunked|BAD_TRANSFER_ENCODING",
        "POST|1.1|Transfer-Encoding: identity|UNKNOWN_CODING",
        "POST|1.0|Transfer-Encoding: chunked|CODING_IN_HTTP_1_0",
        "POST|1.0|Content-Length: 4|LENGTH 4",
        "GET|1.0|Content-Length: 4|CONTENT_NOT_ALLOWED",
        "GET|1.0|Content-Length: 0|LENGTH 0",
        "CONNECT|1.1||NONE 0",
        "CONNECT|1.1|Content-Length: 0|LENGTH 0",
        "CONNECT|1.1|Content-Length: 4|CONTENT_NOT_ALLOWED",
        "CONNECT|1.1|Transfer-Encoding: chunked|CONTENT_NOT_ALLOWED",
        "POST|1.1|Content-Length: -1|BAD_CONTENT_LENGTH"
      })
  void requestIsFramedBy(String method, String version, String fields, String expected) {
    String target = method.equals("CONNECT") ? "h:1" : "/";
    requests.begin(new RequestHead(1024, 16));
    H1Decoder.Outcome outcome =
        requests.decode(bytes(method + " " + target, version, "Host: h" + with(fields)));
    judge(outcome, requests, expected);
  }

  @ParameterizedTest
  @DisplayName("RFC 9112 6.3, responses")
  @CsvSource(
      delimiter = '|',
      value = {
        "GET|200||UNTIL_CLOSE 0",
        "GET|200|Content-Length: 3|LENGTH 3",
        "GET|200|Content-Length: 0|LENGTH 0",
        "GET|200|Transfer-Encoding: chunked|CHUNKED -1",
        "GET|200|Transfer-Encoding: gzip|UNKNOWN_CODING",
        "GET|200|Transfer-Encoding: chunked;Content-Length: 3|LENGTH_AND_CODING",
        "GET|200|Content-Length: 3;Content-Length: 4|BAD_CONTENT_LENGTH",
        "HEAD|200|Content-Length: 3|NONE 0",
        "HEAD|200|Content-Length: x|BAD_CONTENT_LENGTH",
        "HEAD|200|Transfer-Encoding: chunked|NONE 0",
        "GET|204|Transfer-Encoding: chunked|NONE 0",
        "GET|304|Content-Length: 3|NONE 0",
        "GET|103||NONE 0",
        "GET|205|Content-Length: 0|LENGTH 0",
        "GET|101|Connection: upgrade;Upgrade: x|UNASKED_UPGRADE",
        "UPGRADE|101|Connection: upgrade;Upgrade: x|TUNNEL 0",
        "UPGRADE|101||UNASKED_UPGRADE",
        "CONNECT|200|Content-Length: 3|TUNNEL 0",
        "CONNECT|299||TUNNEL 0",
        "CONNECT|407|Content-Length: 3|LENGTH 3",
        "HEAD|404||NONE 0"
      })
  void responseIsFramedBy(String method, int status, String fields, String expected) {
    boolean upgrade = method.equals("UPGRADE");
    Method asked = upgrade ? Method.GET : Method.valueOf(method);
    responses.begin(new ResponseHead(1024, 16), asked, upgrade);
    String all = with(fields);
    String lines = all.isEmpty() ? "" : all.substring(2) + "\r\n";
    String raw = "HTTP/1.1 " + status + " R\r\n" + lines + "\r\n";
    judge(responses.decode(ByteBuffer.wrap(raw.getBytes(ISO_8859_1))), responses, expected);
  }

  @ParameterizedTest
  @DisplayName("RFC 9112 9.3")
  @CsvSource(
      delimiter = '|',
      value = {
        "1.1||true",
        "1.1|Connection: close|false",
        "1.1|Connection: x, CLOSE|false",
        "1.1|Connection: Keep-Alive, Close|false",
        "1.1|Connection: x;Connection: close|false",
        "1.1|Connection: closed|true",
        "1.0||false",
        "1.0|Connection: keep-alive|true",
        "1.0|Connection: keep-alive, close|false",
        "1.0|Keep-Alive: timeout=5|false"
      })
  void connectionLivesOnIfBothAreUsedToIt(String version, String fields, boolean lives) {
    requests.begin(new RequestHead(1024, 16));
    requests.decode(bytes("GET /", version, "Host: h" + with(fields)));
    assertThat(requests.framing().persistent()).isEqualTo(lives);
  }

  private static void judge(H1Decoder.Outcome outcome, H1Decoder decoder, String expected) {
    if (outcome == H1Decoder.Outcome.ERROR) {
      assertThat(decoder.error()).hasToString(expected);
    } else {
      BodyFraming framing = decoder.framing();
      assertThat(framing.kind() + " " + framing.length()).isEqualTo(expected);
    }
  }

  private static ByteBuffer bytes(String line, String version, String fields) {
    String raw = line + " HTTP/" + version + "\r\n" + fields + "\r\n\r\n";
    return ByteBuffer.wrap(raw.getBytes(ISO_8859_1));
  }

  private static String with(String fields) {
    return fields == null ? "" : "\r\n" + fields.replace(";", "\r\n");
  }
}
