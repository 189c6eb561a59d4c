package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import org.junit.jupiter.api.Test;

/** Scenario RU3: only finished exchanges go back to the pool. */
class FinishedExchangesTest {
  private static final int MEBI = 1 << 20;

  private final Stage stage = new Stage();
  private final H1Origin origin = stage.origin();

  /** The first request gets this answer, on a connection that the server leaves open. */
  private void startAnswering(String first) {
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/next")) {
            on.ok("next");
          } else {
            on.respond(first);
          }
        });
    stage.start(Stage.clear(Stage.B));
  }

  private H1Client first() {
    H1Client client = stage.client().get("/first");
    stage.await(client, 1);
    return client;
  }

  private void nextIsServed(boolean onANewConnection) {
    H1Client next = stage.client().get("/next");
    stage.await(next, 1);
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.response(0).bodyText()).isEqualTo("next");
    assertThat(origin.requests()).hasSize(2);
    assertThat(origin.request(1).connection.number()).isEqualTo(onANewConnection ? 1 : 0);
    assertThat(origin.connections()).hasSize(onANewConnection ? 2 : 1);
    stage.leak();
  }

  /** Step a. */
  @Test
  void connectionThatTheServerWantsClosedIsNotUsedAgain() {
    startAnswering("HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 1\r\n\r\nx");
    assertThat(first().response(0).bodyText()).isEqualTo("x");
    nextIsServed(true);
  }

  /** Step b. */
  @Test
  void connectionOfAnOldServerIsNotUsedAgain() {
    startAnswering("HTTP/1.0 200 OK\r\nContent-Length: 1\r\n\r\nx");
    assertThat(first().response(0).bodyText()).isEqualTo("x");
    nextIsServed(true);
  }

  /** Step c. */
  @Test
  void connectionOfAnOldServerThatKeepsItIsUsedAgain() {
    startAnswering("HTTP/1.0 200 OK\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\nx");
    assertThat(first().response(0).bodyText()).isEqualTo("x");
    nextIsServed(false);
  }

  /** Step d. The rest is more than what would be drained. */
  @Test
  void connectionWhoseClientLeftInTheMiddleIsNotUsedAgain() {
    String content = "0123456789abcdef".repeat(4 * MEBI / 16);
    startAnswering("HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + "\r\n\r\n" + content);
    H1Client client = stage.client().get("/first");
    stage.simulation().runUntil(() -> client.wire().socket().received() >= MEBI);
    client.wire().closeNow();
    stage.runFor(100 * MILLI);

    assertThat(stage.records().get(0).cause()).isEqualTo(CloseCause.CLIENT_ABORT);
    nextIsServed(true);
  }

  /** Step e. */
  @Test
  void connectionOfAnAnswerThatCameTooLateIsNotUsedAgain() {
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/next")) {
            on.ok("next");
          } else {
            on.after(2 * SECOND, () -> on.ok("late"));
          }
        });
    stage.with(Stage.timeouts(1_000, 10_000, 1_000)).start(Stage.clear(Stage.B));

    H1Client client = first();

    assertThat(client.status()).isEqualTo(504);
    assertThat(client.tookNanos()).isBetween(700 * MILLI, 1_300 * MILLI);
    nextIsServed(true);
  }

  /** Step f. */
  @Test
  void connectionWhoseEndIsTheContentsEndIsNotUsedAgain() {
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/next")) {
            on.ok("next");
          } else {
            on.respond("HTTP/1.1 200 OK\r\n\r\nuntil the end");
            on.wire().close();
          }
        });
    stage.start(Stage.clear(Stage.B));

    assertThat(first().response(0).bodyText()).isEqualTo("until the end");
    nextIsServed(true);
  }

  /** Step g: "close" wins (RFC 9112 9.3). */
  @Test
  void connectionThatIsToBeKeptAndClosedIsNotUsedAgain() {
    startAnswering(
        "HTTP/1.1 200 OK\r\nConnection: Keep-Alive, Close\r\nContent-Length: 1\r\n\r\nx");
    assertThat(first().response(0).bodyText()).isEqualTo("x");
    nextIsServed(true);
  }
}
