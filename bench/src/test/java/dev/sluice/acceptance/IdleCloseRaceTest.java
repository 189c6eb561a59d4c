package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario RU1: the server closes idle connections at about the time they are used again. */
class IdleCloseRaceTest {
  /** A minute's. */
  private static final int REQUESTS = 1_200;

  /** Fewer, since most of them need a handshake. */
  private static final int SECURE_REQUESTS = 300;

  private static final String CONTENT = "0123456789".repeat(10);

  private final Stage stage = new Stage();

  /** What a run came to. */
  private record Outcome(H1Origin origin, Map<Integer, H1Client> answers) {}

  private Outcome run(boolean secure, long idleMillis) {
    H1Origin origin = secure ? stage.origin(Pki.server("http/1.1")) : stage.origin();
    origin.answering(
        (request, on) -> {
          on.ok(request.path());
          on.closeIfIdleFor(50 * MILLI);
        });
    stage
        .with(Stage.timeouts(5_000, idleMillis, 1_000))
        .start(secure ? Stage.secure(Stage.B, Pki.client("http/1.1")) : Stage.clear(Stage.B));
    Map<Integer, H1Client> asked = new HashMap<>();
    int requests = secure ? SECURE_REQUESTS : REQUESTS;
    for (int i = 0; i < requests; i++) {
      H1Client client = stage.client();
      switch (i % 3) {
        case 0 -> client.get("/" + i);
        case 1 -> client.ask("PUT", "/" + i, CONTENT);
        default -> client.ask("POST", "/" + i, CONTENT);
      }
      asked.put(i, client);
      stage.runFor(stage.simulation().random().nextLong(45 * MILLI, 55 * MILLI));
      if (i > 0) {
        asked.get(i - 1).wire().close();
      }
    }
    stage.runFor(100 * MILLI);
    return new Outcome(origin, asked);
  }

  private void check(Outcome outcome) {
    Map<String, Integer> seen = new HashMap<>();
    for (H1Origin.Request request : outcome.origin().requests()) {
      seen.merge(request.path(), 1, Integer::sum);
    }
    for (int i = 0; i < outcome.answers().size(); i++) {
      H1Client client = outcome.answers().get(i);
      assertThat(client.responses()).as("responses to " + i).hasSize(1);
      if (i % 3 < 2) {
        assertThat(client.status()).as("GET or PUT " + i).isEqualTo(200);
      } else {
        assertThat(client.status()).as("POST " + i).isIn(200, 502);
        assertThat(seen.getOrDefault("/" + i, 0)).as("POST " + i).isLessThanOrEqualTo(1);
      }
      if (client.status() == 200) {
        assertThat(client.response(0).bodyText()).isEqualTo("/" + i);
      }
    }
    assertThat(stage.records())
        .filteredOn(record -> record.status() == 502)
        .allMatch(record -> record.method().equals("POST"))
        .extracting(ExchangeRecord::cause)
        .allMatch(cause -> cause == CloseCause.EMPTY_RESPONSE || cause == CloseCause.SERVER_ABORT);
    long retries = stage.records().stream().mapToLong(ExchangeRecord::retries).sum();
    assertThat(stage.server().retries()).isEqualTo(retries);
    assertThat(stage.engine().snapshot().exchanges().retries()).isEqualTo(retries);
  }

  /** The first part. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whatMayBeSentAgainIsNeverLostAndWhatMayNotIsNeverSentTwice(boolean secure) {
    Outcome outcome = run(secure, 10_000);

    check(outcome);

    assertThat(stage.server().reuses()).as("the race is run").isPositive();
    assertThat(stage.server().retries()).as("and lost at times").isPositive();
    assertThat(stage.records()).anyMatch(record -> record.status() == 502);
    stage.leak();
  }

  /** The second part: the proxy's own limit comes first. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void proxyThatClosesFirstNeedsNoRetry(boolean secure) {
    Outcome outcome = run(secure, 20);

    check(outcome);

    assertThat(stage.server().retries()).isZero();
    assertThat(stage.records()).allMatch(record -> record.status() == 200);
    stage.leak();
  }
}
