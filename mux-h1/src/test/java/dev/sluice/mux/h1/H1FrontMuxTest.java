package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.MuxStream;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamAcceptor;
import dev.sluice.core.mux.StreamHandler;
import dev.sluice.core.observe.CloseCause;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class H1FrontMuxTest {
  private static final long SECOND = 1_000_000_000L;

  private final FakeHost host = new FakeHost(Side.FRONT);
  private final List<Upper> exchanges = new ArrayList<>();
  private final List<String> rejected = new ArrayList<>();
  private Consumer<Upper> prepare = upper -> {};
  private final H1FrontMux mux =
      new H1FrontMux(
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
          });

  H1FrontMuxTest() {
    host.install(mux);
  }

  private Upper exchange(int number) {
    return exchanges.get(number - 1);
  }

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

  // ---- back-pressure

  @Test
  void contentThatIsNotTakenIsOfferedAgainAfterResume() {
    prepare = upper -> upper.appetite = 2;
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef");
    assertThat(exchange(1).events).containsExactly("head POST /", "data ab");
    host.receive("GET /");
    assertThat(exchange(1).events).as("not offered before it is asked for").hasSize(2);
    exchange(1).eat(3);
    exchange(1).eat(10);
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcdef end");
    assertThat(host.unread()).isEqualTo(5);
  }

  @Test
  void resumeWithinTheOfferIsNotLost() {
    prepare =
        upper -> {
          upper.appetite = 1;
          upper.onData =
              () -> {
                upper.appetite = 1;
                upper.stream().resume();
              };
        };
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcd end");
  }

  @Test
  void chunkedContentThatIsNotTakenIsOfferedAgain() {
    prepare = upper -> upper.appetite = 4;
    host.receive(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcd");
    exchange(1).eat(9);
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcdef", "end");
  }

  @Test
  void sendTakesWhatFitsAndSaysWhenThereIsRoom() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false, "content-length: 6");
    host.room = 4;
    assertThat(exchange(1).send("abcdef", true)).isEqualTo(4);
    assertThat(exchange(1).events).doesNotContain("released");
    host.makeRoom(10);
    assertThat(exchange(1).events).endsWith("writable");
    assertThat(exchange(1).send("ef", true)).isEqualTo(2);
    assertThat(host.take()).endsWith("\r\n\r\nabcdef");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void chunksAreMadeOfWhatFits() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false);
    host.room = 4;
    assertThat(exchange(1).send("abcdef", true)).isEqualTo(4);
    host.makeRoom(100);
    assertThat(exchange(1).send("ef", true)).isEqualTo(2);
    assertThat(host.take()).endsWith("4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n");
  }

  @Test
  void sendFromWithinOnWritableGoesOn() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    Upper upper = exchange(1);
    upper.sendResponse(200, false, "content-length: 8");
    host.room = 4;
    upper.send("abcdefgh", true);
    upper.onWritable = () -> upper.send("efgh", true);
    host.makeRoom(100);
    assertThat(host.take()).endsWith("abcdefgh");
    assertThat(upper.events).endsWith("writable", "released");
  }

  // ---- early answers

  @Test
  @DisplayName("scenario H1-3")
  void earlyAnswerToALargeUploadClosesWithLingering() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 52428800\r\n\r\nabc");
    exchange(1).sendResponse(413, false, "content-length: 3");
    exchange(1).send("big", true);
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\nconnection: close\r\n\r\nbig");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abc", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void restOfASmallUploadIsDroppedAndTheConnectionKept() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    exchange(1).sendResponse(404, true);
    assertThat(host.take()).doesNotContain("close");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abc", "released");
    host.receive("defGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(exchange(2).events).containsExactly("head GET /next end");
  }

  @Test
  void restOfAnUploadThatDoesNotComeEndsTheConnection() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    exchange(1).sendResponse(404, true);
    host.advance(11 * SECOND);
    assertThat(host.closed).isEqualTo("gracefully CLIENT_TIMEOUT");
  }

  @Test
  void uploadGoesOnWhileItsAnswerIsStreamed() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("A", false);
    host.receive("1\r\nb\r\n0\r\n\r\n");
    assertThat(exchange(1).events).containsExactly("head POST /", "data ab", "end");
    exchange(1).send("B", true);
    assertThat(exchange(1).events).endsWith("released");
  }

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

  // ---- tunnels

  private void openTunnel() {
    host.receive(
        "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nearly");
    assertThat(exchange(1).events).containsExactly("head GET /ws end");
    assertThat(exchange(1).request.protocol()).isEqualTo("websocket");
    exchange(1).sendResponse(101, false, "protocol: websocket");
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: websocket\r\n\r\n");
    assertThat(exchange(1).events).endsWith("data early");
  }

  @Test
  @DisplayName("scenario H1-5 e")
  void acceptedUpgradeIsATunnelWithHalfCloseBothWays() {
    openTunnel();
    host.receive(" abc");
    host.receiveEnd();
    assertThat(exchange(1).events).endsWith("data early abc", "end");
    assertThat(exchange(1).send("def", false)).isEqualTo(3);
    assertThat(host.closed).isEmpty();
    exchange(1).sendEnd();
    assertThat(host.take()).isEqualTo("def");
    assertThat(host.outputEnded).isTrue();
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(exchange(1).events).endsWith("end", "released");
  }

  @Test
  void ourEndOfATunnelLetsTheClientGoOn() {
    openTunnel();
    exchange(1).sendEnd();
    assertThat(host.outputEnded).isTrue();
    host.receive(" more");
    assertThat(exchange(1).events).endsWith("data early more");
    host.receiveEnd();
    assertThat(exchange(1).events).endsWith("end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void bothDirectionsEndTogetherWhereTheTransportKnowsNoHalfClose() {
    host.halfClose = false;
    openTunnel();
    exchange(1).send("bye", false);
    exchange(1).sendEnd();
    assertThat(host.outputEnded).isFalse();
    assertThat(exchange(1).events).endsWith("released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(host.take()).isEqualTo("bye");
  }

  @Test
  void clientsEndEndsATunnelWhereTheTransportKnowsNoHalfClose() {
    host.halfClose = false;
    openTunnel();
    host.receiveEnd();
    assertThat(exchange(1).events).endsWith("end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void tunnelHasBackPressureBothWays() {
    prepare = upper -> upper.appetite = 3;
    openTunnelPartly();
    exchange(1).eat(2);
    assertThat(exchange(1).events).endsWith("data early");
    host.room = 2;
    assertThat(exchange(1).send("abc", false)).isEqualTo(2);
    host.makeRoom(10);
    assertThat(exchange(1).events).endsWith("writable");
  }

  private void openTunnelPartly() {
    host.receive("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\nearly");
    assertThat(exchange(1).events).containsExactly("head CONNECT null end");
    exchange(1).sendResponse(200, false);
    assertThat(host.take()).isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(exchange(1).events).endsWith("data ear");
  }

  @Test
  void refusedConnectEndsTheConnection() {
    host.receive("CONNECT h:443 HTTP/1.1\r\nHost: h\r\n\r\nGET /smuggled HTTP/1.1\r\n\r\n");
    exchange(1).sendResponse(403, true);
    assertThat(host.take()).contains("connection: close");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(exchanges).hasSize(1);
  }

  @Test
  void refusedUpgradeLeavesTheConnectionAsItWas() {
    host.receive(
        "GET /ws HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n"
            + "GET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(403, true);
    assertThat(exchange(2).events).containsExactly("head GET /next end");
  }

  @Test
  @DisplayName("RFC 9110 15.2.2")
  void switchThatNobodyAskedForIsNotPassedOn() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(101, false, "protocol: websocket");
    assertThat(host.take()).isEmpty();
    assertThat(exchange(1).events).endsWith("released");
    assertThat(host.closed).startsWith("gracefully ");
  }

  @Test
  void upgradeBehindContentWaitsForItsEnd() {
    host.receive(
        "POST /u HTTP/1.1\r\nHost: h\r\nConnection: Upgrade\r\nUpgrade: foo\r\n"
            + "Content-Length: 4\r\n\r\nab");
    exchange(1).sendResponse(101, false, "protocol: foo");
    host.receive("cdraw");
    assertThat(exchange(1).events).containsExactly("head POST /u", "data abcd endraw");
  }

  @Test
  void everySplitOfAnExchangeReadsAlike() {
    String raw =
        "\r\nPOST /a HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n"
            + "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nxyz";
    for (int at = 0; at <= raw.length(); at++) {
      H1FrontMuxTest one = new H1FrontMuxTest();
      one.host.receive(raw.substring(0, at));
      one.host.receive(raw.substring(at));
      assertThat(one.exchange(1).events)
          .containsExactly("head POST /a", "data abc", "trailers t: 1");
      one.exchange(1).sendResponse(204, true);
      assertThat(one.exchange(2).events).containsExactly("head POST /b", "data xyz end");
    }
  }
}
