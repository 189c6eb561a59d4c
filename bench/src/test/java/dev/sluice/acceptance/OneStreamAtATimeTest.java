package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario H2-5: bursts before SETTINGS, and a server that takes one stream at a time. */
class OneStreamAtATimeTest {
  private static final int ASSUMED = 10;
  private static final int REFUSALS_MAX = 3;

  private final TlsServerConfig tls = Pki.server("h2");

  private void burst(int requests, int connectionsMax, boolean posts, int loops) {
    Stage stage = new Stage(1, SimOptions.calm(), loops);
    H2ScriptedServer server =
        H2ScriptedServer.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()))
            .settings(Settings.MAX_CONCURRENT_STREAMS, 1)
            .settingsAfter(300 * MILLI)
            .refusingBeyond(1)
            .answering(request -> request.after(20 * MILLI, () -> request.ok(request.path())));
    stage
        .with(Stage.timeouts(5_000, 10_000, 5_000))
        .start(
            Pki.server("http/1.1"),
            Stage.secure(B, Pki.client("h2", "http/1.1"))
                .withLimits(connectionsMax, ServerConfig.UNLIMITED, 1024),
            builder -> builder.mux(new H2MuxProvider()));
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      H1Client client = stage.client();
      clients.add(
          posts ? client.ask("POST", "/" + i, "0123456789".repeat(10)) : client.get("/" + i));
    }
    stage.simulation().runUntil(() -> clients.stream().allMatch(c -> c.status() != 0 || c.ended()));
    assertThat(clients).extracting(H1Client::status).containsOnly(200);
    for (int i = 0; i < requests; i++) {
      assertThat(clients.get(i).response(0).bodyText()).isEqualTo("/" + i);
    }
    stage.runFor(MILLI);
    assertThat(server.connections()).hasSizeLessThanOrEqualTo(connectionsMax);
    assertThat(server.connections())
        .allMatch(connection -> connection.unsettled() <= ASSUMED)
        .allMatch(connection -> connection.mostSettled() <= 1);
    assertThat(stage.records()).allMatch(record -> record.retries() <= REFUSALS_MAX);
    assertThat(stage.records()).as("some were refused").anyMatch(record -> record.retries() > 0);
    assertThat(server.requests()).filteredOn(request -> !request.refused).hasSize(requests);
    if (posts) {
      assertThat(server.requests())
          .filteredOn(request -> !request.refused)
          .allMatch(request -> request.content.length() == 100);
    }
    stage.leak();
  }

  /** Step a. */
  @ParameterizedTest(name = "posts: {0}, loops: {1}")
  @CsvSource({"false,1", "true,1", "false,4", "true,4"})
  void requestsThatWereRefusedAreSentAgain(boolean posts, int loops) {
    burst(30, 4, posts, loops);
  }

  /** Step b. */
  @ParameterizedTest(name = "posts: {0}, loops: {1}")
  @CsvSource({"false,1", "true,1", "false,4", "true,4"})
  void oneConnectionIsEnough(boolean posts, int loops) {
    burst(100, 1, posts, loops);
  }
}
