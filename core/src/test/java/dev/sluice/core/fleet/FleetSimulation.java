package dev.sluice.core.fleet;

import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.Balance;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/** A run of a fleet from a seed. */
final class FleetSimulation {
  static final int SERVERS = 50;
  static final int LOOPS = 4;
  private static final int CLIENTS = 48;
  private static final long MILLI = 1_000_000L;
  private static final long LENGTH_NANOS = 8_000 * MILLI;

  /**
   * What is on its way when a server crashes is lost with it: one way, and what waits in a turn.
   */
  private static final long ON_THE_WAY_NANOS = 20 * MILLI;

  private final SplittableRandom random;
  private final EngineRig rig;
  private final Map<String, FleetServer> servers = new LinkedHashMap<>();
  private final List<FleetClient> clients = new ArrayList<>();
  private long dials;
  private long moves;
  private long retries;

  /** What befalls the servers. */
  enum Misfortune {
    NONE,
    CRASHES,
    DEPLOYS,
    SLOWNESS,
    ALL
  }

  FleetSimulation(long seed, Misfortune misfortune, Balance balance) {
    this(seed, misfortune, balance, LOOPS, PoolConfig.defaults().handover());
  }

  FleetSimulation(long seed, Misfortune misfortune, Balance balance, int loops, Duration handover) {
    this.random = new SplittableRandom(seed * 104_729);
    this.rig = new EngineRig(seed, SimOptions.calm(), loops, LoopLimits.defaults());
    List<ServerConfig> configs = new ArrayList<>();
    for (int i = 1; i <= SERVERS; i++) {
      FleetServer server =
          new FleetServer(
              rig.simulation(), random.split(), random.nextBoolean(), EngineRig.origin(i));
      String name = "s" + i;
      servers.put(name, server);
      configs.add(
          ServerConfig.with(
              name,
              server.address(),
              SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE),
              "fleet.example"));
    }
    rig.startHttp(
        backend -> configured(backend, balance, handover), configs.toArray(new ServerConfig[0]));
    long end = rig.simulation().clock().nanoTime() + LENGTH_NANOS;
    for (int i = 1; i <= CLIENTS; i++) {
      clients.add(new FleetClient(rig.simulation(), random.split(), i, end));
    }
    misfortunes(misfortune);
  }

  private static BackendConfig configured(
      BackendConfig backend, Balance balance, Duration handover) {
    return backend
        .withPool(PoolConfig.reuse(Reuse.SAFE).withHandover(handover))
        .withBalance(balance)
        .withRetry(new RetryConfig(3, 3));
  }

  private void misfortunes(Misfortune misfortune) {
    if (misfortune == Misfortune.NONE) {
      return;
    }
    long at = 0;
    while (at < LENGTH_NANOS - 3_000 * MILLI) {
      at += random.nextLong(100 * MILLI, 400 * MILLI);
      rig.simulation().network().schedule(at, () -> befall(misfortune));
    }
  }

  private void befall(Misfortune misfortune) {
    // The first of those that are there for the test of the spread stay as they are.
    int number = 11 + random.nextInt(SERVERS - 10);
    FleetServer server = server("s" + number);
    if (server.state() != FleetServer.State.UP) {
      return;
    }
    long nanos = random.nextLong(500 * MILLI, 2_000 * MILLI);
    Misfortune kind =
        misfortune == Misfortune.ALL ? Misfortune.values()[1 + random.nextInt(3)] : misfortune;
    switch (kind) {
      case CRASHES -> server.crash(nanos);
      case DEPLOYS -> server.leave(nanos);
      case SLOWNESS -> server.slowDown(nanos);
      case NONE, ALL -> throw new AssertionError(kind);
    }
  }

  /** Runs to the end, with all checks of the rig. */
  FleetSimulation run() {
    rig.simulation().run();
    for (String name : servers.keySet()) {
      ServerSnapshot snapshot = rig.server(name);
      dials += snapshot.dials();
      moves += snapshot.moves();
      retries += snapshot.retries();
    }
    rig.finish();
    return this;
  }

  FleetServer server(String name) {
    FleetServer server = servers.get(name);
    if (server == null) {
      throw new AssertionError(name);
    }
    return server;
  }

  List<ExchangeRecord> records() {
    return rig.records();
  }

  /** How many requests the users made. */
  int asked() {
    return clients.stream().mapToInt(client -> client.exchanges().size()).sum();
  }

  /** How many of them did not get their answer, whole and right. */
  int failed() {
    int failed = 0;
    for (FleetClient client : clients) {
      for (ClientExchange exchange : client.exchanges()) {
        if (exchange.status() != 200 || !exchange.complete() || !exchange.contentSound()) {
          failed++;
        }
      }
    }
    return failed;
  }

  /**
   * Failures that no proxy can avoid: a request which may have taken effect was with a server when
   * that crashed, and may not be sent again.
   */
  int unavoidable() {
    int count = 0;
    for (ExchangeRecord record : records()) {
      if (record.status() != 200 && !idempotent(record) && lostWithItsServer(record)) {
        count++;
      }
    }
    return count;
  }

  private static boolean idempotent(ExchangeRecord record) {
    return !record.method().equals("POST");
  }

  private boolean lostWithItsServer(ExchangeRecord record) {
    long end = record.beganNanos() + record.totalNanos();
    return server(record.server()).crashedBetween(end - ON_THE_WAY_NANOS, end);
  }

  long dials() {
    return dials;
  }

  long moves() {
    return moves;
  }

  long retries() {
    return retries;
  }

  long traceHash() {
    return rig.simulation().traceHash();
  }
}
