package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.RetryKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What is told apart, and what of a request is sent again when. */
class RetryKindsTest {
  private final Stage stage = new Stage();
  private final H1Origin origin = stage.origin();

  private void start(RetryConfig retry) {
    stage
        .with(Stage.timeouts(500, 10_000, 1_000))
        .withBackend(backend -> backend.withRetry(retry))
        .start(Stage.clear(B));
  }

  private static RetryConfig on(RetryOn only) {
    return new RetryConfig(1, 1).withOn(EnumSet.of(only));
  }

  /** The first request ends so, the next ones are answered. */
  private void firstEnds(RetryOn end) {
    origin.answering(
        (request, connection) -> {
          if (origin.requests().size() > 1) {
            connection.ok(request.path());
            return;
          }
          switch (end) {
            case EMPTY_RESPONSE -> connection.wire().reset();
            case JUNK_RESPONSE -> {
              connection.respond("HTTP/1.1 200 OK\r\nContent-Le");
              connection.after(5 * MILLI, () -> connection.wire().reset());
            }
            case RESPONSE_TIMEOUT -> {
              // The timeout will tell.
            }
            default -> throw new AssertionError(end);
          }
        });
  }

  @ParameterizedTest
  @EnumSource(names = {"EMPTY_RESPONSE", "JUNK_RESPONSE", "RESPONSE_TIMEOUT"})
  void endIsTriedAgainIfItIsTheOneThatIsOn(RetryOn end) {
    firstEnds(end);
    start(on(end));
    H1Client client = stage.client().get("/a");
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(200);
    stage.runFor(MILLI);
    assertThat(stage.records().get(0).lastRetry()).isEqualTo(RetryKind.valueOf(end.name()));
    stage.leak();
  }

  @ParameterizedTest
  @EnumSource(names = {"EMPTY_RESPONSE", "JUNK_RESPONSE", "RESPONSE_TIMEOUT"})
  void endIsNotTriedAgainIfAllOthersAreOn(RetryOn end) {
    firstEnds(end);
    start(new RetryConfig(1, 1).withOn(EnumSet.complementOf(EnumSet.of(end))));
    H1Client client = stage.client().get("/a");
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(end == RetryOn.RESPONSE_TIMEOUT ? 504 : 502);
    assertThat(origin.requests()).hasSize(1);
    stage.leak();
  }

  /** A byte of a response has come: by default, that is the end. */
  @Test
  void responseThatBreaksOffInItsHeadIsNotAnEmptyOne() {
    firstEnds(RetryOn.JUNK_RESPONSE);
    start(RetryConfig.defaults());
    H1Client client = stage.client().get("/a");
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(502);
    assertThat(origin.requests()).hasSize(1);
    stage.runFor(MILLI);
    assertThat(stage.records().get(0).cause()).isEqualTo(CloseCause.SERVER_ABORT);
    stage.leak();
  }

  /** RFC 9110 15.2: what was passed on can't be taken back. */
  @Test
  void statusAfterAnInformationalResponsePasses() {
    origin.answering(
        (request, on) ->
            on.respond(
                "HTTP/1.1 103 Early Hints\r\n\r\n"
                    + "HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n"));
    start(new RetryConfig(1, 3).withStatuses(Set.of(503)));
    H1Client client = stage.client().get("/a");
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(503);
    assertThat(origin.requests()).hasSize(1);
    stage.leak();
  }

  private H1Client upload(int first, long pauseNanos, int second) {
    H1Client client =
        stage
            .client()
            .raw(
                "PUT",
                "PUT /a HTTP/1.1\r\nHost: h\r\nContent-Length: "
                    + (first + second)
                    + "\r\n\r\n"
                    + "1".repeat(first));
    stage.runFor(pauseNanos);
    client.wire().write("2".repeat(second));
    return client;
  }

  @Test
  void attemptThatIsRefusedInTheMiddleOfAnUploadIsFollowedByOneWithAllOfIt() {
    origin
        .atHead(
            (request, on) -> {
              if (origin.requests().size() == 1) {
                on.respond("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
              }
            })
        .answering((request, on) -> on.ok(request.path()));
    start(new RetryConfig(1, 1).withStatuses(Set.of(503)));
    H1Client client = upload(7_000, 100 * MILLI, 5_000);
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(2);
    assertThat(origin.request(1).message.bodyText())
        .isEqualTo("1".repeat(7_000) + "2".repeat(5_000));
    stage.leak();
  }

  /** What was kept is not sent again on an attempt that goes on. */
  @Test
  void answerThatIsNotAskedForAgainLeavesTheUploadAlone() {
    origin
        .atHead((request, on) -> on.respond("HTTP/1.1 503 No\r\nContent-Length: 4\r\n\r\nno"))
        .answering((request, on) -> on.respond("ne"));
    start(new RetryConfig(1, 0).withStatuses(Set.of(503)));
    H1Client client = upload(7_000, 100 * MILLI, 5_000);
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(503);
    assertThat(client.response(0).bodyText()).isEqualTo("none");
    assertThat(origin.request(0).message.bodyText())
        .isEqualTo("1".repeat(7_000) + "2".repeat(5_000));
    stage.leak();
  }

  @Test
  void timeOfATryBeginsWithTheEndOfTheRequest() {
    origin.answering((request, on) -> on.after(150 * MILLI, () -> on.ok(request.path())));
    start(on(RetryOn.RESPONSE_TIMEOUT).withTryTimeout(Duration.ofMillis(200)));
    H1Client client = upload(100, 400 * MILLI, 100);
    stage.await(client, 1);

    assertThat(client.status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(1);
    stage.leak();
  }

  @Test
  void connectionOfATryThatTookTooLongIsNotUsedAgain() {
    origin.answering(
        (request, on) -> {
          if (origin.requests().size() > 1) {
            on.ok(request.path());
          } else {
            on.after(250 * MILLI, () -> on.ok("/late"));
          }
        });
    start(on(RetryOn.RESPONSE_TIMEOUT).withTryTimeout(Duration.ofMillis(200)));
    H1Client client = stage.client().get("/a");
    stage.await(client, 1);

    assertThat(client.response(0).bodyText()).isEqualTo("/a");
    assertThat(origin.connections()).hasSize(2);
    assertThat(origin.open()).isEqualTo(1);
    stage.leak();
  }
}
