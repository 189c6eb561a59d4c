package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.tls.TlsServerConfig;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario CM5: a server that has fewer places than was hoped for. */
class FewerSlotsTest {
  private Stage stage = new Stage();
  private final TlsServerConfig h2 = Pki.server("h2");
  private final TlsServerConfig h1 = Pki.server("http/1.1");

  /** A server that speaks h2, and from a moment on h1 only. */
  private H2ScriptedServer multiplexing = H2ScriptedServer.behind(stage.simulation());

  private final List<H1OverAnything> ones = new ArrayList<>();
  private boolean onlyOne;

  /** A connection of the server when it speaks h1: answers after a while, one at a time. */
  private final class H1OverAnything implements Wire.Handler {
    private final MessageReader reader = new MessageReader(false, head -> {}, this::onRequest);
    private int inFlight;
    private int most;

    private void onRequest(Message request) {
      inFlight++;
      most = Math.max(most, inFlight);
      stage
          .simulation()
          .network()
          .schedule(
              50 * MILLI,
              () -> {
                inFlight--;
                Wire to = wire;
                if (to != null && !to.over()) {
                  to.write("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n");
                }
              });
    }

    private Wire wire;

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      wire = from;
      reader.feed(bytes);
    }

    @Override
    public void onEnd(Wire from) {
      from.close();
    }
  }

  private void setUp(int loops) {
    stage = new Stage(1, SimOptions.calm(), loops);
    multiplexing = H2ScriptedServer.behind(stage.simulation());
  }

  private void start() {
    dev.sluice.core.testkit.SimServer.listen(
        stage.simulation(),
        B,
        socket -> {
          if (onlyOne) {
            H1OverAnything one = new H1OverAnything();
            ones.add(one);
            Wire.over(socket, () -> new EngineEnd(h1.newEngine()), one);
          } else {
            Wire.over(socket, () -> new EngineEnd(h2.newEngine()), multiplexing.newConnection());
          }
        });
    stage
        .with(Stage.timeouts(5_000, 10_000, 5_000))
        .start(
            Pki.server("http/1.1"),
            Stage.secure(B, Pki.client("h2", "http/1.1"))
                .withLimits(2, ServerConfig.UNLIMITED, 1024),
            builder -> builder.mux(new H2MuxProvider()));
  }

  private List<H1Client> burst(int requests) {
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < requests; i++) {
      clients.add(stage.client().get("/" + i));
    }
    return clients;
  }

  private void await(List<H1Client> clients) {
    stage
        .simulation()
        .runUntil(
            () -> {
              everyWaiterHasSomethingToWaitFor();
              return clients.stream().allMatch(c -> c.status() != 0 || c.ended());
            });
    assertThat(clients).extracting(H1Client::status).containsOnly(200);
  }

  /** Deadlines are armed for all that wait: what is checked is that something will come. */
  private void everyWaiterHasSomethingToWaitFor() {
    ServerSnapshot now = stage.server();
    assertThat(now.connections()).isLessThanOrEqualTo(2);
    if (now.waiting() > 0) {
      assertThat(now.connecting() + (now.connections() - now.idle()))
          .as("connections being made or busy while " + now.waiting() + " wait")
          .isPositive();
    }
  }

  @ParameterizedTest(name = "{0} loops")
  @ValueSource(ints = {1, 4})
  void serverThatCarriesOneRequestPerConnectionServesAllTheSame(int loops) {
    setUp(loops);
    start();
    await(burst(1));
    stage.runFor(11 * SECOND);
    assertThat(stage.server().connections()).as("idle limit").isZero();
    onlyOne = true;

    long from = stage.now();
    List<H1Client> clients = burst(50);
    await(clients);

    assertThat(stage.now() - from).isBetween(1_200 * MILLI, 1_700 * MILLI);
    assertThat(ones).hasSize(2).allMatch(one -> one.most == 1);
    stage.leak();
  }

  /**
   * On one loop: with fewer connections than loops, busy ones are of use to their own loops only.
   */
  @Test
  void connectionThatTheServerIsLeavingCountsAsNoCapacity() {
    setUp(1);
    List<H2ScriptedServer.Request> slow = new ArrayList<>();
    multiplexing
        .settings(Settings.MAX_CONCURRENT_STREAMS, 100)
        .answering(
            request -> {
              if (slow.size() < 60) {
                slow.add(request);
              } else {
                request.after(50 * MILLI, () -> request.ok("later"));
              }
            });
    start();
    List<H1Client> running = burst(1);
    stage.runFor(50 * MILLI);
    running.addAll(burst(59));
    stage.runFor(100 * MILLI);
    assertThat(slow).hasSize(60);
    assertThat(multiplexing.connections()).hasSize(1);
    H2ScriptedServer.Connection leaving = multiplexing.connection(0);
    leaving.end().settings(Settings.MAX_CONCURRENT_STREAMS, 10);
    leaving.end().goAway(leaving.lastStream(), H2ErrorCode.NO_ERROR);
    stage.runFor(10 * MILLI);

    List<H1Client> later = burst(40);
    await(later);

    assertThat(leaving.lastStream()).isEqualTo(2 * 60 - 1);
    assertThat(multiplexing.connections()).hasSize(2);
    for (H2ScriptedServer.Request each : slow) {
      each.ok("slow");
    }
    await(running);
    stage.runFor(100 * MILLI);
    assertThat(leaving.gone()).as("closed once it was empty").isTrue();
    stage.leak();
  }
}
