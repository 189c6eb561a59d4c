package dev.sluice.core.engine;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.Balance;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimLink;
import dev.sluice.core.testkit.SimNetwork;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * A whole engine from a seed: frontends and servers of every sort that the core can make by itself,
 * clients that come and go, servers that misbehave in every way, and a network that breaks.
 * Whatever happens, afterwards nothing is left of it, every exchange has its record, every whole
 * answer is the right one, and no request that must not be sent twice was.
 */
final class LifeSimulation {
  private static final long MILLI = 1_000_000L;
  private static final InetSocketAddress SECURE = new InetSocketAddress("192.0.2.10", 443);
  private static final InetSocketAddress RAW = new InetSocketAddress("192.0.2.10", 81);
  private static final InetSocketAddress ECHO = new InetSocketAddress("192.0.2.200", 7);
  private static final int CLIENTS = 8;
  private static final int REQUESTS_PER_CLIENT = 4;
  private static final int FAULTS_MIN = 3;

  private final SplittableRandom random;
  private final EngineRig rig;
  private final List<TestOrigin> origins = new ArrayList<>();
  private final List<TestClient> clients = new ArrayList<>();
  private final List<RandomAnswers> answers = new ArrayList<>();
  private int faults;

  private LifeSimulation(long seed) {
    this.random = new SplittableRandom(seed * 7919);
    SimOptions options =
        random.nextInt(4) == 0
            ? SimOptions.rough(random.split())
            : SimOptions.hostile(random.split(), 6);
    this.rig =
        new EngineRig(
            seed, options, List.of(1, 2, 4).get(random.nextInt(3)), LoopLimits.defaults());
    rig.simulation()
        .tolerate(problem -> String.valueOf(problem.getMessage()).contains("asked for"));
  }

  /** Runs one seed, and fails if anything is not as it must be. */
  static Result run(long seed) {
    LifeSimulation simulation = new LifeSimulation(seed);
    simulation.build();
    simulation.schedule();
    simulation.rig.finish();
    simulation.verify();
    return simulation.result();
  }

  /** What a run was made of. */
  record Result(int exchanges, int faults, long steps, long hash) {}

  // ---- the engine

  private void build() {
    List<ServerConfig> servers = new ArrayList<>();
    int count = 1 + random.nextInt(3);
    for (int i = 1; i <= count; i++) {
      servers.add(server(i));
    }
    Reuse reuse = Reuse.values()[random.nextInt(Reuse.values().length)];
    BackendConfig backend =
        BackendConfig.of("back", servers.toArray(new ServerConfig[0]))
            .withPool(new PoolConfig(reuse, 1 + random.nextInt(4)))
            .withRetry(new RetryConfig(random.nextInt(3), random.nextInt(2)))
            .withBalance(random.nextBoolean() ? Balance.ROUND_ROBIN : Balance.LEAST_CONNECTIONS);
    rig.start(
        builder ->
            builder
                .frontend(
                    "front",
                    ProxyMode.HTTP,
                    "back",
                    ListenerConfig.clear(EngineRig.FRONT),
                    ListenerConfig.with(SECURE, handshake()))
                .frontend("raw", ProxyMode.TCP, "echo", ListenerConfig.clear(RAW))
                .backend(backend)
                .backend(BackendConfig.tcp("echo", ServerConfig.clear("echo", ECHO))));
    SimServer.listen(
        rig.simulation(),
        ECHO,
        peer ->
            peer.toleratesLoss()
                .onBytes((from, bytes) -> from.write(bytes))
                .onEnd(from -> from.close()));
  }

