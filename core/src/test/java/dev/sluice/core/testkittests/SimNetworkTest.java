package dev.sluice.core.testkittests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.testkit.ManualClock;
import dev.sluice.core.testkit.PatternBytes;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimLink;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** The simulated network behaves like TCP where it matters. */
class SimNetworkTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 80);
  private static final long MILLI = 1_000_000L;
  private static final SimOptions SLOW = SimOptions.calm().withLatency(10 * MILLI, 10 * MILLI);

  private Simulation simulation = new Simulation(1, SLOW);

  @Test
  void bytesTakeOneLatencyAndConnectingTwo() {
    List<Long> times = new ArrayList<>();
    serve(peer -> peer.expect("x").then(p -> times.add(millis())));
    client("client").send("x").then(p -> times.add(millis()));
    simulation.run();
    assertThat(times).containsExactly(20L, 30L);
  }

  @Test
  void halfClosedConnectionStillCarriesTheOtherDirection() {
    serve(peer -> peer.expectEnd().send("late answer").close());
    ScriptedPeer client = client("client").shutdownOutput().expect("late answer").expectEnd();
    client.close();
    finish();
  }

  @Test
  void resetLosesWhatWasNotReadYet() {
    serve(peer -> peer.send("seen").flush().pause(100 * MILLI).reset());
    ScriptedPeer client = client("client").expect("seen").expectReset();
    simulation.run();
    assertThat(client.received()).isEqualTo(4);

    // The same with a client that doesn't read: what has arrived is gone when it looks.
    simulation = new Simulation(1, SLOW);
    serve(peer -> peer.send("lost").flush().pause(100 * MILLI).reset());
    client = client("client").stopReading().pause(300 * MILLI).startReading().expectReset();
    simulation.run();
    assertThat(client.received()).isZero();
  }

  @Test
  void closingWithUnreadBytesResets() {
    serve(peer -> peer.stopReading().pause(100 * MILLI).close());
    ScriptedPeer client = client("client").send("unread").expectReset();
    finish();
    assertThat(client.wasReset()).isTrue();
  }

  @Test
  void bytesForAClosedConnectionAreAnsweredWithAReset() {
    serve(ScriptedPeer::close);
    ScriptedPeer client = client("client").expectEnd().send("too late").expectReset();
    finish();
    assertThat(client.wasReset()).isTrue();
  }

  @Test
  void nobodyListeningRefuses() {
    ScriptedPeer client = client("client").expectRefused();
    finish();
    assertThat(client.connected()).isFalse();
    assertThat(millis()).isEqualTo(20);
  }

  @Test
  void addressCanRefuseForAWhile() {
    serve(peer -> peer.send("x").close());
    simulation.network().refuse(SERVER);
    client("refused").expectRefused();
    simulation.run();
    simulation.network().restore(SERVER);
    client("served").expect("x").expectEnd().close();
    finish();
  }

  @Test
  void blackholeNeverAnswers() {
    serve(peer -> {});
    simulation.network().blackhole(SERVER);
    ScriptedPeer client = client("client");
    simulation.runFor(60_000 * MILLI);
    assertThat(client.connected()).isFalse();
    assertThat(client.refused()).isFalse();
    client.closeNow();
    assertThat(simulation.network().openEndpoints()).isZero();
  }

  @Test
  void connectCanCompleteWithinTheCall() {
    simulation = new Simulation(1, SLOW.withSyncConnect(1));
    ScriptedPeer refused = client("refused");
    assertThat(refused.refused()).isTrue();
    serve(peer -> peer.expect("x").send("y").close());
    ScriptedPeer served = client("served").send("x").expect("y").expectEnd().close();
    assertThat(served.endpoint()).isNotNull();
    if (served.endpoint() != null) {
      assertThat(served.endpoint().established()).isTrue();
    }
    finish();
  }

  @Test
  void fullBacklogMakesClientsTryAgain() {
    SimServer server = SimServer.listen(simulation, SERVER, 1, peer -> peer.send("x").close());
    for (int i = 0; i < 5; i++) {
      client("client-" + i).expect("x").expectEnd().close();
    }
    finish();
    assertThat(server.accepted()).hasSize(5);
  }

  @Test
  void readerThatStopsStopsTheWriter() {
    simulation = new Simulation(1, SLOW.withBuffers(1000, 2000));
    serve(
        peer ->
            peer.stopReading()
                .await("release", () -> millis() > 500)
                .startReading()
                .expectPattern(1, 10_000)
                .close());
    ScriptedPeer client = client("client").sendPattern(1, 10_000).flush();
    simulation.runFor(500 * MILLI);
    // What the receive window holds, and a send buffer of which nothing is acknowledged.
    assertThat(client.sent()).isEqualTo(3000);
    simulation.runFor(MILLI);
    simulation.peers().forEach(ScriptedPeer::wake);
    client.expectEnd().close();
    finish();
  }

  @Test
  void cutLinkCarriesNothingAndTellsNobody() {
    serve(peer -> peer.expect("x").send("y").expect("z"));
    ScriptedPeer client = client("client").send("x").expect("y").send("z");
    simulation.runUntil(() -> client.received() == 1);
    SimLink link = simulation.network().linksTo(SERVER).get(0);
    link.cutSilently();
    simulation.runFor(60_000 * MILLI);
    assertThat(client.ended()).isFalse();
    assertThat(client.wasReset()).isFalse();
    assertThat(simulation.peers().get(1).done()).isFalse();
  }

  @Test
  void linkCanBeResetFromOutside() {
    serve(peer -> peer.expectReset());
    client("client").expectReset();
    simulation.network().schedule(50 * MILLI, () -> simulation.network().links().get(0).reset());
    finish();
  }

  @Test
  void clientThatGivesUpWhileConnectingIsNotServedOrResetsAtOnce() {
    List<ScriptedPeer> accepted = new ArrayList<>();
    serve(peer -> accepted.add(peer.expectReset()));
    ScriptedPeer early = client("early");
    simulation.network().schedule(5 * MILLI, early::closeNow);
    ScriptedPeer late = client("late");
    simulation.network().schedule(15 * MILLI, late::closeNow);
    finish();
    assertThat(accepted).hasSize(1);
  }

  @Test
  void wildcardListenerServesAnyAddressOfItsPort() {
    SimServer.listen(
        simulation, new InetSocketAddress("0.0.0.0", 80), peer -> peer.send("x").close());
    client("client").expect("x").expectEnd().close();
    finish();
  }

  @Test
  void portIsListenedOnOnce() {
    SimServer first = serve(peer -> {});
    assertThatThrownBy(() -> serve(peer -> {})).hasMessageContaining("Address already in use");
    first.close();
    serve(peer -> {}).close();
  }

  @Test
  void callbackSeesAllBytesWhateverTheCuts() {
    simulation = new Simulation(1, SimOptions.rough(new SplittableRandom(5)).withSyncConnect(0));
    byte[] sent = PatternBytes.of(3, 40_000);
    ByteArrayOutputStream seen = new ByteArrayOutputStream();
    serve(
        peer ->
            peer.onBytes(
                    (p, bytes) -> {
                      seen.writeBytes(bytes);
                      p.write(bytes);
                    })
                .onEnd(ScriptedPeer::close));
    client("client").send(sent).expectPattern(3, 40_000).close();
    finish();
    assertThat(seen.toByteArray()).isEqualTo(sent);
  }

  @Test
  void missingBytesAreNamedWhenTheConnectionEnds() {
    serve(peer -> peer.send("half").close());
    client("client").expect("half and half");
    assertThatThrownBy(simulation::run)
        .hasMessageContaining("client still expected \"half and half\"");
  }

  @Test
  void toleratedLossEndsTheScript() {
    serve(peer -> peer.send("half").close());
    ScriptedPeer client = client("client").toleratesLoss().expect("half and half").expect("more");
    finish();
    assertThat(client.lost()).isTrue();
    assertThat(client.done()).isTrue();
  }

  private SimServer serve(Consumer<ScriptedPeer> script) {
    return SimServer.listen(simulation, SERVER, script);
  }

  private ScriptedPeer client(String name) {
    return ScriptedPeer.connect(simulation, name, SERVER);
  }

  private long millis() {
    return (simulation.clock().nanoTime() - ManualClock.START_NANOS) / MILLI;
  }

  private void finish() {
    simulation.run();
    simulation.verifyScripts();
  }
}
