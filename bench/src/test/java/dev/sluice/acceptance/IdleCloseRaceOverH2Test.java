package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenario RU1 with h2: the server closes idle connections at about the time they are used again,
 * with a word or without.
 */
class IdleCloseRaceOverH2Test {
  private static final int REQUESTS = 300;
  private static final String CONTENT = "0123456789".repeat(10);

  private final Stage stage = new Stage();
  private final TlsServerConfig tls = Pki.server("h2");
  private final H2ScriptedServer server =
      H2ScriptedServer.listen(stage.simulation(), Stage.B, () -> new EngineEnd(tls.newEngine()));
  private boolean saysGoAway;

  private List<H1Client> run(long idleMillis) {
    server.answering(
        request -> {
          request.ok(request.path());
          closeIfIdleFor(request.connection);
        });
    stage
        .with(Stage.timeouts(5_000, idleMillis, 1_000))
        .start(
            Pki.server("http/1.1"),
            Stage.secure(Stage.B, Pki.client("h2", "http/1.1")),
            builder -> builder.mux(new H2MuxProvider()));
    List<H1Client> asked = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      H1Client client = stage.client();
      switch (i % 3) {
        case 0 -> client.get("/" + i);
        case 1 -> client.ask("PUT", "/" + i, CONTENT);
        default -> client.ask("POST", "/" + i, CONTENT);
      }
      asked.add(client);
      stage.runFor(stage.simulation().random().nextLong(45 * MILLI, 55 * MILLI));
      if (i > 0) {
        asked.get(i - 1).wire().close();
      }
    }
    stage.runFor(100 * MILLI);
    return asked;
  }

  private void closeIfIdleFor(H2ScriptedServer.Connection connection) {
    int last = connection.lastStream();
    stage
        .simulation()
        .network()
        .schedule(
            50 * MILLI,
            () -> {
              if (connection.gone() || connection.lastStream() != last) {
                return;
              }
              if (saysGoAway) {
                connection.end().goAway(last, H2ErrorCode.NO_ERROR);
              }
              connection.wire().close();
            });
  }

  private void check(List<H1Client> clients) {
    Map<String, Integer> seen = new HashMap<>();
    for (H2ScriptedServer.Request request : server.requests()) {
      seen.merge(request.path(), 1, Integer::sum);
    }
    for (int i = 0; i < clients.size(); i++) {
      H1Client client = clients.get(i);
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
  }

  @Test
  void whatMayBeSentAgainIsNeverLostAndWhatMayNotIsNeverSentTwice() {
    check(run(10_000));

    assertThat(stage.server().reuses()).as("the race is run").isPositive();
    assertThat(stage.server().retries()).as("and lost at times").isPositive();
    stage.leak();
  }

  /** A POST too: the server has said that it did not look at it. */
  @Test
  void whatCameBehindTheGoAwayIsNeverLost() {
    saysGoAway = true;
    List<H1Client> clients = run(10_000);

    check(clients);

    assertThat(stage.server().retries()).as("the race is lost at times").isPositive();
    assertThat(clients).extracting(H1Client::status).containsOnly(200);
    stage.leak();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void proxyThatClosesFirstNeedsNoRetry(boolean goAway) {
    saysGoAway = goAway;
    List<H1Client> clients = run(20);

    check(clients);

    assertThat(stage.server().retries()).isZero();
    assertThat(clients).extracting(H1Client::status).containsOnly(200);
    stage.leak();
  }
}
