package dev.sluice.core.testkittests;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Seeds;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.net.InetSocketAddress;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A whole engine, here the TCP relay, runs in a simulation from end to end. */
class RelaySimulationTest {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.1", 80);
  private static final InetSocketAddress ORIGIN = new InetSocketAddress("192.0.2.2", 8080);
  private static final LoopLimits LIMITS = LoopLimits.defaults().withWork(1024, 256, 256, 1024);
  private static final int CLIENTS = 6;

  @Test
  void bytesAndEndsPassBothWaysOverARoughNetwork() {
    Seeds.forEach(
        60,
        seed -> {
          Simulation simulation =
              new Simulation(seed, SimOptions.rough(new SplittableRandom(seed)));
          simulation.addLoops(2, LIMITS);
          long[] lengths = new long[CLIENTS];
          SimServer.listen(
              simulation,
              ORIGIN,
              peer ->
                  peer.expectUntil("\n")
                      .then(
                          p -> {
                            int client = Integer.parseInt(p.lastMatch().trim());
                            p.expectPattern(client, lengths[client])
                                .sendPattern(100 + client, lengths[client])
                                .shutdownOutput()
                                .expectEnd()
                                .close();
                          }));
          LeakCheck leaks = simulation.leakCheck();
          try (ProxyEngine engine = relay(simulation)) {
            engine.start();
            for (int i = 0; i < CLIENTS; i++) {
              lengths[i] = simulation.random().nextInt(60_000);
              ScriptedPeer.connect(simulation, "client-" + i, FRONT)
                  .send(i + "\n")
                  .sendPattern(i, lengths[i])
                  .expectPattern(100 + i, lengths[i])
                  .expectEnd()
                  .close();
            }
            simulation.run();
            simulation.verifyScripts();
            assertThat(simulation.network().openEndpoints()).isZero();
          }
          leaks.verify();
        });
  }

  @Test
  void faultsLeakNothing() {
    Seeds.forEach(
        150,
        seed -> {
          Simulation simulation =
              new Simulation(seed, SimOptions.hostile(new SplittableRandom(seed), 6));
          simulation.addLoops(2, LIMITS);
          SimServer.listen(
              simulation,
              ORIGIN,
              peer ->
                  peer.toleratesLoss()
                      .expectPattern(1, 5000)
                      .sendPattern(2, 20_000)
                      .expectClosed()
                      .close());
          LeakCheck leaks = simulation.leakCheck();
          try (ProxyEngine engine = relay(simulation)) {
            engine.start();
            for (int i = 0; i < CLIENTS; i++) {
              ScriptedPeer client =
                  ScriptedPeer.connect(simulation, "client-" + i, FRONT)
                      .toleratesLoss()
                      .sendPattern(1, 5000)
                      .expectPattern(2, 20_000)
                      .close();
              simulation.network().schedule(3600_000_000_000L, client::closeNow);
            }
            simulation.run();
            for (ScriptedPeer peer : simulation.peers()) {
              peer.closeNow();
            }
            simulation.run();
            assertThat(simulation.network().openEndpoints()).isZero();
          }
          leaks.verify();
        });
  }

  private static ProxyEngine relay(Simulation simulation) {
    return ProxyEngine.builder()
        .frontend("relay", ProxyMode.TCP, "servers", ListenerConfig.clear(FRONT))
        .backend(BackendConfig.tcp("servers", ServerConfig.clear("a", ORIGIN)))
        .drivenLoops(EngineLoops.driven(simulation.group(), simulation.executor()))
        .build();
  }
}
