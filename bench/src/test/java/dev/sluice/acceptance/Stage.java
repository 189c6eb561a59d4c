package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An engine in a simulation, with a clear listener {@link #L1} and a TLS listener {@link #L2} in
 * front of the backend "b"; and the check that closes every scenario.
 */
final class Stage {
  static final InetSocketAddress L1 = new InetSocketAddress("192.0.2.10", 80);
  static final InetSocketAddress L2 = new InetSocketAddress("192.0.2.10", 443);
  static final InetSocketAddress B = new InetSocketAddress("192.0.2.101", 8080);
  static final InetSocketAddress B2 = new InetSocketAddress("192.0.2.102", 8080);

  static final long MILLI = 1_000_000L;
  static final long SECOND = 1_000 * MILLI;

  /** What holds unless a scenario says otherwise. */
  static final TimeoutConfig TIMEOUTS = timeouts(5_000, 10_000, 1_000);

  private final Simulation simulation;
  private final EventLoopGroup group;
  private final LeakCheck leaks;
  private final List<ExchangeRecord> records = new ArrayList<>();
  private final List<Failure> connectFailures = new ArrayList<>();
  private final List<H1Client> clients = new ArrayList<>();
  private TimeoutConfig timeouts = TIMEOUTS;
  private UnaryOperator<BackendConfig> backend = UnaryOperator.identity();
  private @Nullable ProxyEngine engine;
  private boolean endless;

  Stage() {
    this(1, SimOptions.calm(), 1);
  }

  Stage(long seed, SimOptions options, int loops) {
    this(seed, options, loops, LoopLimits.defaults());
  }

  Stage(long seed, SimOptions options, int loops, LoopLimits limits) {
    simulation = new Simulation(seed, options);
    group = simulation.addLoops(loops, limits);
    leaks = simulation.leakCheck();
  }

  /** Timeouts with these for server, idle and queue, in milliseconds. */
  static TimeoutConfig timeouts(long server, long idle, long queue) {
    return new TimeoutConfig(
        Duration.ofSeconds(1),
        Duration.ofSeconds(2),
        Duration.ofMillis(queue),
        Duration.ofSeconds(5),
        Duration.ofMillis(server),
        Duration.ofSeconds(5),
        Duration.ofSeconds(5),
        Duration.ofSeconds(60),
        Duration.ofMillis(idle),
        Duration.ofSeconds(1));
  }

  /**
   * The engine always has something to do, such as to look names up, and is stopped after a minute.
   */
  Stage endless() {
    endless = true;
    return this;
  }

  Stage with(TimeoutConfig others) {
    timeouts = others;
    return this;
  }

  /** Changes the backend before the engine starts. */
  Stage withBackend(UnaryOperator<BackendConfig> change) {
    backend = change;
    return this;
  }

  /** A clear server, with the usual limit of connections. */
  static ServerConfig clear(InetSocketAddress address) {
    return limited(ServerConfig.clear("s", address));
  }

  /** A server behind TLS. */
  static ServerConfig secure(InetSocketAddress address, TlsClientConfig tls) {
    return limited(ServerConfig.with("s", address, tls, Pki.NAME));
  }

  private static ServerConfig limited(ServerConfig server) {
    return server.withLimits(64, ServerConfig.UNLIMITED, 1024);
  }

  Stage start(ServerConfig server) {
    return start(Pki.server("http/1.1"), server, UnaryOperator.identity());
  }

  /** Starts the engine, with h1, TLS, and a second mux that has a token of its own. */
  Stage start(
      TlsServerConfig front, ServerConfig server, UnaryOperator<ProxyEngineBuilder> change) {
    ProxyEngineBuilder builder =
        ProxyEngine.builder()
            .frontend(
                "front",
                ProxyMode.HTTP,
                "b",
                ListenerConfig.clear(L1),
                ListenerConfig.with(L2, front))
            .backend(
                backend.apply(
                    BackendConfig.of("b", server).withPool(PoolConfig.reuse(Reuse.ALWAYS))))
            .timeouts(timeouts)
            .mux(TestMuxProvider.multi())
            .observer(new Observer())
            .drivenLoops(EngineLoops.driven(group, simulation.executor()));
    ProxyEngine built = change.apply(builder).build();
    try {
      built.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine = built;
    return this;
  }

  Simulation simulation() {
    return simulation;
  }

  ProxyEngine engine() {
    ProxyEngine started = engine;
    assert started != null;
    return started;
  }

  ServerSnapshot server() {
    return engine().snapshot().servers().get(0);
  }

  List<ExchangeRecord> records() {
    return records;
  }

  /** Why connections to servers came to nothing. */
  List<Failure> connectFailures() {
    return connectFailures;
  }

  /** A clear server of h1 at {@link #B}. */
  H1Origin origin() {
    return H1Origin.listen(simulation, B, null);
  }

  /** A server of h1 behind TLS at {@link #B}. */
  H1Origin origin(TlsServerConfig tls) {
    return H1Origin.listen(simulation, B, () -> new EngineEnd(tls.newEngine()));
  }

  /** A client of the clear listener. */
  H1Client client() {
    return client(L1, null);
  }

  /** A client of the TLS listener. */
  H1Client secureClient() {
    TlsClientConfig tls = Pki.client("http/1.1");
    return client(L2, () -> new EngineEnd(tls.newEngine(Pki.NAME)));
  }

  H1Client client(InetSocketAddress address, @Nullable Supplier<TlsEnd> tls) {
    H1Client client = H1Client.connect(simulation, "client-" + clients.size(), address, tls);
    clients.add(client);
    return client;
  }

  /** Runs until the client has so many final responses, or its connection is over. */
  Stage await(H1Client client, int responses) {
    simulation.runUntil(
        () ->
            client.responses().size() >= responses
                || client.ended()
                || client.wire().socket().refused());
    return this;
  }

  void runFor(long nanos) {
    simulation.runFor(nanos);
  }

  long now() {
    return simulation.clock().nanoTime();
  }

  /**
   * Closes what clients are left. Two seconds later nothing is busy and every exchange has its
   * record; and when what is idle has reached its limit, everything is back at its start.
   */
  void leak() {
    for (H1Client client : clients) {
      if (!client.wire().over()) {
        client.wire().close();
      }
    }
    simulation.runFor(2 * SECOND);
    verifyQuiet();
    if (endless) {
      simulation.runFor(60 * SECOND);
    } else {
      simulation.run();
    }
    engine().stop();
    simulation.run();
    for (ScriptedPeer peer : simulation.peers()) {
      peer.closeNow();
    }
    simulation.run();
    leaks.verify();
    assertThat(simulation.toleratedFailures()).isEmpty();
  }

  private void verifyQuiet() {
    EngineSnapshot snapshot = engine().snapshot();
    assertThat(snapshot.clientConnections()).as("client connections").isZero();
    for (ServerSnapshot server : snapshot.servers()) {
      assertThat(server.connections() - server.idle()).as("busy connections").isZero();
      assertThat(server.requests()).as("requests").isZero();
      assertThat(server.waiting()).as("waiting requests").isZero();
    }
    assertThat(snapshot.exchanges().begun()).as("records").isEqualTo(records.size());
    assertThat(snapshot.exchanges().ended()).as("records").isEqualTo(records.size());
  }

  private final class Observer implements ProxyObserver {
    @Override
    public void onExchange(ExchangeRecord record) {
      records.add(record.snapshot());
    }

    @Override
    public void onConnectFailed(String server, Failure failure) {
      connectFailures.add(failure);
    }
  }
}