  private SimHandshakeConfig handshake() {
    return SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE)
        .withLentSteps(random.nextInt(4));
  }

  private ServerConfig server(int number) {
    boolean negotiates = random.nextInt(4) != 0;
    boolean multi = random.nextBoolean();
    RandomAnswers plans = new RandomAnswers(random.split(), negotiates, multi);
    answers.add(plans);
    TestOrigin origin = TestOrigin.listen(rig.simulation(), EngineRig.origin(number), plans::plan);
    origins.add(origin);
    ServerConfig server =
        negotiates
            ? ServerConfig.with("s" + number, origin.address(), handshake(), "s.example")
            : ServerConfig.clear("s" + number, origin.address());
    if (!negotiates && multi) {
      server = server.withMux("multi");
    }
    return random.nextInt(3) == 0
        ? server
        : server.withLimits(
            1 + random.nextInt(4), 1 + random.nextInt(8), random.nextInt(4) == 0 ? 2 : 50);
  }

  // ---- what happens

  private void schedule() {
    SimNetwork network = rig.simulation().network();
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      network.schedule(random.nextLong(1500 * MILLI), () -> client(number));
    }
    for (int i = 0; i < 2; i++) {
      int number = i;
      network.schedule(random.nextLong(1500 * MILLI), () -> rawClient(number));
    }
    for (int i = 0; i < FAULTS_MIN + random.nextInt(4); i++) {
      network.schedule(random.nextLong(3000 * MILLI), this::fault);
    }
    // Whoever still waits then is not interested any more, so that every run has an end.
    network.schedule(200_000 * MILLI, () -> clients.forEach(TestClient::closeNow));
  }

  private void client(int number) {
    boolean secure = random.nextBoolean();
    boolean multiplexes = random.nextBoolean();
    PeerScript script = PeerScript.clear();
    if (secure) {
      PeerScript.Moment[] moments = PeerScript.Moment.values();
      script = PeerScript.agreeing();
      if (random.nextInt(6) == 0) {
        script = script.dying(moments[random.nextInt(moments.length)], random.nextBoolean());
        faults++;
      }
    }
    TestClient client =
        TestClient.connect(
            rig.simulation(),
            "client-" + number,
            secure ? SECURE : EngineRig.FRONT,
            script,
            multiplexes);
    clients.add(client);
    for (int i = 0; i < REQUESTS_PER_CLIENT; i++) {
      long seed = 1000L * (number + 1) + i;
      int size = size();
      boolean post = random.nextBoolean();
      rig.simulation()
          .network()
          .schedule(
              random.nextLong(800 * MILLI),
              () -> {
                ClientExchange exchange =
                    post ? client.post(seed, 1 + size(), size) : client.get(seed, size);
                if (random.nextInt(6) == 0) {
                  faults++;
                  rig.simulation()
                      .network()
                      .schedule(random.nextLong(400 * MILLI), () -> client.leave(exchange));
                }
              });
    }
    if (random.nextInt(4) == 0) {
      faults++;
      boolean byReset = random.nextBoolean();
      rig.simulation()
          .network()
          .schedule(
              random.nextLong(1200 * MILLI),
              () -> {
                if (byReset) {
                  client.reset();
                } else {
                  client.closeNow();
                }
              });
    }
  }

  private int size() {
    return random.nextInt(3) == 0 ? random.nextInt(60_000) : random.nextInt(300);
  }

  private void rawClient(int number) {
    int length = 1 + size();
    ScriptedPeer peer =
        ScriptedPeer.connect(rig.simulation(), "raw-" + number, RAW)
            .toleratesLoss()
            .sendPattern(number, length)
            .expectPattern(number, length)
            .shutdownOutput()
            .expectClosed()
            .close();
    rig.simulation().network().schedule(200_000 * MILLI, peer::closeNow);
  }

  private void fault() {
    faults++;
    SimNetwork network = rig.simulation().network();
    TestOrigin origin = origins.get(random.nextInt(origins.size()));
    switch (random.nextInt(9)) {
      case 0 -> {
        network.refuse(origin.address());
        network.schedule(random.nextLong(500 * MILLI), () -> network.restore(origin.address()));
      }
      case 1 -> {
        network.blackhole(origin.address());
        network.schedule(random.nextLong(2500 * MILLI), () -> network.restore(origin.address()));
      }
      case 2, 3 -> reset(network.linksTo(origin.address()));
      case 4 -> reset(network.linksTo(EngineRig.FRONT));
      case 5 -> rig.multi().failOpening(1);
      case 6 -> rig.single().refuseAttaching(1);
      case 7 -> rig.multi().refuseAttaching(1);
      default -> rig.multi().breakAttaching(1);
    }
  }

  private void reset(List<SimLink> links) {
    if (!links.isEmpty()) {
      links.get(random.nextInt(links.size())).reset();
    }
  }

  // ---- what must hold

  private void verify() {
    for (TestClient client : clients) {
      for (ClientExchange exchange : client.exchanges()) {
        check(exchange.over(), "never over: " + exchange);
        check(exchange.contentSound() || !exchange.complete(), "wrong content: " + exchange);
        int status = exchange.status();
        check(
            status == 0 || status == 200 || (status >= 400 && status < 600), "status " + exchange);
      }
    }
    for (TestOrigin origin : origins) {
      for (OriginRequest request : origin.requests()) {
        check(request.contentSound(), "a wrong request came to an origin: " + request.path());
      }
    }
    for (RandomAnswers plans : answers) {
      check(plans.unsafeRepetitions().isEmpty(), "sent twice: " + plans.unsafeRepetitions());
    }
    for (ScriptedPeer peer : rig.simulation().peers()) {
      check(peer.closed() || peer.refused() || peer.wasReset(), "a peer was left: " + peer);
    }
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw rig.simulation().failure(otherwise, null);
    }
  }

  private Result result() {
    int exchanges = 0;
    for (TestClient client : clients) {
      exchanges += client.exchanges().size();
    }
    for (RandomAnswers plans : answers) {
      faults += plans.faults();
    }
    return new Result(
        exchanges,
        faults + rig.simulation().network().faults(),
        rig.simulation().steps(),
        rig.simulation().traceHash());
  }
}
