package dev.sluice.bench;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.AccessLogOptions;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the loop's thread allocates once everything is warm: every pairing of h1 and h2, connections
 * kept, observer and access log on. The ceilings stand in {@code allocation-ceilings.properties}.
 *
 * <p>The simulation shows what the engine itself allocates, and real sockets what the JDK adds.
 */
class AllocationGateTest {
  /**
   * On a machine that stalls, the purge takes what is not needed just then, to be dialled again.
   */
  private static final PoolConfig UNPURGED =
      PoolConfig.defaults()
          .withRetirement(RetirementConfig.defaults().withPurgeInterval(Duration.ZERO));

  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final InetSocketAddress SIM_FRONT = new InetSocketAddress("192.0.2.10", 80);
  private static final InetSocketAddress SIM_MIDDLE = new InetSocketAddress("192.0.2.11", 80);
  private static final InetSocketAddress SIM_FAR = new InetSocketAddress("192.0.2.12", 80);
  private static final InetSocketAddress SIM_SERVER = new InetSocketAddress("192.0.2.20", 8080);
  private static final int TLS_EXCHANGES = 10_000;

  /** An exchange through three engines costs more than three times one through a single one. */
  private static final int CHAIN_SHARE = 10;

  /** A simulation shares its thread with all peers, and takes longer until all is compiled. */
  private static final long SIM_WARM_UP_FACTOR = 3L;

  private final AllocationCeilings ceilings = AllocationCeilings.read();

  @ParameterizedTest
  @EnumSource
  void simulatedNetworkStaysBelowItsCeiling(AllocationCase what) throws IOException {
    Simulation simulation = new Simulation(1);
    LoopObserver observer = new LoopObserver();
    try (ProxyEngine engine =
        engine(observer, ListenerConfig.clear(SIM_FRONT), ServerConfig.clear("a", SIM_SERVER))
            .drivenLoops(
                EngineLoops.driven(
                    simulation.addLoops(1, LoopLimits.defaults()), simulation.executor()))
            .build()) {
      engine.start();
      byte[] response = what.response();
      SimServer.listen(
          simulation,
          SIM_SERVER,
          peer -> answering(peer, new MessageCounter(what.contentBytes), response));
      byte[] request = what.request();
      for (int i = 0; i < 4; i++) {
        ScriptedPeer client = ScriptedPeer.connect(simulation, "client-" + i, SIM_FRONT);
        client.send(request);
        answering(client, new MessageCounter(what.contentBytes), request);
      }
      simulation.runUntil(() -> observer.complete() >= SIM_WARM_UP_FACTOR * what.warmUps);
      ceilings.check(
          "simulation." + what.label,
          what.exchanges,
          () -> {
            simulation.measureAllocations();
            long before = observer.complete();
            simulation.runUntil(() -> observer.complete() - before >= what.exchanges);
            return simulation.loopAllocatedBytes();
          });
      assertThat(observer.failed()).isZero();
    }
  }

  private static void answering(ScriptedPeer peer, MessageCounter messages, byte[] answer) {
    peer.onBytes(
        (from, bytes) -> {
          for (int whole = messages.count(bytes, 0, bytes.length); whole > 0; whole--) {
            from.write(answer);
          }
        });
  }

  @ParameterizedTest
  @EnumSource
  void realSocketsStayBelowTheirCeiling(AllocationCase what) throws IOException {
    LoopObserver observer = new LoopObserver();
    try (SocketOrigin origin = new SocketOrigin(what);
        ProxyEngine engine =
            engine(observer, ListenerConfig.clear(ANY), ServerConfig.clear("a", origin.address()))
                .build()) {
      engine.start();
      try (SocketClients clients = new SocketClients(what, engine.address("front", 0))) {
        clients.run(what.warmUps);
        ceilings.check(
            "sockets." + what.label,
            what.exchanges,
            () -> {
              long before = observer.loopBytes();
              clients.run(what.exchanges);
              return observer.loopBytes() - before;
            });
      }
      assertThat(observer.failed()).isZero();
      assertThat(origin.problem()).isNull();
    }
  }

  /**
   * Three engines in a row, so that each pairing that has h2 in it is between them: h1 to h2, h2 to
   * h2, h2 to h1. All loops together.
   */
  @ParameterizedTest
  @EnumSource
  void pairingsWithH2StayBelowTheirCeilingOnTheSimulatedNetwork(AllocationCase what)
      throws IOException {
    Simulation simulation = new Simulation(1);
    LoopObserver observer = new LoopObserver();
    EngineLoops loops =
        EngineLoops.driven(simulation.addLoops(1, LoopLimits.defaults()), simulation.executor());
    byte[] response = what.response();
    SimServer.listen(
        simulation,
        SIM_SERVER,
        peer -> answering(peer, new MessageCounter(what.contentBytes), response));
    try (ProxyEngine near =
            engine(observer, ListenerConfig.clear(SIM_FRONT), h2Server(SIM_MIDDLE))
                .drivenLoops(loops)
                .build();
        ProxyEngine middle =
            engine(new LoopObserver(), h2Listener(SIM_MIDDLE), h2Server(SIM_FAR))
                .drivenLoops(loops)
                .build();
        ProxyEngine far =
            engine(
                    new LoopObserver(),
                    ListenerConfig.clear(SIM_FAR),
                    ServerConfig.clear("a", SIM_SERVER))
                .drivenLoops(loops)
                .build()) {
      far.start();
      middle.start();
      near.start();
      byte[] request = what.request();
      for (int i = 0; i < 4; i++) {
        ScriptedPeer client = ScriptedPeer.connect(simulation, "client-" + i, SIM_FRONT);
        client.send(request);
        answering(client, new MessageCounter(what.contentBytes), request);
      }
      simulation.runUntil(() -> observer.complete() >= SIM_WARM_UP_FACTOR * what.warmUps);
      ceilings.check(
          "simulation.h2." + what.label,
          what.exchanges / CHAIN_SHARE,
          () -> {
            simulation.measureAllocations();
            long before = observer.complete();
            simulation.runUntil(() -> observer.complete() - before >= what.exchanges / CHAIN_SHARE);
            return simulation.loopAllocatedBytes();
          });
      assertThat(observer.failed()).isZero();
    }
  }

