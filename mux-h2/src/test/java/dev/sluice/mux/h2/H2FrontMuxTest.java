package dev.sluice.mux.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.protocol.H2Options;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class H2FrontMuxTest {
  private static final long SECOND = 1_000_000_000L;
  private static final long DRAIN_PING = 0x736c_7569_6365_0001L;

  private final FakeHost host = new FakeHost(Side.FRONT);
  private final WirePeer client = new WirePeer();
  private final List<Upper> exchanges = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();
  private Consumer<Upper> prepare = upper -> {};
  private final H2FrontMux mux =
      new H2FrontMux(
          host,
          new StreamAcceptor() {
            @Override
            public StreamHandler accept(MuxStream stream) {
              assertThat(host.dispatching).isTrue();
              Upper upper = new Upper(host);
              upper.stream = stream;
              exchanges.add(upper);
              prepare.accept(upper);
              return upper;
            }

            @Override
            public void rejected(int status, CloseCause cause, String detail) {
              rejected.add(status + " " + cause);
            }
          },
          H2Options.defaults(),
          new SplittableRandom(1));

  H2FrontMuxTest() {
    host.install(mux);
    host.receive(client.preface());
    host.receive(client.settings());
    host.receive(client.settingsAck());
    sent();
  }

  private Upper exchange(int number) {
    return exchanges.get(number - 1);
  }

  private List<String> sent() {
    return client.read(host.take());
  }

  private void get(int id) {
    host.receive(
        client.headers(
            id, true, ":method", "GET", ":scheme", "https", ":authority", "h", ":path", "/a"));
  }

  private void post(int id) {
    host.receive(
        client.headers(
            id, false, ":method", "POST", ":scheme", "https", ":authority", "h", ":path", "/a"));
  }

  private void websocket(int id) {
    host.receive(
        client.headers(
            id,
            false,
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "https",
            ":authority",
            "h",
            ":path",
            "/ws",
            "sec-websocket-version",
            "13"));
  }

  // ---- exchanges

  @Test
  void requestIsToldAndItsResponseEndsTheExchange() {
    get(1);
    assertThat(exchange(1).events).containsExactly("head GET /a end");
    assertThat(mux.openStreams()).isEqualTo(1);
    exchange(1).sendResponse(200, false, "content-length: 2");
    assertThat(exchange(1).send("ok", true)).isEqualTo(2);
    assertThat(sent()).containsExactly("HEADERS 1 [:status=200, content-length=2]", "DATA 1 2 ES");
    assertThat(exchange(1).events).containsExactly("head GET /a end", "released");
    assertThat(mux.openStreams()).isZero();
    assertThat(host.closed).isEmpty();
  }

  @Test
  void connectionReadsTheSameByteByByte() {
    host.receiveByteByByte(
        client.headers(
            1, false, ":method", "POST", ":scheme", "https", ":authority", "h", ":path", "/"));
    host.receiveByteByByte(client.data(1, "abc", false));
    host.receiveByteByByte(client.headers(1, true, "x-sum", "1"));
    assertThat(exchange(1).events).containsExactly("head POST /", "data abc", "trailers x-sum: 1");
  }

  @Test
  void streamsAreAnsweredInAnyOrder() {
    get(1);
    get(3);
    post(5);
    assertThat(exchange(1).stream().firstOnConnection()).isTrue();
    assertThat(exchange(2).stream().firstOnConnection()).isFalse();
    assertThat(exchange(3).stream().number()).isEqualTo(5);
    exchange(2).sendResponse(204, true);
    exchange(1).sendResponse(200, true);
    assertThat(sent()).containsExactly("HEADERS 3 [:status=204] ES", "HEADERS 1 [:status=200] ES");
    assertThat(exchange(3).events).containsExactly("head POST /a");
    assertThat(mux.openStreams()).isEqualTo(1);
  }

  @Test
  void answerFromWithinTheHeadIsWritten() {
    prepare = upper -> upper.onHead = () -> upper.sendResponse(200, true);
    get(1);
    assertThat(sent()).containsExactly("HEADERS 1 [:status=200] ES");
    assertThat(exchange(1).events).containsExactly("head GET /a end", "released");
  }

  @Test
  void informationalHeadsPass() {
    get(1);
    exchange(1).sendResponse(103, false, "link: </a>");
    exchange(1).sendResponse(200, false);
    exchange(1).sendTrailers("x-sum", "abc");
    assertThat(sent())
        .containsExactly(
            "HEADERS 1 [:status=103, link=</a>]",
            "HEADERS 1 [:status=200]",
            "HEADERS 1 [x-sum=abc] ES");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  @DisplayName("H1-3: an early answer ends the exchange, and the rest of the upload is not wanted")
  void earlyAnswerCutsTheUpload() {
    post(1);
    host.receive(client.data(1, "some", false));
    exchange(1).sendResponse(413, false);
    exchange(1).send("big", true);
    assertThat(sent())
        .containsExactly("HEADERS 1 [:status=413]", "DATA 1 3 ES", "RST_STREAM 1 NO_ERROR");
    assertThat(exchange(1).events).containsExactly("head POST /a", "data some", "released");
    host.receive(client.data(1, "more", true));
    get(3);
    assertThat(exchange(2).events).containsExactly("head GET /a end");
    assertThat(host.closed).isEmpty();
  }

  // ---- back-pressure

  @Test
  void contentThatIsNotTakenIsOfferedAgainAndNothingElseWaits() {
    prepare = upper -> upper.appetite = 2;
    post(1);
    host.receive(client.data(1, "abcdef", false));
    assertThat(exchange(1).events).containsExactly("head POST /a", "data ab");
    host.receive(client.data(1, "ghi", true));
    host.receive(client.ping(false, 7));
    assertThat(sent()).containsExactly("PING 7 ACK");
    exchange(1).eat(5);
    assertThat(exchange(1).events).containsExactly("head POST /a", "data abcdefg");
    exchange(1).eat(100);
    assertThat(exchange(1).events).containsExactly("head POST /a", "data abcdefghi end");
  }

  @Test
  void trailersWaitForTheContentBeforeThem() {
    prepare = upper -> upper.appetite = 0;
    post(1);
    host.receive(client.data(1, "abc", false));
    host.receive(client.headers(1, true, "x-sum", "1"));
    assertThat(exchange(1).events).containsExactly("head POST /a");
    exchange(1).eat(100);
    assertThat(exchange(1).events).containsExactly("head POST /a", "data abc", "trailers x-sum: 1");
  }

  @Test
  void creditComesBackAsContentIsTaken() {
    prepare = upper -> upper.appetite = 0;
    post(1);
    byte[] piece = new byte[16_384];
    for (int i = 0; i < 4; i++) {
      host.receive(client.data(1, piece, false));
    }
    assertThat(sent()).isEmpty();
    exchange(1).eat(40_000);
    assertThat(sent()).hasSize(1).first().asString().startsWith("WINDOW_UPDATE 1 ");
  }

  @Test
  void resumeFromWithinTheCallThatRefusesDoesNotSpin() {
    prepare =
        upper -> {
          upper.appetite = 0;
          int[] calls = {0};
          upper.onData =
              () -> {
                if (++calls[0] < 20) {
                  upper.stream().resume();
                }
                if (calls[0] == 15) {
                  upper.appetite = 3;
                }
              };
        };
    post(1);
    host.receive(client.data(1, "abc", true));
    assertThat(exchange(1).events).containsExactly("head POST /a", "data abc end");
  }

  @Test
  void contentWaitsForRoomAndIsToldOfIt() {
    get(1);
    get(3);
    exchange(1).sendResponse(200, false);
    exchange(2).sendResponse(200, false);
    sent();
    host.room = 600;
    assertThat(exchange(1).send("x".repeat(1000), true)).isBetween(500, 600);
    assertThat(exchange(2).send("y".repeat(1000), true)).isZero();
    host.makeRoom(100_000);
    assertThat(exchange(1).events).endsWith("writable");
    assertThat(exchange(2).events).endsWith("writable");
  }

  @Test
  void contentWaitsForTheWindow() {
    get(1);
    exchange(1).sendResponse(200, false);
    Upper upper = exchange(1);
    ByteBuffer content = ByteBuffer.allocate(100_000);
    upper.onWritable = () -> upper.stream().send(content, true);
    host.room = 1 << 20;
    upper.stream().send(content, true);
    host.settle();
    sent();
    assertThat(client.dataRead(1)).isEqualTo(65_535);
    host.receive(client.windowUpdate(0, 100_000));
    host.receive(client.windowUpdate(1, 100_000));
    host.makeRoom(1 << 20);
    sent();
    assertThat(client.dataRead(1)).isEqualTo(100_000);
    assertThat(upper.events).endsWith("released");
  }

  // ---- resets

  @Test
  void resetOfTheClientIsTold() {
    post(1);
    host.receive(client.rst(1, H2ErrorCode.CANCEL));
    assertThat(exchange(1).events)
        .containsExactly("head POST /a", "reset CANCEL CLIENT_ABORT", "released");
    exchange(1).sendResponse(200, true);
    assertThat(sent()).isEmpty();
  }

  @Test
  void resetByTheHandlerIsSentAndOnlyTheReleaseIsTold() {
    post(1);
    exchange(1).reset(ResetCode.INTERNAL_ERROR);
    exchange(1).reset(ResetCode.CANCEL);
    assertThat(sent()).containsExactly("RST_STREAM 1 INTERNAL_ERROR");
    assertThat(exchange(1).events).containsExactly("head POST /a", "released");
    host.receive(client.data(1, "late", true));
    assertThat(host.closed).isEmpty();
  }

  @Test
  void resetFromWithinEachCallback() {
    prepare = upper -> upper.onHead = () -> upper.reset(ResetCode.CANCEL);
    get(1);
    assertThat(exchange(1).events).containsExactly("head GET /a end", "released");
    prepare = upper -> upper.onData = () -> upper.reset(ResetCode.CANCEL);
    post(3);
    host.receive(client.data(3, "abc", true));
    assertThat(exchange(2).events).containsExactly("head POST /a", "data abc end", "released");
    prepare = upper -> upper.onEnd = () -> upper.reset(ResetCode.CANCEL);
    post(5);
    host.receive(client.headers(5, true, "x", "y"));
    assertThat(exchange(3).events).containsExactly("head POST /a", "trailers x: y", "released");
    assertThat(mux.openStreams()).isZero();
  }

  @Test
  void resetWhileTheStreamIsBeingAccepted() {
    prepare = upper -> upper.stream().reset(ResetCode.CANCEL);
    get(1);
    assertThat(exchange(1).events).containsExactly("released");
    assertThat(sent()).containsExactly("RST_STREAM 1 CANCEL");
  }

  @Test
  void malformedContentIsTold() {
    host.receive(
        client.headers(
            1,
            false,
            ":method",
            "POST",
            ":scheme",
            "https",
            ":authority",
            "h",
            ":path",
            "/",
            "content-length",
            "2"));
    host.receive(client.data(1, "abc", true));
    assertThat(exchange(1).events)
        .containsExactly("head POST /", "reset PROTOCOL_ERROR BAD_REQUEST", "released");
    assertThat(sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
  }

  @Test
  void badRequestIsAnsweredWithoutAStream() {
    host.receive(client.headers(1, true, ":method", "GET", ":scheme", "https", ":path", "/"));
    assertThat(sent()).containsExactly("HEADERS 1 [:status=400] ES");
    assertThat(rejected).containsExactly("400 BAD_REQUEST");
    assertThat(exchanges).isEmpty();
  }

  @Test
  void lateCallsOfAnOldExchangeDoNotReachANewOne() {
    get(1);
    MuxStream old = exchange(1).stream();
    exchange(1).sendResponse(200, true);
    prepare =
        upper ->
            upper.onHead =
                () -> {
                  old.reset(ResetCode.CANCEL);
                  upper.sendResponse(204, true);
                };
    assertThat(exchange(1).events).endsWith("released");
    exchange(1).onReleased = () -> old.reset(ResetCode.CANCEL);
    sent();
  }

  // ---- tunnels

  @Test
  @DisplayName("H2-6: extended CONNECT is an upgrade above, and its 101 is 200 below")
  void websocketIsBridged() {
    websocket(1);
    assertThat(exchange(1).events).containsExactly("head GET /ws end");
    assertThat(exchange(1).request.protocol()).isEqualTo("websocket");
    host.receive(client.data(1, "early", false));
    assertThat(exchange(1).events).hasSize(1);
    String key = exchange(1).request.fields().value("sec-websocket-key");
    assertThat(key).hasSize(24);
    exchange(1)
        .sendResponse(
            101,
            false,
            "protocol: websocket",
            "sec-websocket-accept: " + WebSocketKey.acceptValue(key),
            "sec-websocket-protocol: p");
    assertThat(sent()).containsExactly("HEADERS 1 [:status=200, sec-websocket-protocol=p]");
    assertThat(exchange(1).events).containsExactly("head GET /ws end", "data early");
    exchange(1).send("abc", false);
    host.receive(client.data(1, "def", true));
    assertThat(exchange(1).events).containsExactly("head GET /ws end", "data earlydef end");
    assertThat(mux.openStreams()).isEqualTo(1);
    exchange(1).sendEnd();
    assertThat(sent()).containsExactly("DATA 1 3", "DATA 1 0 ES");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  @DisplayName("H2-6: a wrong answer to the key is a bad response")
  void wrongAnswerToTheKeyIsRefused() {
    websocket(1);
    exchange(1).sendResponse(101, false, "protocol: websocket", "sec-websocket-accept: wrong");
    assertThat(sent()).containsExactly("HEADERS 1 [:status=502] ES", "RST_STREAM 1 NO_ERROR");
    assertThat(exchange(1).events)
        .containsExactly("head GET /ws end", "reset PROTOCOL_ERROR BAD_RESPONSE", "released");
  }

  @Test
  void refusedWebsocketIsAnswered() {
    websocket(1);
    host.receive(client.data(1, "early", false));
    exchange(1).sendResponse(403, false);
    exchange(1).send("no", true);
    assertThat(sent())
        .containsExactly("HEADERS 1 [:status=403]", "DATA 1 2 ES", "RST_STREAM 1 NO_ERROR");
    assertThat(exchange(1).events).containsExactly("head GET /ws end", "released");
  }

  @Test
  void otherSuccessThanSwitchingIsNoTunnel() {
    websocket(1);
    exchange(1).sendResponse(200, false);
    assertThat(sent()).containsExactly("HEADERS 1 [:status=502] ES", "RST_STREAM 1 NO_ERROR");
    assertThat(exchange(1).events)
        .containsExactly("head GET /ws end", "reset PROTOCOL_ERROR BAD_RESPONSE", "released");
  }

  @Test
  void connectIsATunnelOnceItIsAccepted() {
    host.receive(client.headers(1, false, ":method", "CONNECT", ":authority", "h:443"));
    host.receive(client.data(1, "hello", false));
    assertThat(exchange(1).events).containsExactly("head CONNECT null end");
    exchange(1).sendResponse(200, false);
    assertThat(exchange(1).events).containsExactly("head CONNECT null end", "data hello");
    exchange(1).sendEnd();
    assertThat(exchange(1).events).doesNotContain("released");
    host.receive(client.data(1, "", true));
    assertThat(exchange(1).events).endsWith("end", "released");
  }

  @Test
  void switchingThatWasNotAskedForCutsTheStream() {
    get(1);
    exchange(1).sendResponse(101, false, "protocol: websocket");
    assertThat(sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
    assertThat(exchange(1).events).endsWith("released");
  }

  // ---- the connection's end

  @Test
  void drainIsDoneInTwoStepsAndThenCloses() {
    get(1);
    mux.drain();
    host.settle();
    assertThat(sent()).containsExactly("GOAWAY 2147483647 NO_ERROR", "PING 736c756963650001");
    get(3);
    host.receive(client.ping(true, DRAIN_PING));
    assertThat(sent()).containsExactly("GOAWAY 3 NO_ERROR");
    exchange(1).sendResponse(200, true);
    assertThat(host.closed).isEmpty();
    exchange(2).sendResponse(200, true);
    assertThat(host.closed).isEqualTo("gracefully DRAINING");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.DRAINING);
  }

  @Test
  void idleConnectionIsDrained() {
    host.advance(10 * SECOND);
    assertThat(sent()).startsWith("GOAWAY 2147483647 NO_ERROR");
    host.receive(client.ping(true, DRAIN_PING));
    assertThat(host.closed).isEqualTo("gracefully IDLE_TIMEOUT");
    assertThat(host.armedTimers()).isZero();
  }

  @Test
  void busyConnectionIsNotIdle() {
    get(1);
    host.advance(100 * SECOND);
    assertThat(host.closed).isEmpty();
    assertThat(sent()).isEmpty();
    exchange(1).sendResponse(200, true);
    host.advance(31 * SECOND);
    assertThat(sent()).contains("GOAWAY 2147483647 NO_ERROR");
  }

  @Test
  void blockThatIsNotCompletedInTimeEndsTheConnection() {
    get(1);
    host.receive(client.raw(1, 1, 3, new byte[0]));
    host.advance(11 * SECOND);
    assertThat(host.closed).isEqualTo("gracefully CLIENT_TIMEOUT");
    assertThat(exchange(1).events).endsWith("reset CONNECTION_CLOSED CLIENT_TIMEOUT", "released");
  }

  @Test
  void protocolErrorEndsAllStreams() {
    post(1);
    host.receive(client.windowUpdate(0, 0));
    assertThat(sent()).containsExactly("GOAWAY 1 PROTOCOL_ERROR");
    assertThat(host.closed).isEqualTo("gracefully BAD_REQUEST");
    assertThat(exchange(1).events)
        .containsExactly("head POST /a", "reset PROTOCOL_ERROR BAD_REQUEST", "released");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.BAD_REQUEST);
  }

  @Test
  void lostConnectionIsTold() {
    prepare = upper -> upper.appetite = 0;
    post(1);
    host.receive(client.data(1, "kept", false));
    host.die(ResetCode.CONNECTION_RESET, CloseCause.CLIENT_ABORT);
    assertThat(exchange(1).events)
        .containsExactly("head POST /a", "reset CONNECTION_RESET CLIENT_ABORT", "released");
  }

  @Test
  @DisplayName("a FIN after complete requests is a half-close")
  void endOfTheClientLeavesCompleteRequests() {
    get(1);
    post(3);
    host.receiveEnd();
    assertThat(exchange(1).events).containsExactly("head GET /a end");
    assertThat(exchange(2).events)
        .containsExactly("head POST /a", "reset CONNECTION_CLOSED CLIENT_ABORT", "released");
    exchange(1).sendResponse(200, true);
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void endOfAnIdleClientCloses() {
    host.receiveEnd();
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    host.die(ResetCode.NO_ERROR, CloseCause.COMPLETE);
  }

  @Test
  void outputWithoutReserveEndsTheConnection() {
    get(1);
    host.room = 0;
    host.reserve = 0;
    exchange(1).sendResponse(200, true);
    assertThat(host.closed).isEqualTo("now RESOURCE_LIMIT");
    assertThat(exchange(1).events).endsWith("reset INTERNAL_ERROR RESOURCE_LIMIT", "released");
  }

  @Test
  void streamsThatFindNoBufferAreCut() {
    prepare = upper -> upper.appetite = 0;
    for (int id = 1; id < 19; id += 2) {
      post(id);
      host.receive(client.data(id, "kept", false));
    }
    assertThat(exchange(9).events)
        .containsExactly("head POST /a", "reset INTERNAL_ERROR RESOURCE_LIMIT", "released");
    assertThat(exchange(8).events).containsExactly("head POST /a");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.CLIENT_ABORT);
  }
}
