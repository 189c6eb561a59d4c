package dev.sluice.pairings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimPoller;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.IOException;
import java.net.InetSocketAddress;
import org.junit.jupiter.api.Test;

/** A socket that was emptied is not read again until the poller says that there is more. */
class NeedlessReadsTest {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.1", 80);
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.2", 8080);
  private static final String REQUEST = "GET / HTTP/1.1\r\nHost: example.org\r\n\r\n";
  private static final String RESPONSE = "HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx";
  private static final int WARM_UPS = 2;
  private static final int EXCHANGES = 20;

  private final Simulation simulation = new Simulation(1);

  @Test
  void keptH1ConnectionsReadOncePerMessage() throws IOException {
    EventLoopGroup loops = simulation.addLoops(1, LoopLimits.defaults());
    SimPoller poller = (SimPoller) loops.loop(0).poller();
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(FRONT))
            .backend(
                BackendConfig.of("app", ServerConfig.clear("a", SERVER))
                    .withPool(PoolConfig.reuse(Reuse.ALWAYS)))
            .drivenLoops(EngineLoops.driven(loops, simulation.executor()))
            .build()) {
      engine.start();
      SimServer.listen(
          simulation,
          SERVER,
          peer -> {
            for (int i = 0; i < WARM_UPS + EXCHANGES; i++) {
              peer.expectUntil("\r\n\r\n").send(RESPONSE);
            }
            peer.expectClosed();
          });
      ScriptedPeer client = ScriptedPeer.connect(simulation, "client", FRONT);
      exchanges(client, WARM_UPS);
      long[] before = {0};
      client.then(peer -> before[0] = poller.emptyReads());
      exchanges(client, EXCHANGES);
      client.then(peer -> before[0] = poller.emptyReads() - before[0]);
      client.close();

      simulation.runUntil(client::done);

      assertThat(before[0]).as("reads that found nothing").isZero();
      simulation.runFor(60_000_000_000L);
    }
    simulation.verifyScripts();
  }

  private static void exchanges(ScriptedPeer client, int count) {
    for (int i = 0; i < count; i++) {
      client.send(REQUEST).expectUntil("\r\n\r\nx");
    }
  }
}
