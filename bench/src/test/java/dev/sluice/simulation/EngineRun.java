package dev.sluice.simulation;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.stream.RoutingCall;
import dev.sluice.core.stream.Suspension;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimLink;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.handshake.SimHandshakeTransportProvider;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.mux.h2.H2Config;
import dev.sluice.mux.h2.H2MuxProvider;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** One run: an engine with two listeners and seven servers, clients, faults, and all checks. */
final class EngineRun {
  static final InetSocketAddress CLEAR_FRONT = new InetSocketAddress("192.0.2.10", 80);
  static final InetSocketAddress SECURE_FRONT = new InetSocketAddress("192.0.2.10", 443);
  static final int EXCHANGES_MIN = 20;
  static final int FAULTS_MIN = 3;

  /** The smallest window of h2 that an engine here gives a stream. */
  static final int WINDOW_BYTES_MIN = 2048;

  private static final LoopLimits LIMITS = LoopLimits.defaults().withWork(1024, 256, 256, 1024);
  private static final Duration SUSPENDED_MAX = Duration.ofSeconds(5);

  private final RunPlan plan;
  private final Simulation simulation;
  private final Wires wires;
  private final Faults faults = new Faults();
  private final TestMuxProvider multi = TestMuxProvider.multi().streamsMax(3);
  private final Map<Integer, Exchange> exchanges = new HashMap<>();
  private final Map<Kind, SimOrigin> origins = new EnumMap<>(Kind.class);
  private final List<ExchangeRecord> records = new ArrayList<>();
  private final List<String> wrong = new ArrayList<>();
  private final Verdict verdict;
  private final @Nullable CellWatch watch;

  EngineRun(RunPlan plan, @Nullable TlsMaterial tls, @Nullable CellTable cells) {
    this.plan = plan;
    this.simulation = new Simulation(plan.seed, plan.options);
    if (tls != null) {
      tls.seed(plan.seed);
    }
    this.wires = new Wires(simulation, tls, plan.lentSteps);
    simulation.addLoops(plan.loops, LIMITS);
    this.verdict = new Verdict(this);
    this.watch = cells == null ? null : new CellWatch(simulation, plan.loops, cells);
    for (Exchange exchange : plan.exchanges()) {
      exchanges.put(exchange.id, exchange);
    }
  }

  RunPlan plan() {
    return plan;
  }

  Simulation simulation() {
    return simulation;
  }

  Wires wires() {
    return wires;
  }

  Faults faults() {
    return faults;
  }

  Exchange exchange(int id) {
    return Objects.requireNonNull(exchanges.get(id), () -> "no exchange " + id);
  }

  List<ExchangeRecord> records() {
    return records;
  }

  /** Something is wrong; the run goes on to tell all that is. */
  void fault(String what) {
    wrong.add(what);
  }

  void onLost(List<Exchange> lost, boolean lastAnnounced, boolean clean) {
    verdict.onLost(lost, lastAnnounced, clean);
  }

  /** How many exchanges there were. */
  int exchangesBegun() {
    return records.size();
  }

  /** How many things went wrong on purpose. */
  int faultCount() {
    return faults.count() + simulation.network().faults();
  }

  /** Runs to the end, and fails with everything that is wrong. */
  void run() {
    LeakCheck leaks = simulation.leakCheck();
    try (LogWatch log = new LogWatch();
        ProxyEngine engine = engine()) {
      start(engine);
      for (Kind kind : Kind.values()) {
        origins.put(kind, new SimOrigin(this, kind));
      }
      plan.incidents.forEach(this::schedule);
      for (int i = 0; i < plan.clients.size(); i++) {
        RunPlan.Client client = plan.clients.get(i);
        if (client.h2()) {
          new SimH2Client(this, client, "client-" + i).start();
        } else {
          new SimClient(this, client, "client-" + i).start();
        }
      }
      finish(engine);
      settle(engine);
      leaks.leaks().forEach(leak -> fault("leaked: " + leak));
      log.messages().forEach(message -> fault("logged: " + message));
    }
    verdict.judge();
    if (!wrong.isEmpty()) {
      throw simulation.failure(String.join("\n", wrong), null);
    }
  }

  private ProxyEngine engine() {
    Duration idle = Duration.ofNanos(plan.idleNanos);
    TimeoutConfig timeouts =
        new TimeoutConfig(
            Duration.ofSeconds(1),
            Duration.ofSeconds(2),
            Duration.ofSeconds(20),
            Duration.ofSeconds(30),
            Duration.ofSeconds(5),
            Duration.ofSeconds(10),
            Duration.ofSeconds(30),
            Duration.ofHours(1),
            idle,
            Duration.ofSeconds(1));
    var builder =
        ProxyEngine.builder()
            .mux(multi)
            .mux(h2())
            .transport(new SimHandshakeTransportProvider())
            .observer(new Observer())
            .router(this::route)
            .timeouts(timeouts)
            .frontend(
                new FrontendConfig(
                    "front",
                    ProxyMode.HTTP,
                    List.of(
                        ListenerConfig.clear(CLEAR_FRONT),
                        ListenerConfig.with(SECURE_FRONT, wires.listener())),
                    new ToBackend(Kind.CLEAR.token())))
            .drivenLoops(EngineLoops.driven(simulation.group(), simulation.executor()));
    for (Kind kind : Kind.values()) {
      ServerConfig server =
          kind.shakesHands()
              ? ServerConfig.with(kind.token(), kind.address(), wires.toServers(), Kind.HOST)
              : ServerConfig.clear(kind.token(), kind.address());
      if (plan.limited && (kind == Kind.CLEAR || kind == Kind.ALPN)) {
        server = server.withLimits(2, 1 + plan.lentSteps, 16);
      }
      if (kind == Kind.CLEAR_H2) {
        server = server.withMux(H2MuxProvider.NAME);
      }
      builder.backend(BackendConfig.of(kind.token(), server));
    }
    return builder.build();
  }

