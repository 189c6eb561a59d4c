package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.testkit.SimOptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario H1-4: requests that don't wait for the response before them (RFC 9112 9.3.2). */
class H1PipeliningTest {
  private static final String HOST = " HTTP/1.1\r\nHost: h\r\n";
  private static final String FIVE =
      ("GET /slow" + HOST + "\r\n")
          + ("GET /fast" + HOST + "\r\n")
          + ("POST /post" + HOST + "Content-Length: 10\r\n\r\n0123456789")
          + ("HEAD /x" + HOST + "\r\n")
          + ("GET /last" + HOST + "\r\n");
  private static final int MANY = 10_000;

  /** Small windows, so that what is held up is held up by the proxy. */
  private final Stage stage = new Stage(1, SimOptions.calm().withBuffers(8192, 8192), 1);

  private final H1Origin origin = stage.origin();

  private void startWithASlowPath() {
    origin.answering(
        (request, on) -> {
          String content = request.path() + request.message.bodyText();
          if (request.path().equals("/slow")) {
            on.after(500 * MILLI, () -> on.ok(content));
          } else if (request.method().equals("HEAD")) {
            on.respond("HTTP/1.1 200 OK\r\nContent-Length: 7\r\n\r\n");
          } else {
            on.ok(content);
          }
        });
    stage.start(Stage.clear(Stage.B));
  }

  private static void expectFive(H1Client client) {
    assertThat(client.responses()).extracting(Message::status).containsOnly(200).hasSize(5);
    assertThat(client.responses())
        .extracting(Message::bodyText)
        .containsExactly("/slow", "/fast", "/post0123456789", "", "/last");
    assertThat(client.response(3).field("content-length")).isEqualTo("7");
    assertThat(client.heads()).hasSize(5);
  }

  /** First part: one write. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fiveRequestsOfOneWriteAreAnsweredInTheirOrder(boolean secure) {
    startWithASlowPath();
    H1Client client = secure ? stage.secureClient() : stage.client();
    long begun = stage.now();
    client.expect("GET", "GET", "POST", "HEAD", "GET").wire().write(FIVE);

    stage.await(client, 5);

    expectFive(client);
    assertThat(client.response(0).completeNanos - begun).isBetween(500 * MILLI, 800 * MILLI);
    assertThat(client.response(4).completeNanos - begun).isLessThan(800 * MILLI);
    assertThat(origin.requests())
        .extracting(H1Origin.Request::path)
        .containsExactly("/slow", "/fast", "/post", "/x", "/last");
    stage.leak();
  }

  /** First part: writes of one byte, each of which the proxy reads by itself. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void fiveRequestsOfSingleBytesAreAnsweredInTheirOrder(boolean secure) {
    startWithASlowPath();
    H1Client client = secure ? stage.secureClient() : stage.client();
    client.expect("GET", "GET", "POST", "HEAD", "GET");
    byte[] bytes = FIVE.getBytes(ISO_8859_1);
    for (int i = 0; i < bytes.length; i++) {
      byte[] one = {bytes[i]};
      stage.simulation().network().schedule(10 * MILLI + i * MILLI, () -> client.wire().write(one));
    }

    stage.await(client, 5);

    expectFive(client);
    stage.leak();
  }

  /** Second part. */
  @Test
  void clientThatDoesNotReadIsNotReadFromEither() {
    stage.start(Stage.clear(Stage.B));
    String request = "GET /some/path" + HOST + "\r\n";
    H1Client client = stage.client();
    client.wire().socket().stopReading();
    for (int i = 0; i < MANY; i++) {
      client.expect("GET");
    }
    client.wire().write(request.repeat(MANY));

    stage.runFor(4 * SECOND);

    long sent = client.wire().socket().sent();
    assertThat(sent).as("bytes that the network has taken").isLessThan(request.length() * MANY / 2);
    int asked = origin.requests().size();
    assertThat(asked).isLessThan(MANY / 2);
    EventLoop loop = stage.simulation().loops().get(0);
    assertThat(loop.heapBuffers().live() + loop.directBuffers().live())
        .as("buffers of one connection and what is behind it")
        .isLessThan(32);
    stage.runFor(500 * MILLI);
    assertThat(client.wire().socket().sent()).as("nothing moves").isEqualTo(sent);

    client.wire().socket().startReading();
    stage.await(client, MANY);

    assertThat(client.responses()).hasSize(MANY);
    assertThat(client.responses())
        .allMatch(each -> each.status() == 200 && each.bodyText().equals("/some/path"));
    assertThat(origin.requests()).hasSize(MANY);
    stage.leak();
  }

  /** Last sentence of the outcome. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void badRequestInTheMiddleEndsTheConnectionBehindTheAnswersBeforeIt(boolean secure) {
    startWithASlowPath();
    H1Client client = secure ? stage.secureClient() : stage.client();
    client
        .expect("GET", "GET", "GET")
        .wire()
        .write(
            ("GET /slow" + HOST + "\r\n")
                + ("GET /fast" + HOST + "\r\n")
                + ("GET  /bad" + HOST + "\r\n")
                + ("GET /smuggled" + HOST + "\r\n"));

    stage.simulation().runUntil(client::ended);

    assertThat(client.responses()).extracting(Message::status).containsExactly(200, 200, 400);
    assertThat(client.response(1).bodyText()).isEqualTo("/fast");
    assertThat(client.wire().cleanlyEnded()).isTrue();
    assertThat(origin.requests())
        .extracting(H1Origin.Request::path)
        .containsExactly("/slow", "/fast");
    stage.leak();
  }
}
