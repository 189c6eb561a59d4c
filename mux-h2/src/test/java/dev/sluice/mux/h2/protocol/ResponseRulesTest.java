package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.WirePeer;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("requests that we send, and their responses (RFC 9113 8)")
class ResponseRulesTest {
  private final Rig rig = Rig.ready(Side.BACK);

  @Test
  void requestIsSentWithItsParts() {
    rig.request("GET", true, "accept", "*/*");
    rig.request("BREW", false);
    assertThat(rig.sent())
        .containsExactly(
            "HEADERS 1 [:method=GET, :scheme=https, :authority=h, :path=/, accept=*/*] ES",
            "HEADERS 3 [:method=BREW, :scheme=https, :authority=h, :path=/]");
  }

  @Test
  @DisplayName("H2-3: fields of a hop never leave, even if somebody left them in")
  void fieldsOfAHopAreNotSent() {
    rig.request(
        "GET",
        true,
        "Connection",
        "X-Hop",
        "Keep-Alive",
        "timeout=5",
        "Upgrade",
        "h2c",
        "Transfer-Encoding",
        "chunked",
        "TE",
        "trailers",
        "X-Keep",
        "1");
    assertThat(rig.sent())
        .containsExactly(
            "HEADERS 1 [:method=GET, :scheme=https, :authority=h, :path=/, te=trailers, x-keep=1]"
                + " ES");
  }

  @Test
  @DisplayName("RFC 9113 8.5, RFC 8441 4: CONNECT, plain and extended")
  void connectIsSentInItsForm() {
    RequestHead plain = new RequestHead(1000, 10);
    plain.setMethod("CONNECT");
    plain.setAuthority("h:443");
    rig.protocol.sendRequest(rig.protocol.open(), plain, false);
    RequestHead extended = new RequestHead(1000, 10);
    extended.setMethod("CONNECT");
    extended.setProtocol("websocket");
    extended.setScheme("https");
    extended.setAuthority("h");
    extended.setPath("/ws");
    rig.protocol.sendRequest(rig.protocol.open(), extended, false);
    assertThat(rig.sent())
        .containsExactly(
            "HEADERS 1 [:method=CONNECT, :authority=h:443]",
            "HEADERS 3 [:method=CONNECT, :protocol=websocket, :scheme=https, :authority=h,"
                + " :path=/ws]");
    assertThat(rig.protocol.peerConnectProtocol()).isFalse();
    rig.settings(8, 1);
    assertThat(rig.protocol.peerConnectProtocol()).isTrue();
  }

