package dev.sluice.mux.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.mux.h2.protocol.H2Options;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class H2BackMuxTest {
  private static final String[] NO_FIELDS = {};

  private final FakeHost host = new FakeHost(Side.BACK);
  private final WirePeer server = new WirePeer();
  private final H2BackMux mux = new H2BackMux(host, H2Options.defaults());

  H2BackMuxTest() {
    host.install(mux);
  }

  private void ready(int... settings) {
    host.receive(server.settings(settings));
    host.receive(server.settingsAck());
    sent();
  }

  private List<String> sent() {
    return server.read(host.take());
  }

  private Upper attach() {
    Upper upper = new Upper(host);
    StreamEndpoint endpoint = new StreamEndpoint(upper);
    assertThat(mux.attach(endpoint)).isTrue();
    upper.stream = Objects.requireNonNull(endpoint.stream());
    return upper;
  }

  private Upper request(String method, boolean end, String... fields) {
    Upper upper = attach();
    upper.sendRequest(method, "/a", end, fields);
    return upper;
  }

  private void respond(int id, boolean end, String... fields) {
    host.receive(server.headers(id, end, fields));
  }

  // ---- exchanges

  @Test
  void requestIsSentAndItsResponseEndsTheExchange() {
    Upper upper = request("GET", true, NO_FIELDS);
    assertThat(sent())
        .containsExactly(
            "preface",
            "SETTINGS 2=0 4=65536 6=19584",
            "WINDOW_UPDATE 0 16711681",
            "HEADERS 1 [:method=GET, :scheme=https, :authority=h:80, :path=/a] ES");
    ready();
    respond(1, false, ":status", "103", "link", "</a>");
    respond(1, false, ":status", "200");
    host.receive(server.data(1, "hello", true));
    assertThat(upper.events).containsExactly("head 103", "head 200", "data hello end", "released");
    assertThat(mux.openStreams()).isZero();
    assertThat(host.capacityChanges).isPositive();
    assertThat(host.closed).isEmpty();
  }

  @Test
  void uploadPassesWithTrailers() {
    ready();
    Upper upper = request("POST", false, NO_FIELDS);
    upper.send("abc", false);
    upper.sendTrailers("x-sum", "1");
    respond(1, true, ":status", "204");
    assertThat(sent())
        .containsExactly(
            "HEADERS 1 [:method=POST, :scheme=https, :authority=h:80, :path=/a]",
            "DATA 1 3",
            "HEADERS 1 [x-sum=1] ES");
    assertThat(upper.events).containsExactly("head 204 end", "released");
  }

  @Test
  void responseBeforeTheEndOfTheUploadEndsTheExchange() {
    ready();
    Upper upper = request("POST", false, NO_FIELDS);
    sent();
    respond(1, true, ":status", "413");
    assertThat(upper.events).containsExactly("head 413 end", "released");
    assertThat(sent()).containsExactly("RST_STREAM 1 CANCEL");
  }

  @Test
  @DisplayName("RFC 9113 8.1: a whole response is not lost by the reset after it")
  void resetAfterTheResponseIsNotTold() {
    ready();
    Upper upper = request("POST", false, NO_FIELDS);
    upper.appetite = 0;
    respond(1, false, ":status", "413");
    host.receive(server.data(1, "big", true));
    host.receive(server.rst(1, H2ErrorCode.NO_ERROR));
    assertThat(upper.events).containsExactly("head 413");
    upper.eat(10);
    assertThat(upper.events).containsExactly("head 413", "data big end", "released");
  }

  @Test
  void contentThatIsNotTakenWaits() {
    ready();
    Upper slow = request("GET", true, NO_FIELDS);
    Upper fast = request("GET", true, NO_FIELDS);
    slow.appetite = 1;
    respond(1, false, ":status", "200");
    respond(3, false, ":status", "200");
    host.receive(server.data(1, "abc", true));
    host.receive(server.data(3, "def", true));
    assertThat(fast.events).containsExactly("head 200", "data def end", "released");
    assertThat(slow.events).containsExactly("head 200", "data a");
    slow.eat(2);
    assertThat(slow.events).containsExactly("head 200", "data abc end", "released");
  }

  // ---- capacity

  @Test
  @DisplayName("H2-5: ten before SETTINGS, then what they allow")
  void capacityFollowsSettings() {
    assertThat(mux.availableStreams()).isEqualTo(10);
    ready(Settings.MAX_CONCURRENT_STREAMS, 2);
    assertThat(host.capacityChanges).isPositive();
    assertThat(mux.availableStreams()).isEqualTo(2);
    Upper first = request("GET", true, NO_FIELDS);
    attach();
    assertThat(mux.availableStreams()).isZero();
    StreamEndpoint refused = new StreamEndpoint(new Upper(host));
    assertThat(mux.attach(refused)).isFalse();
    assertThat(refused.stream()).isNull();
    int before = host.capacityChanges;
    respond(1, true, ":status", "200");
    assertThat(first.events).endsWith("released");
    assertThat(mux.availableStreams()).isEqualTo(1);
    assertThat(host.capacityChanges).isGreaterThan(before);
  }

  @Test
  void refusedStreamMayBeSentElsewhere() {
    ready();
    Upper upper = request("POST", true, NO_FIELDS);
    host.receive(server.rst(1, H2ErrorCode.REFUSED_STREAM));
    assertThat(upper.events).containsExactly("reset REFUSED SERVER_REFUSED", "released");
  }

  @Test
  @DisplayName("CM5: GOAWAY refuses what is beyond it, and lets the rest end")
  void goAwayIsObeyed() {
    ready();
    Upper first = request("GET", true, NO_FIELDS);
    Upper second = request("POST", true, NO_FIELDS);
    Upper third = attach();
    host.receive(server.goAway(1, H2ErrorCode.NO_ERROR));
    assertThat(mux.availableStreams()).isZero();
    assertThat(second.events).containsExactly("reset REFUSED SERVER_REFUSED", "released");
    assertThat(third.events).containsExactly("reset REFUSED SERVER_REFUSED", "released");
    assertThat(host.closed).isEmpty();
    respond(1, true, ":status", "200");
    assertThat(first.events).containsExactly("head 200 end", "released");
    assertThat(host.closed).isEqualTo("gracefully IDLE_CLOSED");
  }

  @Test
  void drainLetsStreamsEnd() {
    ready();
    Upper upper = request("GET", true, NO_FIELDS);
    sent();
    mux.drain();
    host.settle();
    assertThat(sent()).containsExactly("GOAWAY 0 NO_ERROR");
    assertThat(mux.availableStreams()).isZero();
    respond(1, true, ":status", "200");
    assertThat(upper.events).endsWith("released");
    assertThat(host.closed).isEqualTo("gracefully DRAINING");
  }

  @Test
  void streamThatIsGivenUpBeforeItsHeadLeavesNoTrace() {
    ready();
    Upper upper = attach();
    upper.reset(ResetCode.CANCEL);
    assertThat(sent()).isEmpty();
    assertThat(upper.events).containsExactly("released");
    request("GET", true, NO_FIELDS);
    assertThat(sent()).hasSize(1).first().asString().startsWith("HEADERS 1 ");
  }

  // ---- ends

  @Test
  void cancelledRequestIsReset() {
    ready();
    Upper upper = request("GET", true, NO_FIELDS);
    sent();
    upper.reset(ResetCode.CANCEL);
    assertThat(sent()).containsExactly("RST_STREAM 1 CANCEL");
    assertThat(upper.events).containsExactly("released");
    respond(1, true, ":status", "200", "x-late", "kept");
    assertThat(host.closed).isEmpty();
  }

  @Test
  void endOfTheServerIsTold() {
    ready();
    Upper waiting = request("GET", true, NO_FIELDS);
    Upper begun = request("GET", true, NO_FIELDS);
    respond(3, false, ":status", "200");
    host.receiveEnd();
    assertThat(waiting.events)
        .containsExactly("reset CONNECTION_CLOSED EMPTY_RESPONSE", "released");
    assertThat(begun.events)
        .containsExactly("head 200", "reset CONNECTION_CLOSED SERVER_ABORT", "released");
    assertThat(host.closed).isEqualTo("gracefully IDLE_CLOSED");
    assertThat(mux.availableStreams()).isZero();
  }

  @Test
  void endOfAnIdleServerCloses() {
    ready();
    host.receiveEnd();
    assertThat(host.closed).isEqualTo("gracefully IDLE_CLOSED");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.IDLE_CLOSED);
  }

  @Test
  void brokenServerEndsAllStreams() {
    ready();
    Upper upper = request("GET", true, NO_FIELDS);
    sent();
    host.receive(server.headers(2, true, ":status", "200"));
    assertThat(sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    assertThat(upper.events).containsExactly("reset PROTOCOL_ERROR BAD_RESPONSE", "released");
    assertThat(host.closed).isEqualTo("gracefully BAD_RESPONSE");
  }

  @Test
  void somethingElseThanHttp2IsNoticed() {
    Upper upper = request("GET", true, NO_FIELDS);
    host.receive("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    assertThat(upper.events).hasSize(2).first().asString().startsWith("reset PROTOCOL_ERROR");
    assertThat(host.closed).isEqualTo("gracefully BAD_RESPONSE");
  }

  @Test
  void settingsThatAreNotAcknowledgedEndTheConnection() {
    Upper upper = request("GET", true, NO_FIELDS);
    host.receive(server.settings());
    host.advance(11_000_000_000L);
    assertThat(host.closed).isEqualTo("gracefully SERVER_TIMEOUT");
    assertThat(upper.events).containsExactly("reset CONNECTION_CLOSED SERVER_TIMEOUT", "released");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.SERVER_TIMEOUT);
  }

  @Test
  void malformedResponseIsTold() {
    ready();
    Upper upper = request("GET", true, NO_FIELDS);
    respond(1, true, ":status", "101");
    assertThat(upper.events).containsExactly("reset PROTOCOL_ERROR BAD_RESPONSE", "released");
  }

  // ---- tunnels

  @Test
  @DisplayName("H2-6: an upgrade to websocket is extended CONNECT, once the server allows it")
  void websocketIsBridged() {
    Upper upper = attach();
    upper.sendRequest(
        "GET",
        "/ws",
        true,
        "protocol: websocket",
        "sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==",
        "sec-websocket-version: 13");
    assertThat(sent()).noneMatch(line -> line.startsWith("HEADERS"));
    host.receive(server.settings(Settings.ENABLE_CONNECT_PROTOCOL, 1));
    assertThat(sent())
        .contains(
            "HEADERS 1 [:method=CONNECT, :protocol=websocket, :scheme=https, :authority=h:80,"
                + " :path=/ws, sec-websocket-version=13]");
    respond(1, false, ":status", "200", "sec-websocket-protocol", "p");
    assertThat(upper.events).containsExactly("head 101");
    assertThat(upper.response.protocol()).isEqualTo("websocket");
    // The sample of RFC 6455 1.3.
    assertThat(upper.response.fields().value("sec-websocket-accept"))
        .isEqualTo("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=");
    upper.send("abc", false);
    host.receive(server.data(1, "def", true));
    assertThat(upper.events).containsExactly("head 101", "data def end");
    upper.sendEnd();
    assertThat(sent()).containsExactly("DATA 1 3", "DATA 1 0 ES");
    assertThat(upper.events).endsWith("released");
  }

  @Test
  void websocketIsRefusedWhereTheServerDoesNotAllowIt() {
    ready();
    Upper upper = attach();
    upper.sendRequest("GET", "/ws", true, "protocol: websocket");
    assertThat(sent()).isEmpty();
    assertThat(upper.events)
        .containsExactly("reset HTTP_1_1_REQUIRED NO_COMMON_PROTOCOL", "released");
  }

  @Test
  void refusedUpgradeIsAnOrdinaryResponse() {
    ready(Settings.ENABLE_CONNECT_PROTOCOL, 1);
    Upper upper = attach();
    upper.sendRequest("GET", "/ws", true, "protocol: websocket");
    sent();
    respond(1, false, ":status", "403");
    host.receive(server.data(1, "no", true));
    assertThat(upper.events).containsExactly("head 403", "data no end", "released");
    assertThat(sent()).containsExactly("RST_STREAM 1 CANCEL");
  }

  @Test
  void otherUpgradesAreNotAskedFor() {
    ready();
    Upper upper = attach();
    upper.sendRequest("GET", "/a", true, "protocol: irc");
    assertThat(sent())
        .containsExactly("HEADERS 1 [:method=GET, :scheme=https, :authority=h:80, :path=/a] ES");
    respond(1, true, ":status", "200");
    assertThat(upper.events).containsExactly("head 200 end", "released");
  }

  @Test
  void connectIsATunnel() {
    ready();
    Upper upper = request("CONNECT", true, NO_FIELDS);
    assertThat(upper.send("early", false)).isZero();
    assertThat(sent()).containsExactly("HEADERS 1 [:method=CONNECT, :authority=h:80]");
    respond(1, false, ":status", "200");
    assertThat(upper.send("abc", true)).isEqualTo(3);
    host.receive(server.data(1, "def", false));
    assertThat(upper.events).containsExactly("head 200", "data def");
    host.receive(server.data(1, "", true));
    assertThat(upper.events).containsExactly("head 200", "data def", "end", "released");
  }
}
