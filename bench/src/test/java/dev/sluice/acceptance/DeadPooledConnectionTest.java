package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Scenario RU2: a dead pooled connection is never offered again; one loop. */
class DeadPooledConnectionTest {
  private static final int CONNECTIONS = 10;

  private final Stage stage = new Stage();

  private List<H1Client> burst() {
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS; i++) {
      clients.add(stage.client().get("/" + i));
    }
    return clients;
  }

  private void awaitServed(List<H1Client> clients) {
    for (H1Client client : clients) {
      stage.await(client, 1);
    }
    assertThat(clients).extracting(H1Client::status).containsOnly(200);
  }

  private void whatDiesIsReplaced(Consumer<H1Origin.Connection> death) {
    H1Origin origin = stage.origin();
    origin.answering((request, on) -> on.after(20 * MILLI, () -> on.ok(request.path())));
    stage.start(Stage.clear(Stage.B));
    awaitServed(burst());
    stage.runFor(10 * MILLI);
    assertThat(stage.server().idle()).isEqualTo(CONNECTIONS);

    origin.connections().forEach(death);
    stage.runFor(10 * MILLI);
    List<H1Client> clients = burst();
    awaitServed(clients);

    assertThat(origin.connections()).hasSize(2 * CONNECTIONS);
    assertThat(origin.requests()).hasSize(2 * CONNECTIONS);
    assertThat(origin.requests().subList(CONNECTIONS, 2 * CONNECTIONS))
        .allMatch(request -> request.connection.number() >= CONNECTIONS);
    assertThat(stage.server().retries()).isZero();
    assertThat(stage.server().reuses()).isZero();
    // What the server has ended is closed on this side too, long before a hundred milliseconds.
    assertThat(origin.connections().subList(0, CONNECTIONS))
        .allMatch(connection -> connection.wire().over());
    assertThat(stage.server().connections()).isEqualTo(CONNECTIONS);
    stage.leak();
  }

  /** Step a: only the server's direction ends, so that it learns of the proxy's own closure. */
  @Test
  void connectionsThatTheServerHasEndedAreNotOffered() {
    whatDiesIsReplaced(connection -> connection.wire().finish());
  }

  /** Step b. */
  @Test
  void connectionsThatTheServerHasResetAreNotOffered() {
    whatDiesIsReplaced(connection -> connection.wire().reset());
  }

  /** Step c: nothing that is sent arrives any more, and nothing tells. */
  @Test
  void connectionThatFellSilentTakesNoRequestAfterTheFirstThatTimesOut() {
    TlsServerConfig tls = Pki.server("h2");
    H2ScriptedServer server =
        H2ScriptedServer.listen(stage.simulation(), Stage.B, () -> new EngineEnd(tls.newEngine()));
    stage
        .with(Stage.timeouts(500, 10_000, 1_000))
        .start(
            Pki.server("http/1.1"),
            Stage.secure(Stage.B, Pki.client("h2", "http/1.1")),
            builder -> builder.mux(new H2MuxProvider()));
    awaitServed(List.of(stage.client().get("/warm")));
    stage.runFor(SECOND);
    server.connection(0).wire().socket().stopReading();

    H1Client first = stage.client().get("/first");
    stage.runFor(400 * MILLI);
    H1Client second = stage.client().get("/second");
    stage.await(first, 1);
    H1Client next = stage.client().get("/next");
    stage.await(next, 1);
    stage.await(second, 1);

    assertThat(first.status()).isEqualTo(504);
    assertThat(first.tookNanos()).isBetween(500 * MILLI, 800 * MILLI);
    assertThat(second.status()).as("was on its way by then").isEqualTo(504);
    assertThat(next.status()).isEqualTo(200);
    assertThat(next.tookNanos()).isLessThan(300 * MILLI);
    assertThat(server.connections()).hasSize(2);
    assertThat(stage.records().stream().filter(r -> r.cause() == CloseCause.SERVER_TIMEOUT))
        .hasSize(2);
    stage.runFor(2 * SECOND);
    assertThat(stage.server().connections()).as("the silent one is closed").isEqualTo(1);
    stage.leak();
  }
}
