package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L2;
import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenario CM4: a burst while nothing is known of the server's protocol, on one loop and over four.
 */
class ColdBurstTest {
  private static final int REQUESTS = 100;
  private static final int HANDSHAKES_MAX = 4;

  private Stage stage = new Stage();
  private final TlsClientConfig offer = Pki.client("h2", "http/1.1");
  private int mostConnecting;

  private H2ScriptedClient client() {
    TlsClientConfig tls = Pki.client("h2");
    return H2ScriptedClient.connect(
        stage.simulation(), "h2", L2, () -> new EngineEnd(tls.newEngine(Pki.NAME)));
  }

  private List<H2ScriptedClient.Answer> burst() {
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, offer),
        builder -> builder.mux(new H2MuxProvider()));
    H2ScriptedClient client = client();
    List<H2ScriptedClient.Answer> answers = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      answers.add(client.get("/" + i));
    }
    stage
        .simulation()
        .runUntil(
            () -> {
              mostConnecting = Math.max(mostConnecting, stage.server().connecting());
              return client.wire().over()
                  || answers.stream().allMatch(H2ScriptedClient.Answer::over);
            });
    stage.runFor(100 * MILLI);
    client.wire().close();
    assertThat(answers).extracting(H2ScriptedClient.Answer::status).containsOnly(200);
    return answers;
  }

  @ParameterizedTest(name = "{0} loops")
  @ValueSource(ints = {1, 4})
  void burstIsSharedOutOverTheFirstConnections(int loops) {
    stage = new Stage(1, SimOptions.calm(), loops);
    TlsServerConfig tls = Pki.server("h2");
    H2ScriptedServer server =
        H2ScriptedServer.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()))
            .handshakesAfter(200 * MILLI)
            .settings(Settings.MAX_CONCURRENT_STREAMS, 128);

    List<H2ScriptedClient.Answer> answers = burst();

    assertThat(mostConnecting).isEqualTo(HANDSHAKES_MAX);
    assertThat(server.connections()).hasSizeLessThanOrEqualTo(HANDSHAKES_MAX);
    assertThat(answers).allMatch(answer -> answer.tookNanos() < 500 * MILLI);
    assertThat(stage.records()).extracting(ExchangeRecord::backProtocol).containsOnly("h2");
    assertThat(stage.server().idle())
        .as("what was surplus is kept idle")
        .isEqualTo(server.connections().size());
    stage.leak();
    assertThat(server.open()).isZero();
  }

  @ParameterizedTest(name = "{0} loops")
  @ValueSource(ints = {1, 4})
  void burstOpensMoreConnectionsOnceTheProtocolTurnsOutToCarryOneRequestEach(int loops) {
    stage = new Stage(1, SimOptions.calm(), loops);
    H1Origin server = stage.origin(Pki.server("http/1.1"));
    server.handshakesAfter(200 * MILLI);

    List<H2ScriptedClient.Answer> answers = burst();

    assertThat(server.connections()).hasSizeBetween(HANDSHAKES_MAX + 1, 64);
    assertThat(answers).allMatch(answer -> answer.tookNanos() < SECOND);
    assertThat(stage.records()).extracting(ExchangeRecord::backProtocol).containsOnly("h1");
    stage.leak();
  }

  @Test
  void burstOfManyClientsOnAllLoopsBeginsNoMoreHandshakesEither() {
    stage = new Stage(1, SimOptions.calm(), 4);
    TlsServerConfig tls = Pki.server("h2");
    H2ScriptedServer server =
        H2ScriptedServer.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()))
            .handshakesAfter(200 * MILLI)
            .settings(Settings.MAX_CONCURRENT_STREAMS, 128);
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, offer),
        builder -> builder.mux(new H2MuxProvider()));
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      clients.add(stage.client().get("/" + i));
    }
    stage.runFor(150 * MILLI);
    assertThat(stage.server().connecting()).isEqualTo(HANDSHAKES_MAX);

    stage.simulation().runUntil(() -> clients.stream().allMatch(client -> client.status() != 0));

    assertThat(clients).extracting(H1Client::status).containsOnly(200);
    assertThat(clients).allMatch(client -> client.tookNanos() < SECOND);
    assertThat(server.connections())
        .as("a loop that got none makes one of its own once the protocol is known")
        .hasSizeLessThanOrEqualTo(2 * HANDSHAKES_MAX);
    stage.leak();
    assertThat(server.open()).isZero();
  }
}