  /** The same over real sockets, each pairing on a loop of its own. */
  @ParameterizedTest
  @EnumSource
  void pairingsWithH2StayBelowTheirCeilings(AllocationCase what) throws IOException {
    LoopObserver h1ToH2 = new LoopObserver();
    LoopObserver h2ToH2 = new LoopObserver();
    LoopObserver h2ToH1 = new LoopObserver();
    try (SocketOrigin origin = new SocketOrigin(what);
        ProxyEngine far =
            engine(h2ToH1, h2Listener(ANY), ServerConfig.clear("a", origin.address())).build()) {
      far.start();
      try (ProxyEngine middle =
          engine(h2ToH2, ListenerConfig.clear(ANY), h2Server(far.address("front", 0))).build()) {
        middle.start();
        try (ProxyEngine near =
            engine(h1ToH2, ListenerConfig.clear(ANY), h2Server(middle.address("front", 0)))
                .build()) {
          near.start();
          try (SocketClients clients = new SocketClients(what, near.address("front", 0))) {
            clients.run(what.warmUps);
            check("sockets.h1-h2.", what, clients, h1ToH2);
            check("sockets.h2-h2.", what, clients, h2ToH2);
            check("sockets.h2-h1.", what, clients, h2ToH1);
          }
        }
      }
      assertThat(h1ToH2.failed() + h2ToH2.failed() + h2ToH1.failed()).isZero();
      assertThat(origin.problem()).isNull();
    }
  }

  private void check(String row, AllocationCase what, SocketClients clients, LoopObserver observer)
      throws IOException {
    ceilings.check(
        row + what.label,
        what.exchanges / CHAIN_SHARE,
        () -> {
          long before = observer.loopBytes();
          clients.run(what.exchanges / CHAIN_SHARE);
          return observer.loopBytes() - before;
        });
  }

  private static ListenerConfig h2Listener(InetSocketAddress address) {
    return ListenerConfig.clear(address).withMux("h2");
  }

  private static ServerConfig h2Server(InetSocketAddress address) {
    return ServerConfig.clear("a", address).withMux("h2");
  }

  /** One engine speaks TLS to another, so that each side has a loop of its own to be measured. */
  @Test
  void tlsAllocatesNoMoreThanItsCeilingPerExchange() throws IOException {
    AllocationCase what = AllocationCase.KIBIBYTE;
    DevelopmentCertificates certificates = DevelopmentCertificates.create();
    TlsServerConfig listener =
        TlsServerConfig.builder()
            .identity(certificates.server(KeyType.ECDSA_P256, "localhost"))
            .applicationProtocols("http/1.1")
            .build();
    TlsClientConfig dialler =
        TlsClientConfig.builder()
            .trust(TlsTrust.of(certificates.certificate()))
            .applicationProtocols("http/1.1")
            .build();
    LoopObserver far = new LoopObserver();
    LoopObserver near = new LoopObserver();
    try (SocketOrigin origin = new SocketOrigin(what);
        ProxyEngine farEngine =
            engine(
                    far,
                    ListenerConfig.with(ANY, listener),
                    ServerConfig.clear("a", origin.address()))
                .build()) {
      farEngine.start();
      ServerConfig secure =
          ServerConfig.with("a", farEngine.address("front", 0), dialler, "localhost");
      try (ProxyEngine nearEngine = engine(near, ListenerConfig.clear(ANY), secure).build()) {
        nearEngine.start();
        try (SocketClients clients = new SocketClients(what, nearEngine.address("front", 0))) {
          clients.run(what.warmUps);
          long farBefore = far.loopBytes();
          long nearBefore = near.loopBytes();
          int done = clients.run(TLS_EXCHANGES);

          ceilings.checkEach("tls.front.1k", done, far.loopBytes() - farBefore);
          ceilings.checkEach("tls.back.1k", done, near.loopBytes() - nearBefore);
        }
      }
      assertThat(near.failed() + far.failed()).isZero();
    }
  }

  private static ProxyEngineBuilder engine(
      LoopObserver observer, ListenerConfig listener, ServerConfig server) {
    return ProxyEngine.builder()
        .frontend("front", ProxyMode.HTTP, "back", listener)
        .backend(BackendConfig.of("back", server).withPool(UNPURGED))
        .observer(observer)
        .accessLog(AccessLogOptions.stream(OutputStream.nullOutputStream()));
  }
}