  /** Some runs have windows so small that contents don't fit into them. */
  private MuxProvider h2() {
    H2Config config =
        plan.lentSteps == 0
            ? H2Config.defaults().withWindows(WINDOW_BYTES_MIN, 65_535)
            : H2Config.defaults();
    return new H2MuxProvider(config, config, () -> new SplittableRandom(plan.seed));
  }

  private static void start(ProxyEngine engine) {
    try {
      engine.start();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void route(RoutingCall call) {
    String path = Objects.requireNonNull(call.request().path());
    String backend = path.substring(1, path.indexOf('/', 1));
    if (plan.suspendRate > 0 && plan.random().nextDouble() < plan.suspendRate) {
      Suspension suspension = call.suspend(SUSPENDED_MAX);
      simulation
          .network()
          .schedule(plan.random().nextLong(40_000_000L), () -> suspension.forward(backend));
      return;
    }
    call.forward(backend);
  }

  private void schedule(RunPlan.Incident incident) {
    simulation.network().schedule(incident.atNanos(), () -> happen(incident));
  }

  private void happen(RunPlan.Incident incident) {
    Kind kind = incident.kind();
    InetSocketAddress address = kind.address();
    switch (incident.trouble()) {
      case REFUSES -> {
        faults.trouble(kind);
        simulation.network().refuse(address);
        restoreAfter(incident);
      }
      case UNREACHABLE -> {
        faults.trouble(kind);
        simulation.network().blackhole(address);
        restoreAfter(incident);
      }
      case CLOSES_IDLE -> origin(kind).closeIdle(false);
      case RESETS_IDLE -> origin(kind).closeIdle(true);
      case LINK_RESET -> {
        List<SimLink> links = simulation.network().linksTo(address);
        if (!links.isEmpty()) {
          faults.trouble(kind);
          links.get(0).reset();
        }
      }
      case STEPS_HELD -> {
        for (Kind held : Kind.values()) {
          if (held.shakesHands()) {
            faults.trouble(held);
          }
        }
        faults.holdSteps();
        simulation.executor().hold();
        simulation.network().schedule(incident.nanos(), simulation.executor()::proceed);
      }
      case NO_MUX -> {
        faults.trouble(kind);
        multi.failOpening(2);
      }
      case NO_ATTACH -> {
        faults.trouble(kind);
        multi.refuseAttaching(2);
      }
    }
  }

  private void restoreAfter(RunPlan.Incident incident) {
    simulation
        .network()
        .schedule(incident.nanos(), () -> simulation.network().restore(incident.kind().address()));
  }

  private SimOrigin origin(Kind kind) {
    return Objects.requireNonNull(origins.get(kind));
  }

  private void finish(ProxyEngine engine) {
    if (plan.finish == RunPlan.Finish.QUIET) {
      steps(() -> false);
      return;
    }
    steps(() -> engine.snapshot().exchanges().begun() >= EXCHANGES_MIN + 2);
    long end = simulation.clock().nanoTime() + plan.finishNanos;
    steps(() -> simulation.clock().nanoTime() >= end);
    faults.ending();
    if (plan.finish == RunPlan.Finish.DRAIN) {
      engine.drain(Duration.ofMillis(100));
    } else {
      engine.stop();
    }
    steps(() -> false);
  }

  private void steps(java.util.function.BooleanSupplier done) {
    while (!done.getAsBoolean() && simulation.stepChecked()) {
      if (watch != null) {
        watch.look();
      }
    }
  }

  /** Nobody has anything to do any more, idle limits included; nothing may be left. */
  private void settle(ProxyEngine engine) {
    if (plan.finish != RunPlan.Finish.STOP) {
      verifyQuiet(engine.snapshot());
      engine.stop();
      steps(() -> false);
    }
    for (ScriptedPeer peer : simulation.peers()) {
      peer.closeNow();
    }
    steps(() -> false);
  }

  private void verifyQuiet(EngineSnapshot snapshot) {
    zero("client connections", snapshot.clientConnections());
    zero("exchanges without a record", snapshot.exchanges().begun() - records.size());
    zero("records without an exchange", records.size() - snapshot.exchanges().ended());
    for (ServerSnapshot server : snapshot.servers()) {
      zero("connections to " + server.server(), server.connections());
      zero("idle connections to " + server.server(), server.idle());
      zero("requests with " + server.server(), server.requests());
      zero("requests waiting for " + server.server(), server.waiting());
    }
  }

  private void zero(String what, long count) {
    if (count != 0) {
      fault(what + ": " + count);
    }
  }

  private final class Observer implements ProxyObserver {
    @Override
    public void onExchange(ExchangeRecord record) {
      records.add(record.snapshot());
    }

    @Override
    public void onConnectFailed(String server, Failure failure) {
      broken("connecting to " + server, failure);
    }

    @Override
    public void onClientFailed(String frontend, Failure failure) {
      broken("a client of " + frontend, failure);
    }

    private void broken(String where, Failure failure) {
      if (failure.cause() == CloseCause.INTERNAL_ERROR) {
        fault(where + ": " + failure);
      }
    }
  }
}