  @Test
  void largeHeadGoesOutInContinuations() {
    List<String> fields = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      fields.addAll(List.of("x-" + i, "\u00ff".repeat(8000)));
    }
    StreamRecord stream = rig.protocol.open();
    RequestHead head = new RequestHead(100_000, 100);
    head.setScheme("http");
    head.setAuthority("h");
    head.setPath("/");
    for (int i = 0; i < fields.size(); i += 2) {
      head.fields().add(fields.get(i), fields.get(i + 1));
    }
    rig.protocol.sendRequest(stream, head, true);
    List<String> sent = rig.sent();
    assertThat(sent).hasSize(1);
    assertThat(sent.get(0).length()).isGreaterThan(48_000);
    assertThat(sent.get(0).endsWith("ES")).isTrue();
  }

  @Test
  void responseIsToldWithInterimHeadsBefore() {
    rig.request("GET", true);
    rig.headers(1, false, ":status", "103", "link", "</a>")
        .headers(1, false, ":status", "100")
        .headers(1, false, ":status", "200", "content-length", "5")
        .data(1, "hello", true);
    assertThat(rig.told())
        .containsExactly(
            "response 1 103 link=</a>",
            "response 1 100",
            "response 1 200 content-length=5",
            "data 1 5 end");
    assertThat(rig.stream(1).state()).isSameAs(StreamState.ENDED);
  }

  @ParameterizedTest(name = "{0}")
  @CsvSource(
      delimiter = '|',
      value = {
        "no status              | 1 | server x",
        "two digits             | 1 | :status 20",
        "four digits            | 1 | :status 2000",
        "no digits              | 1 | :status abc",
        "zero                   | 1 | :status 000",
        "101                    | 0 | :status 101",
        "status twice           | 1 | :status 200;:status 200",
        "late                   | 1 | a b;:status 200",
        "request's pseudo-field | 1 | :status 200;:path /",
        "informational end      | 1 | :status 103",
        "connection             | 1 | :status 200;connection close",
        "upper case             | 1 | :status 200;X-A b",
        "length without content | 1 | :status 200;content-length 5"
      })
  void malformedResponseIsAStreamError(String why, int end, String fields) {
    rig.request("GET", true);
    rig.sent();
    List<String> all = new ArrayList<>();
    for (String field : fields.split(";", -1)) {
      int blank = field.indexOf(' ');
      all.add(field.substring(0, blank));
      all.add(field.substring(blank + 1));
    }
    rig.raw(
        FrameType.HEADERS,
        FrameFlags.END_HEADERS | end,
        1,
        WirePeer.literalBlock(all.toArray(new String[0])));
    assertThat(rig.sent()).as(why).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    assertThat(rig.told()).hasSize(1).first().asString().startsWith("reset 1 PROTOCOL_ERROR: ");
  }

  @Test
  @DisplayName("H2-1: Set-Cookie is never joined")
  void setCookieStaysInLines() {
    rig.request("GET", true);
    rig.headers(1, true, ":status", "200", "set-cookie", "a=1", "set-cookie", "b=2");
    assertThat(rig.told()).containsExactly("response 1 200 set-cookie=a=1 set-cookie=b=2 end");
  }

  @ParameterizedTest
  @CsvSource({"HEAD, 200", "GET, 204", "GET, 304"})
  @DisplayName("H1-2, RFC 9113 8.1.1: responses without content may state a length")
  void responseWithoutContentMayHaveALength(String method, String status) {
    rig.request(method, true);
    rig.headers(1, true, ":status", status, "content-length", "5");
    assertThat(rig.told()).containsExactly("response 1 " + status + " content-length=5 end");
    rig.request(method, true);
    rig.headers(3, false, ":status", status, "content-length", "5").data(3, 0, true);
    assertThat(rig.told()).containsExactly("response 3 " + status + " content-length=5", "end 3");
    rig.request(method, true);
    rig.sent();
    rig.headers(5, false, ":status", status, "content-length", "5").data(5, 5, true);
    assertThat(rig.sent()).containsExactly("RST_STREAM 5 PROTOCOL_ERROR");
  }

  @Test
  void contentOfAnotherLengthIsAStreamError() {
    rig.request("GET", true);
    rig.headers(1, false, ":status", "200", "content-length", "5").data(1, 4, true);
    assertThat(rig.told())
        .last()
        .isEqualTo("reset 1 PROTOCOL_ERROR: content of another length than content-length");
  }

  @Test
  void contentBeforeTheHeadIsAStreamError() {
    rig.request("GET", true);
    rig.sent();
    rig.headers(1, false, ":status", "103").data(1, 5, false);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    rig.release(1);
    assertThat(rig.protocol.receiveWindow().unread()).isZero();
  }

  @Test
  void trailersEndAResponse() {
    rig.request("GET", true);
    rig.headers(1, false, ":status", "200").headers(1, true, "grpc-status", "0");
    assertThat(rig.told()).containsExactly("response 1 200", "trailers 1 grpc-status=0");
  }

  @Test
  void trailersAreSent() {
    rig.request("POST", false);
    Fields trailers = new Fields(100, 10);
    trailers.add("X-Sum", "abc");
    rig.protocol.send(rig.stream(1), ByteBuffer.allocate(3), false);
    rig.protocol.sendTrailers(rig.stream(1), trailers);
    rig.protocol.sendTrailers(rig.stream(1), trailers);
    rig.protocol.sendEnd(rig.stream(1));
    rig.request("POST", false);
    rig.protocol.sendTrailers(rig.stream(3), new Fields(100, 10));
    assertThat(rig.sent())
        .containsExactly(
            "HEADERS 1 [:method=POST, :scheme=https, :authority=h, :path=/]",
            "DATA 1 3",
            "HEADERS 1 [x-sum=abc] ES",
            "HEADERS 3 [:method=POST, :scheme=https, :authority=h, :path=/]",
            "DATA 3 0 ES");
  }

  @Test
  void interimHeadsAreBounded() {
    rig.request("GET", true);
    rig.sent();
    for (int i = 0; i < 33; i++) {
      rig.headers(1, false, ":status", "102");
    }
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 ENHANCE_YOUR_CALM");
  }

  @Test
  void tooLargeAResponseIsAStreamError() {
    Rig small = Rig.ready(Side.BACK, H2Options.defaults().withHeads(500, 10));
    small.request("GET", true);
    small.sent();
    small.headers(1, true, ":status", "200", "x", "v".repeat(2000));
    assertThat(small.sent()).containsExactly("RST_STREAM 1 CANCEL");
    assertThat(small.told()).containsExactly("reset 1 CANCEL: fields larger than the limit");
  }

  @Test
  @DisplayName("RFC 9113 8.1: a server that has answered may not want the rest of the request")
  void resetAfterTheWholeResponseIsTold() {
    rig.request("POST", false);
    rig.headers(1, true, ":status", "413").rst(1, H2ErrorCode.NO_ERROR);
    assertThat(rig.told()).containsExactly("response 1 413 end", "reset 1 NO_ERROR by peer");
    assertThat(rig.send(1, 10, true)).isZero();
  }

  @Test
  void pushIsAConnectionError() {
    rig.request("GET", true);
    rig.sent();
    rig.raw(FrameType.PUSH_PROMISE, FrameFlags.END_HEADERS, 1, new byte[] {0, 0, 0, 2});
    assertThat(rig.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
  }

  @Test
  void streamsOfTheServerDoNotExist() {
    rig.headers(2, true, ":status", "200");
    assertThat(rig.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    Rig unasked = Rig.ready(Side.BACK);
    unasked.headers(1, true, ":status", "200");
    assertThat(unasked.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
  }
}
