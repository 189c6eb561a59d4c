package dev.sluice.core.testkittests;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.loop.EchoConnection;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.ListenOptions;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.ManualClock;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Seeds;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.SimulationFailure;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.HashSet;
import java.util.Set;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

class SimulationTest {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 80);
  private static final long SECOND = 1_000_000_000L;

  @Test
  void loopServesPeersAndLeavesNothingBehind() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    LeakCheck leaks = simulation.leakCheck();
    serve(loop, 60 * SECOND);
    ScriptedPeer peer =
        ScriptedPeer.connect(simulation, "client", SERVER)
            .send("hello")
            .expect("hello")
            .shutdownOutput()
            .expectEnd()
            .close();

    simulation.run();

    simulation.verifyScripts();
    assertThat(peer.received()).isEqualTo(5);
    leaks.verify();
  }

  @Test
  void bytesSurviveARoughNetwork() {
    Seeds.forEach(
        100,
        seed -> {
          SimOptions options = SimOptions.rough(new SplittableRandom(seed));
          Simulation simulation = new Simulation(seed, options);
          EventLoop loop = simulation.addLoop();
          LeakCheck leaks = simulation.leakCheck();
          serve(loop, 600 * SECOND);
          for (int i = 0; i < 5; i++) {
            long length = simulation.random().nextInt(100_000);
            ScriptedPeer.connect(simulation, "client-" + i, SERVER)
                .sendPattern(i, length)
                .expectPattern(i, length)
                .shutdownOutput()
                .expectEnd()
                .close();
          }
          simulation.run();
          simulation.verifyScripts();
          leaks.verify();
        });
  }

  @Test
  void faultsEndConnectionsButLeakNothing() {
    int[] lost = {0};
    int[] faults = {0};
    Seeds.forEach(
        200,
        seed -> {
          SimOptions options = SimOptions.hostile(new SplittableRandom(seed), 5);
          Simulation simulation = new Simulation(seed, options);
          EventLoop loop = simulation.addLoop();
          LeakCheck leaks = simulation.leakCheck();
          serve(loop, 30 * SECOND);
          for (int i = 0; i < 5; i++) {
            long length = simulation.random().nextInt(50_000);
            ScriptedPeer peer =
                ScriptedPeer.connect(simulation, "client-" + i, SERVER)
                    .toleratesLoss()
                    .sendPattern(i, length)
                    .expectPattern(i, length)
                    .close();
            simulation.network().schedule(60 * SECOND, peer::closeNow);
          }
          simulation.run();
          leaks.verify();
          faults[0] += simulation.network().faults();
          for (ScriptedPeer peer : simulation.peers()) {
            lost[0] += peer.lost() || !peer.done() ? 1 : 0;
          }
        });
    if (!Seeds.replaying()) {
      assertThat(faults[0]).isGreaterThan(100);
      assertThat(lost[0]).isGreaterThan(20);
    }
  }

  @Test
  void sameSeedGivesTheSameRunAndOthersDiffer() {
    Set<Long> hashes = new HashSet<>();
    for (long seed = 1; seed <= 20; seed++) {
      long first = hostileRun(seed);
      assertThat(hostileRun(seed)).isEqualTo(first);
      hashes.add(first);
    }
    assertThat(hashes).hasSize(20);
  }

  @Test
  void clockJumpsToTheNextTimer() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    long[] firedNanos = {0};
    Timer timer =
        new Timer() {
          @Override
          protected void onTimer(long nowNanos) {
            firedNanos[0] = nowNanos;
          }
        };
    loop.runInTurn(() -> loop.schedule(timer, 3600 * SECOND));

    simulation.run();

    assertThat(firedNanos[0]).isEqualTo(ManualClock.START_NANOS + 3600 * SECOND);
  }

  @Test
  void runForStopsAtItsTime() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    serve(loop, 10 * SECOND);
    ScriptedPeer peer = ScriptedPeer.connect(simulation, "client", SERVER).send("x").expect("x");

    simulation.runFor(5 * SECOND);
    assertThat(simulation.clock().nanoTime()).isEqualTo(ManualClock.START_NANOS + 5 * SECOND);
    assertThat(loop.connectionCount()).isEqualTo(1);
    assertThat(peer.ended()).isFalse();
    simulation.runFor(6 * SECOND);
    assertThat(loop.connectionCount()).isZero();
    assertThat(peer.ended()).isTrue();
  }

  @Test
  void lentTasksRunOutsideOfTheLoopAndAnswerByATask() {
    Simulation simulation = new Simulation(3);
    EventLoop loop = simulation.addLoop();
    boolean[] inLoop = new boolean[2];
    loop.execute(
        () ->
            simulation
                .executor()
                .execute(
                    () -> {
                      inLoop[0] = loop.inLoop();
                      loop.execute(() -> inLoop[1] = loop.inLoop());
                    }));
    simulation.executor().hold();
    simulation.run();
    assertThat(simulation.executor().pending()).isEqualTo(1);
    simulation.executor().proceed();
    simulation.run();

    assertThat(simulation.executor().pending()).isZero();
    assertThat(inLoop).containsExactly(false, true);
  }

  @Test
  void loopIsNotInItselfWhileAnotherTakesItsTurn() {
    Simulation simulation = new Simulation(1);
    EventLoop first = simulation.addLoop();
    EventLoop second = simulation.addLoop();
    boolean[] seen = new boolean[2];
    first.execute(
        () -> {
          seen[0] = first.inLoop();
          seen[1] = second.inLoop();
        });
    simulation.run();
    assertThat(seen).containsExactly(true, false);
  }

  @Test
  void failureReportedByALoopFailsTheRunAndNamesTheSeed() {
    Simulation simulation = new Simulation(77);
    EventLoop loop = simulation.addLoop();
    loop.execute(
        () -> {
          throw new IllegalStateException("broken");
        });
    assertThatThrownBy(simulation::run)
        .isInstanceOf(SimulationFailure.class)
        .hasMessageContaining("-Dsluice.seed=77")
        .hasMessageContaining("broken");
  }

  @Test
  void toleratedFailureLetsTheRunGoOn() {
    Simulation simulation = new Simulation(77);
    simulation.tolerate(failure -> "expected".equals(failure.getMessage()));
    EventLoop loop = simulation.addLoop();
    loop.execute(
        () -> {
          throw new IllegalStateException("expected");
        });
    simulation.run();
    assertThat(simulation.toleratedFailures()).hasSize(1);
  }

  @Test
  void livelockIsNoticed() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    Runnable[] again = new Runnable[1];
    again[0] = () -> loop.execute(again[0]);
    again[0].run();
    assertThatThrownBy(simulation::run).hasMessageContaining("livelock");
  }

  @Test
  void unmetExpectationFailsTheRun() {
    Simulation simulation = new Simulation(1);
    serve(simulation.addLoop(), SECOND);
    ScriptedPeer.connect(simulation, "client", SERVER).send("abc").expect("abd");
    assertThatThrownBy(simulation::run).hasMessageContaining("expected \"abd\" but got \"abc\"");
  }

  @Test
  void unfinishedScriptIsNamed() {
    Simulation simulation = new Simulation(1);
    serve(simulation.addLoop(), SECOND);
    ScriptedPeer.connect(simulation, "client", SERVER).await("godot", () -> false);
    simulation.run();
    assertThatThrownBy(simulation::verifyScripts).hasMessageContaining("await godot");
  }

  @Test
  void leakIsNamed() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    LeakCheck leaks = simulation.leakCheck();
    loop.execute(() -> loop.directBuffers().acquire());
    simulation.run();
    assertThatThrownBy(leaks::verify)
        .hasMessageContaining("loop-0: live direct buffers: 1 instead of 0");
  }

  @Test
  void stoppingTheLoopsClosesTheirSockets() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    serve(loop, 60 * SECOND);
    ScriptedPeer peer = ScriptedPeer.connect(simulation, "client", SERVER).send("x").expect("x");
    simulation.runUntil(peer::done);
    simulation.stop();
    peer.expectEnd().close();
    simulation.run();
    simulation.verifyScripts();
    assertThat(simulation.network().openEndpoints()).isZero();
    assertThat(simulation.network().openListeners()).isZero();
  }

  @Test
  void loopsAllocateNothingWhileTheyPassBytes() {
    Simulation simulation = new Simulation(1);
    EventLoop loop = simulation.addLoop();
    serve(loop, 60 * SECOND);
    ScriptedPeer peer = ScriptedPeer.connect(simulation, "client", SERVER);
    long least = Long.MAX_VALUE;
    for (int window = 0; window < 8; window++) {
      for (int i = 0; i < 200; i++) {
        peer.send("hello").expect("hello");
      }
      simulation.measureAllocations();
      simulation.runUntil(peer::done);
      least = Math.min(least, simulation.loopAllocatedBytes());
    }
    assertThat(least).isZero();
  }

  private static long hostileRun(long seed) {
    Simulation simulation = new Simulation(seed, SimOptions.hostile(new SplittableRandom(seed), 5));
    simulation.addLoops(2, LoopLimits.defaults());
    serve(simulation.loops().get(0), 30 * SECOND);
    for (int i = 0; i < 4; i++) {
      ScriptedPeer.connect(simulation, "client-" + i, SERVER)
          .toleratesLoss()
          .sendPattern(i, 10_000)
          .expectPattern(i, 10_000)
          .close();
    }
    simulation.run();
    return simulation.traceHash();
  }

  private static void serve(EventLoop loop, long idleTimeoutNanos) {
    loop.runInTurn(
        () -> {
          try {
            loop.poller()
                .listen(
                    SERVER,
                    ListenOptions.defaults(),
                    EchoConnection.acceptOn(loop, idleTimeoutNanos));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }
}
