package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** How a client's connection ends: by its end, by a fault, by a timeout. */
class H1FrontMuxEndsTest extends FrontMuxScene {
  private static final long SECOND = 1_000_000_000L;

  // ---- the client's end

  @Test
  @DisplayName("scenario H1-5 a")
  void endAfterAWholeRequestIsAHalfClose() {
    host.receive("GET /slow HTTP/1.1\r\nHost: h\r\n\r\n");
    host.receiveEnd();
    assertThat(exchange(1).events).containsExactly("head GET /slow end");
    exchange(1).sendResponse(200, false, "content-length: 2");
    assertThat(exchange(1).send("ok", true)).isEqualTo(2);
    assertThat(host.take()).contains("connection: close").endsWith("ok");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  @DisplayName("scenario H1-5 c")
  void endWithinContentCutsTheExchange() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\nabcd");
    host.receiveEnd();
    assertThat(exchange(1).events)
        .containsExactly(
            "head POST /", "data abcd", "reset CONNECTION_CLOSED CLIENT_ABORT", "released");
    assertThat(host.closed).isEqualTo("gracefully CLIENT_ABORT");
  }

  @Test
  void endWithinAChunkCutsTheExchange() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n0\r\nX-T: 1\r\n");
    host.receiveEnd();
    assertThat(exchange(1).events)
        .containsExactly("head POST /", "reset CONNECTION_CLOSED CLIENT_ABORT", "released");
  }

  @Test
  void endBehindContentThatIsNotTakenWaits() {
    prepare = upper -> upper.appetite = 2;
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd");
    host.receiveEnd();
    assertThat(exchange(1).events).containsExactly("head POST /", "data ab");
    exchange(1).eat(9);
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcd end");
  }

  @Test
  @DisplayName("scenario H1-5 d")
  void resetOfTheConnectionCutsTheExchange() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    host.die(ResetCode.CONNECTION_RESET, CloseCause.CLIENT_ABORT);
    assertThat(exchange(1).events)
        .containsExactly("head GET / end", "reset CONNECTION_RESET CLIENT_ABORT", "released");
    assertThat(exchange(1).send("x", true)).isZero();
  }

  @Test
  void endOfAnIdleConnectionClosesIt() {
    host.receiveEnd();
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(host.take()).isEmpty();
    assertThat(rejected).isEmpty();
  }

  @Test
  void endWithinAHeadIsAnsweredAndRecorded() {
    host.receive("GET / HTTP/1.1\r\nHost");
    host.receiveEnd();
    assertThat(host.take()).startsWith("HTTP/1.1 400 ");
    assertThat(rejected).containsExactly("400 CLIENT_ABORT");
  }

  @Test
  void connectionLostWithinAHeadIsRecorded() {
    host.receive("GET / HTTP/1.1\r\nHost");
    host.die(ResetCode.CONNECTION_RESET, CloseCause.CLIENT_ABORT);
    assertThat(rejected).containsExactly("0 CLIENT_ABORT");
  }

  // ---- faults

  @ParameterizedTest
  @ValueSource(
      strings = {
        "GET / HTTP/2.0\r\n\r\n|505",
        "GET / HTTP/1.1\r\n\r\n|400",
        "\u0016\u0003\u0001\u0002|400",
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: gzip\r\n\r\n|501"
      })
  void malformedHeadIsAnsweredByItsStatus(String input) {
    String[] parts = input.split("\\|", -1);
    host.receive(parts[0]);
    assertThat(host.take()).startsWith("HTTP/1.1 " + parts[1] + " ");
    assertThat(rejected).containsExactly(parts[1] + " BAD_REQUEST");
    assertThat(host.closed).isEqualTo("gracefully BAD_REQUEST");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.BAD_REQUEST);
    assertThat(rejected).hasSize(1);
  }

  @Test
  void malformedContentIsAnsweredIfNothingElseWas() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n");
    assertThat(exchange(1).events)
        .containsExactly("head POST /", "reset PROTOCOL_ERROR BAD_REQUEST", "released");
    assertThat(host.take()).startsWith("HTTP/1.1 400 ");
    assertThat(host.closed).isEqualTo("gracefully BAD_REQUEST");
    assertThat(rejected).isEmpty();
  }

  @Test
  void malformedContentBehindAnAnswerEndsTheConnection() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    exchange(1).sendResponse(200, false);
    host.take();
    host.receive("zz\r\n");
    assertThat(exchange(1).events).endsWith("reset PROTOCOL_ERROR BAD_REQUEST", "released");
    assertThat(host.take()).isEmpty();
    assertThat(host.closed).isEqualTo("gracefully BAD_REQUEST");
  }

  @Test
  void resetByTheHandlerEndsTheConnection() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("abc", false);
    exchange(1).reset(ResetCode.CONNECTION_CLOSED);
    assertThat(exchange(1).events).containsExactly("head GET / end", "released");
    assertThat(host.closed).isEqualTo("gracefully SERVER_ABORT");
    assertThat(host.take()).endsWith("3\r\nabc\r\n");
  }

  @Test
  void cutOfContentThatEndsWithTheConnectionIsNoRegularEnd() {
    host.receive("GET / HTTP/1.0\r\n\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("abc", false);
    exchange(1).reset(ResetCode.CONNECTION_CLOSED);
    assertThat(host.closed).startsWith("now ");
  }

  @Test
  void contentShorterThanItsLengthEndsTheConnection() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false, "content-length: 5");
    exchange(1).send("abc", true);
    assertThat(host.closed).startsWith("gracefully ");
    assertThat(exchanges).hasSize(1);
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void contentLongerThanItsLengthIsNotSent() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false, "content-length: 2");
    exchange(1).send("abc", true);
    assertThat(host.take()).endsWith("\r\n\r\n");
    assertThat(host.closed).isEqualTo("now INTERNAL_ERROR");
    host.die(ResetCode.CONNECTION_CLOSED, CloseCause.INTERNAL_ERROR);
    assertThat(exchange(1).events).endsWith("reset CONNECTION_CLOSED INTERNAL_ERROR", "released");
  }

  @Test
  void usedUpReserveGivesTheConnectionUp() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    host.reserve = 3;
    exchange(1).sendResponse(200, true);
    assertThat(host.closed).isEqualTo("now RESOURCE_LIMIT");
  }

  @Test
  void callsAfterTheReleaseHaveNoEffect() {
    host.receive("GET /1 HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(204, true);
    host.receive("GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
    host.take();
    exchange(1).sendResponse(200, true);
    exchange(1).reset(ResetCode.CANCEL);
    exchange(1).sendEnd();
    exchange(1).stream().resume();
    assertThat(exchange(1).send("x", true)).isZero();
    assertThat(host.take()).isEmpty();
    assertThat(host.closed).isEmpty();
    assertThat(exchange(2).events).containsExactly("head GET /2 end");
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "data", "end"})
  void handlerMayResetWithinAnyCallback(String when) {
    prepare =
        upper -> {
          Runnable reset = () -> upper.reset(ResetCode.CANCEL);
          switch (when) {
            case "head" -> upper.onHead = reset;
            case "data" -> {
              upper.onData = reset;
              upper.appetite = 1;
            }
            default -> upper.onEnd = reset;
          }
        };
    host.receive(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nab\r\n0\r\n\r\n");
    assertThat(exchange(1).events).endsWith("released").doesNotContain("reset");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  // ---- time

  @Test
  void headThatDoesNotComeInTimeIsAnsweredBy408() {
    host.advance(9 * SECOND);
    host.receive("GET / HTTP/1.1\r\n");
    host.advance(9 * SECOND);
    host.receive("X: ");
    assertThat(host.closed).isEmpty();
    host.advance(2 * SECOND);
    assertThat(host.take()).startsWith("HTTP/1.1 408 Request Timeout\r\n");
    assertThat(rejected).containsExactly("408 CLIENT_TIMEOUT");
    assertThat(host.closed).isEqualTo("gracefully CLIENT_TIMEOUT");
  }

  @Test
  void connectionWithoutARequestIsClosedSilently() {
    host.advance(11 * SECOND);
    assertThat(host.closed).isEqualTo("gracefully IDLE_TIMEOUT");
    assertThat(host.take()).isEmpty();
    assertThat(rejected).isEmpty();
  }

  @Test
  void idleConnectionIsKeptForTheKeepAliveTime() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    host.advance(100 * SECOND);
    exchange(1).sendResponse(204, true);
    host.advance(29 * SECOND);
    assertThat(host.closed).isEmpty();
    host.advance(2 * SECOND);
    assertThat(host.closed).isEqualTo("gracefully IDLE_TIMEOUT");
  }

  @Test
  void runningExchangeHasNoTimerOfTheMux() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\nGET /part");
    assertThat(host.armedTimers()).isZero();
    host.advance(1000 * SECOND);
    assertThat(host.closed).isEmpty();
  }
}
