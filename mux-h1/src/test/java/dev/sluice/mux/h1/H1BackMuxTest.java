package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import java.util.Objects;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class H1BackMuxTest {
  private final FakeHost host = new FakeHost(Side.BACK);
  private final H1BackMux mux = new H1BackMux(host);
  private StreamEndpoint endpoint = new StreamEndpoint(new Upper(host));

  H1BackMuxTest() {
    host.install(mux);
  }

  private Upper attach() {
    Upper upper = new Upper(host);
    endpoint = new StreamEndpoint(upper);
    assertThat(mux.attach(endpoint)).isTrue();
    upper.stream = Objects.requireNonNull(endpoint.stream());
    return upper;
  }

  private Upper get() {
    Upper upper = attach();
    upper.sendRequest("GET", "/", true);
    host.take();
    return upper;
  }

  // ---- plain exchanges

  @Test
  void requestGoesOutAndItsResponseEndsTheExchange() {
    Upper upper = attach();
    assertThat(mux.availableStreams()).isZero();
    upper.sendRequest("GET", "/a?b", true, "x-a: 1");
    assertThat(host.take()).isEqualTo("GET /a?b HTTP/1.1\r\nhost: h:80\r\nx-a: 1\r\n\r\n");

    host.receive("HTTP/1.1 200 Fine\r\nContent-Length: 2\r\nX-B: 2\r\n\r\nok");

    assertThat(upper.events).containsExactly("head 200", "data ok end", "released");
    assertThat(upper.response.reason()).isEqualTo("Fine");
    assertThat(mux.availableStreams()).isEqualTo(1);
    assertThat(host.capacityChanges).isEqualTo(1);
    assertThat(endpoint.over()).isTrue();
  }

  @Test
  void secondStreamIsRefusedWhileOneIsOpen() {
    attach();
    StreamEndpoint other = new StreamEndpoint(new Upper(host));
    assertThat(mux.attach(other)).isFalse();
    assertThat(other.stream()).isNull();
    assertThat(mux.openStreams()).isEqualTo(1);
  }

  @Test
  void streamsAreNumberedAndTheFirstIsKnown() {
    for (int i = 1; i <= 3; i++) {
      Upper upper = get();
      assertThat(upper.stream().number()).isEqualTo(i);
      assertThat(upper.stream().firstOnConnection()).isEqualTo(i == 1);
      host.receive("HTTP/1.1 204 \r\n\r\n");
      assertThat(upper.events).containsExactly("head 204 end", "released");
    }
  }

  @Test
  void contentOfKnownLengthGoesOutAsItIs() {
    Upper upper = attach();
    upper.sendRequest("POST", "/", false, "content-length: 6");
    upper.send("abc", false);
    upper.send("def", true);
    assertThat(host.take())
        .isEqualTo("POST / HTTP/1.1\r\nhost: h:80\r\ncontent-length: 6\r\n\r\nabcdef");
  }

  @Test
  void contentOfUnknownLengthIsChunkedAndTrailersFollow() {
    Upper upper = attach();
    upper.sendRequest("POST", "/", false);
    upper.send("abc", false);
    upper.sendTrailers("x-t", "1");
    assertThat(host.take())
        .isEqualTo(
            "POST / HTTP/1.1\r\nhost: h:80\r\ntransfer-encoding: chunked\r\n\r\n"
                + "3\r\nabc\r\n0\r\nx-t: 1\r\n\r\n");
  }

  @ParameterizedTest
  @CsvSource({"GET,false", "DELETE,false", "POST,true", "PUT,true", "PATCH,true"})
  @DisplayName("RFC 9110 8.6")
  void requestWithoutContentSaysSoWhereContentIsExpected(String method, boolean said) {
    attach().sendRequest(method, "/", true);
    assertThat(host.take().contains("content-length: 0\r\n")).isEqualTo(said);
  }

  @Test
  void chunkedResponseEndsWithItsTrailers() {
    Upper upper = get();
    host.receiveByteByByte(
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nX-T: 1\r\n\r\n");
    assertThat(upper.events).containsExactly("head 200", "data abc", "trailers x-t: 1", "released");
    assertThat(mux.availableStreams()).isEqualTo(1);
  }

  @Test
  void interimResponsesArePassedOn() {
    Upper upper = get();
    host.receive(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"
            + "HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(upper.events).containsExactly("head 100", "head 103", "head 200 end", "released");
  }

  @ParameterizedTest
  @DisplayName("scenario H1-2: messages without a body")
  @ValueSource(
      strings = {
        "HEAD|200 OK\r\nContent-Length: 5",
        "HEAD|200 OK\r\nTransfer-Encoding: chunked",
        "GET|204 No Content",
        "GET|204 No Content\r\nTransfer-Encoding: chunked",
        "GET|304 Not Modified\r\nContent-Length: 5",
        "GET|304 Not Modified",
        "GET|304 Not Modified\r\nTransfer-Encoding: chunked",
        "GET|205 Reset Content\r\nContent-Length: 0",
        "GET|200 OK\r\nContent-Length: 0"
      })
  void responseWithoutContentEndsWithItsHead(String exchange) {
    String[] parts = exchange.split("\\|", -1);
    Upper upper = attach();
    upper.sendRequest(parts[0], "/", true);
    host.receive("HTTP/1.1 " + parts[1] + "\r\n\r\n");
    assertThat(upper.events).hasSize(2).endsWith("released");
    assertThat(upper.events.get(0)).endsWith(" end");
    assertThat(mux.availableStreams()).isEqualTo(1);
    boolean lengthKept = parts[1].contains("Content-Length: 5");
    assertThat(upper.response.contentLength() == 5).isEqualTo(lengthKept);
  }

  // ---- scenario RU3: only finished exchanges leave a connection that can be used again

  @ParameterizedTest
  @DisplayName("scenario RU3")
  @CsvSource(
      delimiter = '|',
      value = {
        "1.1|Content-Length: 2|true",
        "1.1|Content-Length: 2;Connection: close|false",
        "1.0|Content-Length: 2|false",
        "1.0|Content-Length: 2;Connection: keep-alive|true",
        "1.1|Content-Length: 2;Connection: Keep-Alive, Close|false",
        "1.1|Content-Length: 2;Keep-Alive: timeout=5|true"
      })
  void serverDecidesWhetherTheConnectionLivesOn(String version, String fields, boolean lives) {
    Upper upper = get();
    host.receive("HTTP/" + version + " 200 OK\r\n" + fields.replace(";", "\r\n") + "\r\n\r\nok");
    assertThat(upper.events).containsExactly("head 200", "data ok end", "released");
    assertThat(mux.availableStreams()).isEqualTo(lives ? 1 : 0);
    assertThat(host.closed).isEqualTo(lives ? "" : "gracefully COMPLETE");
  }

  @Test
  void contentUntilTheCloseEndsWithTheConnection() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\n\r\nabc");
    host.receive("def");
    assertThat(upper.events).containsExactly("head 200", "data abcdef");
    host.receiveEnd();
    assertThat(upper.events).containsExactly("head 200", "data abcdef", "end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void resetWithinContentUntilTheCloseIsNoEnd() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\n\r\nabc");
    host.die(ResetCode.CONNECTION_RESET, CloseCause.SERVER_ABORT);
    assertThat(upper.events)
        .containsExactly("head 200", "data abc", "reset CONNECTION_RESET SERVER_ABORT", "released");
  }

  @Test
  void surplusBehindAResponseMakesTheConnectionUnusable() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nokHTTP/1.1 200 OK\r\n\r\n");
    assertThat(upper.events).containsExactly("head 200", "data ok end", "released");
    assertThat(mux.availableStreams()).isZero();
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void bytesOnAnIdleConnectionCloseIt() {
    get();
    host.receive("HTTP/1.1 204 \r\n\r\n");
    host.receive("HTTP/1.1 408 Request Timeout\r\n\r\n");
    assertThat(host.closed).isEqualTo("now IDLE_CLOSED");
    assertThat(mux.availableStreams()).isZero();
  }

  @Test
  void endOfAnIdleConnectionClosesIt() {
    get();
    host.receive("HTTP/1.1 204 \r\n\r\n");
    host.receiveEnd();
    assertThat(host.closed).isEqualTo("now IDLE_CLOSED");
    assertThat(mux.availableStreams()).isZero();
  }

  @Test
  void bytesBeforeTheRequestCutTheStream() {
    Upper upper = attach();
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
    assertThat(upper.events).containsExactly("reset CONNECTION_CLOSED BAD_RESPONSE", "released");
    assertThat(host.closed).isEqualTo("now BAD_RESPONSE");
  }

  @Test
  void endBeforeTheRequestIsAnEmptyResponse() {
    Upper upper = attach();
    host.receiveEnd();
    assertThat(upper.events).containsExactly("reset CONNECTION_CLOSED EMPTY_RESPONSE", "released");
  }

  @ParameterizedTest
  @ValueSource(strings = {"head", "data", "end"})
  void cutWithinTheLastCallbackDoesNotCostTheConnection(String when) {
    Upper upper = attach();
    Runnable cut = () -> upper.reset(ResetCode.NO_ERROR);
    String response = "200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n0\r\n\r\n";
    switch (when) {
      case "head" -> {
        upper.onHead = cut;
        response = "204 No Content\r\n\r\n";
      }
      case "data" -> {
        upper.onData = cut;
        response = "200 OK\r\nContent-Length: 1\r\n\r\na";
      }
      default -> upper.onEnd = cut;
    }
    upper.sendRequest("GET", "/", true);
    host.receive("HTTP/1.1 " + response);
    assertThat(upper.events).endsWith("released");
    assertThat(mux.availableStreams()).isEqualTo(1);
    assertThat(host.closed).isEmpty();
  }

  @Test
  void earlyResponseEndsTheExchangeAndTheConnection() {
    Upper upper = attach();
    upper.sendRequest("POST", "/", false, "content-length: 100");
    upper.send("abc", false);
    host.receive("HTTP/1.1 413 Content Too Large\r\nContent-Length: 3\r\n\r\nbig");
    assertThat(upper.events).containsExactly("head 413", "data big end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(upper.send("def", false)).isZero();
  }

  @Test
  void responseMayBeginWhileTheRequestGoesOn() {
    Upper upper = attach();
    upper.sendRequest("POST", "/", false);
    host.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nA\r\n");
    upper.send("b", true);
    host.receive("0\r\n\r\n");
    assertThat(upper.events).containsExactly("head 200", "data A", "end", "released");
    assertThat(mux.availableStreams()).isEqualTo(1);
  }

  // ---- the server's end, and its faults

  @Test
  void endBeforeAnyByteIsAnEmptyResponse() {
    Upper upper = get();
    host.receiveEnd();
    assertThat(upper.events).containsExactly("reset CONNECTION_CLOSED EMPTY_RESPONSE", "released");
    assertThat(host.closed).isEqualTo("now EMPTY_RESPONSE");
  }

  @Test
  void endWithinAHeadIsAnAbort() {
    Upper upper = get();
    host.receive("HTTP/1.1 200");
    host.receiveEnd();
    assertThat(upper.events).containsExactly("reset CONNECTION_CLOSED SERVER_ABORT", "released");
  }

  @Test
  void endAfterAnInterimResponseIsAnAbort() {
    Upper upper = get();
    host.receive("HTTP/1.1 100 Continue\r\n\r\n");
    host.receiveEnd();
    assertThat(upper.events)
        .containsExactly("head 100", "reset CONNECTION_CLOSED SERVER_ABORT", "released");
  }

  @Test
  void endWithinContentIsAnAbort() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nab");
    host.receiveEnd();
    assertThat(upper.events)
        .containsExactly("head 200", "data ab", "reset CONNECTION_CLOSED SERVER_ABORT", "released");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "SSH-2.0-OpenSSH_9.2\r\n",
        "\u0015\u0003\u0003\u0000\u0002\u0002(",
        "HTTP/2 200\r\n\r\n",
        "HTTP/1.1 20 OK\r\n\r\n",
        "HTTP/1.1 099 OK\r\n\r\n",
        "HTTP/1.1 2000 OK\r\n\r\n",
        "HTTP/1.1 200 OK\n\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nContent-Length: 5\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n",
        "HTTP/1.1 200 OK\r\nContent-Length: +4\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A : 1\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: a\r\n  b\r\n\r\n",
        "HTTP/1.1 200 OK\r\nX-A: a\rX-Evil: b\r\n\r\n",
        "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: websocket\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\n\r\n"
      })
  @DisplayName("scenario H1-1: the same checks on responses")
  void responseThatIsNoneIsABadOne(String bytes) {
    Upper upper = get();
    host.receive(bytes);
    assertThat(upper.events).containsExactly("reset PROTOCOL_ERROR BAD_RESPONSE", "released");
    assertThat(host.closed).isEqualTo("now BAD_RESPONSE");
  }

  @Test
  void headLargerThanTheLimitHasACauseOfItsOwn() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\nX-A: " + "a".repeat(20_000));
    assertThat(upper.events).containsExactly("reset PROTOCOL_ERROR RESPONSE_TOO_LARGE", "released");
  }

  @Test
  void malformedContentIsABadResponse() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nabc");
    assertThat(upper.events)
        .containsExactly("head 200", "data a", "reset PROTOCOL_ERROR BAD_RESPONSE", "released");
  }

  // ---- cuts

  @Test
  void cutBeforeTheRequestLeavesTheConnectionAsItWas() {
    Upper upper = attach();
    upper.reset(ResetCode.CANCEL);
    assertThat(upper.events).containsExactly("released");
    assertThat(host.closed).isEmpty();
    assertThat(mux.availableStreams()).isEqualTo(1);
  }

  @Test
  void cutWithoutAResponseClosesTheConnection() {
    Upper upper = get();
    upper.reset(ResetCode.TIMEOUT);
    assertThat(upper.events).containsExactly("released");
    assertThat(host.closed).isEqualTo("now SERVER_TIMEOUT");
  }

  @Test
  @DisplayName("scenario RU3 d")
  void restOfASmallResponseIsDroppedAndTheConnectionUsedAgain() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
    upper.reset(ResetCode.CANCEL);
    assertThat(upper.events).containsExactly("head 200", "data ab", "released");
    assertThat(mux.availableStreams()).isZero();
    host.receive("cd");
    assertThat(mux.availableStreams()).isEqualTo(1);
    Upper next = get();
    host.receive("HTTP/1.1 204 \r\n\r\n");
    assertThat(next.events).containsExactly("head 204 end", "released");
  }

  @Test
  void restOfALargeResponseClosesTheConnection() {
    Upper upper = get();
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 4000000\r\n\r\nab");
    upper.reset(ResetCode.CANCEL);
    assertThat(host.closed).isEqualTo("now CLIENT_ABORT");
  }

  @Test
  void droppedEndpointHearsNothingMore() {
    Upper upper = get();
    endpoint.drop(ResetCode.CANCEL);
    host.settle();
    assertThat(upper.events).isEmpty();
    assertThat(endpoint.over()).isTrue();
    assertThat(host.closed).isEqualTo("now CLIENT_ABORT");
  }

  @Test
  void handlerMayResetWithinTheHead() {
    Upper upper = attach();
    upper.onHead = () -> upper.reset(ResetCode.CANCEL);
    upper.sendRequest("GET", "/", true);
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 400000\r\n\r\nabc");
    assertThat(upper.events).containsExactly("head 200", "released");
    assertThat(host.closed).isEqualTo("now CLIENT_ABORT");
  }

  @Test
  void attachWithinTheReleaseIsPossible() {
    Upper upper = attach();
    Upper next = new Upper(host);
    StreamEndpoint second = new StreamEndpoint(next);
    upper.onReleased = () -> assertThat(mux.attach(second)).isTrue();
    upper.sendRequest("GET", "/", true);
    host.receive("HTTP/1.1 204 \r\n\r\n");
    next.stream = Objects.requireNonNull(second.stream());
    host.take();
    next.sendRequest("GET", "/2", true);
    assertThat(host.take()).startsWith("GET /2 ");
    upper.reset(ResetCode.CANCEL);
    host.receive("HTTP/1.1 204 \r\n\r\n");
    assertThat(next.events).containsExactly("head 204 end", "released");
  }

  // ---- back-pressure

  @Test
  void contentThatIsNotTakenIsOfferedAgain() {
    Upper upper = get();
    upper.appetite = 1;
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabcd");
    assertThat(upper.events).containsExactly("head 200", "data a");
    host.receiveEnd();
    assertThat(upper.events).hasSize(2);
    upper.eat(10);
    assertThat(upper.events).containsExactly("head 200", "data abcd end", "released");
  }

  @Test
  void requestWaitsForRoom() {
    Upper upper = attach();
    upper.sendRequest("POST", "/", false, "content-length: 4");
    host.room = 1;
    assertThat(upper.send("abcd", true)).isEqualTo(1);
    host.makeRoom(10);
    assertThat(upper.events).containsExactly("writable");
    assertThat(upper.send("bcd", true)).isEqualTo(3);
    assertThat(host.take()).endsWith("abcd");
  }

  // ---- draining

  @Test
  void drainClosesAnIdleConnectionAndLetsABusyOneFinish() {
    Upper upper = get();
    mux.drain();
    assertThat(host.closed).isEmpty();
    host.receive("HTTP/1.1 204 \r\n\r\n");
    assertThat(upper.events).containsExactly("head 204 end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");

    H1BackMuxTest idle = new H1BackMuxTest();
    idle.mux.drain();
    assertThat(idle.host.closed).isEqualTo("gracefully DRAINING");
    assertThat(idle.mux.attach(new StreamEndpoint(new Upper(idle.host)))).isFalse();
  }

  // ---- tunnels

  @Test
  void acceptedUpgradeIsATunnel() {
    Upper upper = attach();
    upper.sendRequest("GET", "/ws", true, "protocol: websocket");
    assertThat(host.take()).endsWith("connection: upgrade\r\nupgrade: websocket\r\n\r\n");
    host.receive(
        "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\nhi");
    assertThat(upper.events).containsExactly("head 101", "data hi");
    assertThat(upper.response.protocol()).isEqualTo("websocket");
    assertThat(upper.send("yo", false)).isEqualTo(2);
    assertThat(host.take()).isEqualTo("yo");
    upper.sendEnd();
    assertThat(host.outputEnded).isTrue();
    host.receive("!");
    host.receiveEnd();
    assertThat(upper.events).containsExactly("head 101", "data hi!", "end", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
    assertThat(mux.availableStreams()).isZero();
  }

  @Test
  void acceptedConnectIsATunnelWhateverItsFieldsSay() {
    Upper upper = attach();
    upper.sendRequest("CONNECT", "", true);
    assertThat(host.take()).isEqualTo("CONNECT h:80 HTTP/1.1\r\nhost: h:80\r\n\r\n");
    host.receive("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nraw");
    assertThat(upper.events).containsExactly("head 200", "data raw");
    assertThat(upper.response.contentLength()).isEqualTo(-1);
  }

  @Test
  void upgradeAcceptedWithinTheRequestWaitsForItsEnd() {
    Upper upper = attach();
    upper.sendRequest("POST", "/u", false, "protocol: foo", "content-length: 2");
    host.receive("HTTP/1.1 101 Go\r\nConnection: Upgrade\r\nUpgrade: foo\r\n\r\nraw");
    assertThat(upper.events).containsExactly("head 101", "data raw");
    upper.send("ab", true);
    upper.send("RAW", false);
    assertThat(host.take()).endsWith("abRAW");
  }

  @Test
  void refusedUpgradeLeavesTheConnectionAsItWas() {
    Upper upper = attach();
    upper.sendRequest("GET", "/ws", true, "protocol: websocket");
    host.receive("HTTP/1.1 403 No\r\nContent-Length: 0\r\n\r\n");
    assertThat(upper.events).containsExactly("head 403 end", "released");
    assertThat(mux.availableStreams()).isEqualTo(1);
  }

  @Test
  void everySplitOfAResponseReadsAlike() {
    String raw =
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "2;x=y\r\nab\r\n1\r\nc\r\n0\r\nT: 1\r\n\r\n";
    for (int at = 0; at <= raw.length(); at++) {
      H1BackMuxTest one = new H1BackMuxTest();
      Upper upper = one.get();
      one.host.receive(raw.substring(0, at));
      one.host.receive(raw.substring(at));
      assertThat(upper.events)
          .containsExactly("head 100", "head 200", "data abc", "trailers t: 1", "released");
      assertThat(one.mux.availableStreams()).isEqualTo(1);
    }
  }
}
