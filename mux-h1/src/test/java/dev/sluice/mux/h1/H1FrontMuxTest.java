package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** Exchanges on a client's connection, one after another. */
// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class H1FrontMuxTest extends FrontMuxScene {
  // ---- plain exchanges

  @Test
  void requestIsToldAndItsResponseEndsTheExchange() {
    host.receive("GET /a?b HTTP/1.1\r\nHost: h:1\r\nX-A: 1\r\n\r\n");
    assertThat(exchange(1).events).containsExactly("head GET /a?b end");
    assertThat(exchange(1).request.authority()).isEqualTo("h:1");
    assertThat(exchange(1).request.scheme()).isEqualTo("http");
    assertThat(mux.openStreams()).isEqualTo(1);

    exchange(1).sendResponse(200, false, "content-length: 2");
    assertThat(exchange(1).send("ok", true)).isEqualTo(2);

    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nok");
    assertThat(exchange(1).events).containsExactly("head GET /a?b end", "released");
    assertThat(mux.openStreams()).isZero();
    assertThat(host.closed).isEmpty();
  }

  @Test
  void secureConnectionMakesTheSchemeHttps() {
    host.secure = true;
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(exchange(1).request.scheme()).isEqualTo("https");
  }

  @Test
  void streamsOfOneConnectionAreNumberedAndTheFirstIsKnown() {
    for (int i = 1; i <= 3; i++) {
      host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
      assertThat(exchange(i).stream().number()).isEqualTo(i);
      assertThat(exchange(i).stream().firstOnConnection()).isEqualTo(i == 1);
      assertThat(exchange(i).stream().protocol()).isEqualTo("h1");
      exchange(i).sendResponse(204, true);
    }
    assertThat(host.take()).isEqualTo("HTTP/1.1 204 No Content\r\n\r\n".repeat(3));
  }

  @Test
  void contentIsOfferedWhereItLiesAndEndsWithItsLength() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    host.receive("def");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcdef end");
  }

  @Test
  void chunkedContentEndsWithItsTrailers() {
    host.receiveByteByByte(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3;x=y\r\nabc\r\n3\r\ndef\r\n0\r\nX-T: 1\r\nContent-Length: 9\r\n\r\n");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcdef", "trailers x-t: 1");
  }

  @Test
  void responseOfUnknownLengthIsChunked() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("hello", false);
    exchange(1).send("0123456789abcdefg", false);
    exchange(1).sendEnd();
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n"
                + "5\r\nhello\r\n11\r\n0123456789abcdefg\r\n0\r\n\r\n");
    assertThat(host.closed).isEmpty();
  }

  @Test
  void responseTrailersFollowTheLastChunk() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("x", false);
    exchange(1).sendTrailers("grpc-status", "0");
    assertThat(host.take()).endsWith("1\r\nx\r\n0\r\ngrpc-status: 0\r\n\r\n");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void trailersThatTheFramingCannotCarryAreLeftOut() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false, "content-length: 1");
    exchange(1).send("x", false);
    exchange(1).sendTrailers("grpc-status", "0");
    assertThat(host.take()).endsWith("content-length: 1\r\n\r\nx");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void emptyResponseOfUnknownLengthSaysZero() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, true);
    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  }

  @Test
  @DisplayName("scenario H1-2: messages without a body")
  void responsesWithoutContentKeepTheirLengthAndGetNoOther() {
    String[] expected = {
      "HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n",
      "HTTP/1.1 200 OK\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\ncontent-length: 5\r\n\r\n",
      "HTTP/1.1 304 Not Modified\r\n\r\n",
      "HTTP/1.1 204 No Content\r\n\r\n",
      "HTTP/1.1 205 Reset Content\r\ncontent-length: 0\r\n\r\n",
    };
    String[] methods = {"HEAD", "HEAD", "GET", "GET", "GET", "GET"};
    int[] status = {200, 200, 304, 304, 204, 205};
    String[] fields = {"content-length: 5", "", "content-length: 5", "", "", "content-length: 0"};
    for (int i = 0; i < expected.length; i++) {
      host.receive(methods[i] + " / HTTP/1.1\r\nHost: h\r\n\r\n");
      String[] given = fields[i].isEmpty() ? new String[0] : new String[] {fields[i]};
      exchange(i + 1).sendResponse(status[i], true, given);
      assertThat(host.take()).isEqualTo(expected[i]);
    }
    assertThat(host.closed).isEmpty();
  }

  @Test
  void contentGivenToAHeadRequestIsLeftOut() {
    host.receive("HEAD / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false, "content-length: 5");
    assertThat(exchange(1).send("hello", true)).isEqualTo(5);
    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void everySplitOfAnExchangeReadsAlike() {
    String raw =
        "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n"
            + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz";
    for (int at = 0; at <= raw.length(); at++) {
      FrontMuxScene one = new FrontMuxScene();
      one.host.receive(raw.substring(0, at));
      one.host.receive(raw.substring(at));
      assertThat(one.exchange(1).events)
          .containsExactly("head POST /a", "data abc", "trailers t: 1");
      one.exchange(1).sendResponse(204, true);
      assertThat(one.exchange(2).events).containsExactly("head POST /b", "data xyz end");
    }
  }

  // ---- interim responses

  @Test
  void interimResponsesArePassedOnBeforeTheFinalOne() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    assertThat(exchange(1).request.expectsContinue()).isTrue();
    exchange(1).sendResponse(100, false);
    exchange(1).sendResponse(103, false, "link: </a>");
    host.receive("x");
    exchange(1).sendResponse(200, true);
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: </a>\r\n\r\n"
                + "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
    assertThat(host.closed).isEmpty();
  }

  @Test
  @DisplayName("RFC 9110 15.2")
  void clientOfHttp10GetsNoInterimResponse() {
    host.receive("GET / HTTP/1.0\r\n\r\n");
    exchange(1).sendResponse(103, false);
    exchange(1).sendResponse(200, true);
    assertThat(host.take())
        .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
  }

  @Test
  @DisplayName("RFC 9110 10.1.1")
  void finalAnswerToAnUnansweredExpectationClosesTheConnection() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 1\r\n\r\n");
    exchange(1).sendResponse(417, true);
    assertThat(host.take()).contains("connection: close");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  // ---- persistence

  @Test
  @DisplayName("RFC 9112 9.6")
  void nothingIsServedAfterClose() {
    host.receive(
        "GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\nGET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, true);
    assertThat(host.take()).contains("connection: close\r\n");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(exchanges).hasSize(1);
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void clientOfHttp10ThatAsksForItIsKept() {
    host.receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    exchange(1).sendResponse(200, true, "content-length: 0");
    assertThat(host.take()).contains("connection: keep-alive\r\n");
    assertThat(host.closed).isEmpty();
  }

  @Test
  void clientOfHttp10GetsUnknownLengthsUntilTheClose() {
    host.receive("GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("abc", true);
    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\nconnection: close\r\n\r\nabc");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void drainSaysCloseOnOneMoreAnswer() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    mux.drain();
    mux.drain();
    assertThat(host.closed).isEmpty();
    exchange(1).sendResponse(200, true);
    assertThat(host.take()).contains("connection: close");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void drainClosesAnIdleConnection() {
    mux.drain();
    assertThat(host.closed).isEqualTo("gracefully DRAINING");
  }

  @Test
  void requestWhoseHeadHasBegunIsServedWhileDraining() {
    host.receive("GET / HTTP/1.1\r\nHo");
    mux.drain();
    host.receive("st: h\r\n\r\n");
    exchange(1).sendResponse(200, true);
    assertThat(host.take()).contains("connection: close");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  // ---- pipelining

  @Test
  @DisplayName("scenario H1-4: answers in order")
  void nextRequestIsReadOnlyAfterTheExchangeBefore() {
    host.receive(
        "GET /1 HTTP/1.1\r\nHost: h\r\n\r\nPOST /2 HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\n"
            + "abHEAD /3 HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(exchanges).hasSize(1);
    exchange(1).sendResponse(200, true);
    assertThat(exchanges).hasSize(2);
    assertThat(exchange(2).events).containsExactly("head POST /2", "data ab end");
    exchange(2).sendResponse(201, true);
    exchange(3).sendResponse(202, true);
    assertThat(host.take()).containsSubsequence("HTTP/1.1 200", "HTTP/1.1 201", "HTTP/1.1 202");
  }

  @Test
  void requestsAnsweredAtOnceAreAllServed() {
    prepare = upper -> upper.onHead = () -> upper.sendResponse(200, true);
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(50));
    assertThat(exchanges).hasSize(50).allSatisfy(e -> assertThat(e.events).endsWith("released"));
    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n".repeat(50));
  }

  @Test
  void noRequestIsReadWhileOutputIsFull() {
    prepare = upper -> upper.onHead = () -> upper.sendResponse(200, true);
    host.room = 0;
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(3));
    assertThat(exchanges).isEmpty();
    host.makeRoom(1);
    assertThat(exchanges).hasSize(3);
  }

  @Test
  void fullOutputDoesNotMakeAnEndOfInputLoseRequests() {
    prepare = upper -> upper.onHead = () -> upper.sendResponse(200, true);
    host.room = 0;
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n".repeat(2));
    host.receiveEnd();
    assertThat(host.closed).isEmpty();
    host.makeRoom(1);
    assertThat(exchanges).hasSize(2);
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void badRequestIsAnsweredOnceEarlierAnswersAreOut() {
    host.receive("GET /1 HTTP/1.1\r\nHost: h\r\n\r\nGET /2\0 HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(rejected).isEmpty();
    exchange(1).sendResponse(200, true);
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n"
                + "HTTP/1.1 400 Bad Request\r\ncontent-length: 0\r\nconnection: close\r\n\r\n");
    assertThat(rejected).containsExactly("400 BAD_REQUEST");
    assertThat(host.closed).isEqualTo("gracefully BAD_REQUEST");
    assertThat(exchanges).hasSize(1);
  }
}
