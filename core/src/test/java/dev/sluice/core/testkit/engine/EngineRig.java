package dev.sluice.core.testkit.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.SimHandshakeTransportProvider;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * An engine in a simulation, with both variants of the test mux and the simulated handshake; and
 * the checks that close a run: one record for each exchange, and nothing left of anything.
 */
public final class EngineRig {
  /** Where the frontend "front" listens. */
  public static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.10", 80);

  private final Simulation simulation;
  private final EventLoopGroup group;
  private final TestMuxProvider multi = TestMuxProvider.multi();
  private final TestMuxProvider single = TestMuxProvider.single();
  private final List<ExchangeRecord> records = new ArrayList<>();
  private final List<Failure> connectFailures = new ArrayList<>();
  private final List<Failure> clientFailures = new ArrayList<>();
  private final LeakCheck leaks;
  private @Nullable ProxyEngine engine;
  private boolean stopped;

  /** A rig over a network without surprises, with one loop. */
  public EngineRig() {
    this(1, SimOptions.calm(), 1, LoopLimits.defaults());
  }

  /** A rig. */
  public EngineRig(long seed, SimOptions options, int loops, LoopLimits limits) {
    this.simulation = new Simulation(seed, options);
    this.group = simulation.addLoops(loops, limits);
    this.leaks = simulation.leakCheck();
  }

  /** The address of an origin by its number, from 1. */
  public static InetSocketAddress origin(int number) {
    return new InetSocketAddress("192.0.2." + (100 + number), 8080);
  }

  /** Builds and starts an engine from whatever the test says. */
  public ProxyEngine start(UnaryOperator<ProxyEngineBuilder> description) {
    ProxyEngineBuilder builder =
        ProxyEngine.builder()
            .mux(multi)
            .mux(single)
            .transport(new SimHandshakeTransportProvider())
            .observer(new Observer())
            .drivenLoops(EngineLoops.driven(group, simulation.executor()));
    ProxyEngine built = description.apply(builder).build();
    try {
      built.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    engine = built;
    return built;
  }

  /** Starts an engine with a clear HTTP listener in front of these servers. */
  public ProxyEngine startHttp(ServerConfig... servers) {
    return startHttp(UnaryOperator.identity(), servers);
  }

  /** The same, with a changed backend. */
  public ProxyEngine startHttp(UnaryOperator<BackendConfig> change, ServerConfig... servers) {
    return start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(FRONT))
                .backend(change.apply(BackendConfig.of("back", servers))));
  }

  /** The simulation. */
  public Simulation simulation() {
    return simulation;
  }

  /** The loop of that number. */
  public EventLoop loop(int index) {
    return group.loop(index);
  }

  /** The variant that multiplexes, where faults can be set. */
  public TestMuxProvider multi() {
    return multi;
  }

  /** The variant that doesn't. */
  public TestMuxProvider single() {
    return single;
  }

  /** A clear client of "front". */
  public TestClient client(String name) {
    return TestClient.clear(simulation, name, FRONT);
  }

  /** The engine. */
  public ProxyEngine engine() {
    ProxyEngine started = engine;
    if (started == null) {
      throw new IllegalStateException("no engine was started");
    }
    return started;
  }

  /** Copies of the records of all exchanges that are over. */
  public List<ExchangeRecord> records() {
    return records;
  }

  /** The only record there is. */
  public ExchangeRecord onlyRecord() {
    assertThat(records).hasSize(1);
    return records.get(0);
  }

  /** Why connections to servers came to nothing, in order. */
  public List<Failure> connectFailures() {
    return connectFailures;
  }

  /** Why connections of clients came to nothing, in order. */
  public List<Failure> clientFailures() {
    return clientFailures;
  }

  /** The state of a server of "back". */
  public ServerSnapshot server(String name) {
    return engine().snapshot().server("back", name);
  }

  /** Runs until the exchange is over. */
  public void await(ClientExchange exchange) {
    simulation.runUntil(exchange::over);
  }

  /**
   * Runs until nobody has anything to do any more, idle limits included, stops the engine, and
   * checks that nothing is left and every exchange has its record.
   */
  public void finish() {
    if (stopped) {
      return;
    }
    simulation.run();
    verifyQuiet();
    engine().stop();
    simulation.run();
    leaks.verify();
  }

  /** Stops the engine in the middle of things, and checks that nothing is left. */
  public void stopNow() {
    stopped = true;
    engine().stop();
    simulation.run();
    leaks.verify();
  }

  private void verifyQuiet() {
    EngineSnapshot snapshot = engine().snapshot();
    assertThat(snapshot.exchanges().begun()).as("exchanges begun").isEqualTo(records.size());
    assertThat(snapshot.exchanges().ended()).as("records").isEqualTo(records.size());
    assertThat(snapshot.clientConnections()).as("client connections").isZero();
    for (ServerSnapshot server : snapshot.servers()) {
      assertThat(server.connections()).as("connections to " + server.server()).isZero();
      assertThat(server.idle()).as("idle connections to " + server.server()).isZero();
      assertThat(server.requests()).as("requests with " + server.server()).isZero();
      assertThat(server.waiting()).as("requests waiting for " + server.server()).isZero();
    }
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

    @Override
    public void onClientFailed(String frontend, Failure failure) {
      clientFailures.add(failure);
    }
  }
}
