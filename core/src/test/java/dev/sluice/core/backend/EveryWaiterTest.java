package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.time.Duration;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Over random histories: whenever nothing is left to be done but to wait, everybody who stands in
 * line waits for something that will happen, and no limit is passed at any time.
 */
class EveryWaiterTest {
  private static final long MILLI = 1_000_000L;
  private static final int SEEDS = 40;
  private static final int CLIENTS = 40;

  @ParameterizedTest(name = "{0} loops")
  @ValueSource(ints = {1, 2, 4})
  void everyoneInLineHasSomethingToWaitFor(int loops) {
    int waits = 0;
    for (long seed = 1; seed <= SEEDS; seed++) {
      waits += run(seed, loops);
    }
    assertThat(waits).as("moments at which somebody waited").isGreaterThan(SEEDS);
  }

  @Test
  @Tag("soak")
  void everyoneInLineHasSomethingToWaitForInTenThousandHistories() {
    for (long seed = 1; seed <= 10_000; seed++) {
      run(seed, 4);
    }
  }

  private int run(long seed, int loops) {
    SplittableRandom random = new SplittableRandom(seed);
    SimOptions options = SimOptions.calm().withExecutorDelay(random.nextLong(5 * MILLI));
    EngineRig rig = new EngineRig(seed, options, loops, LoopLimits.defaults());
    boolean multi = random.nextBoolean();
    OriginPlan plan =
        multi ? OriginPlan.multi().streamsMax(1 + random.nextInt(4)) : OriginPlan.single();
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            plan.answering(
                request ->
                    request.whenComplete(
                        () -> request.after(random.nextLong(1, 30 * MILLI), request::answer))));
    int connectionsMax = 1 + random.nextInt(5);
    int requestsMax = random.nextBoolean() ? ServerConfig.UNLIMITED : 1 + random.nextInt(6);
    int queueMax = random.nextInt(40);
    PoolConfig pool =
        PoolConfig.reuse(Reuse.values()[random.nextInt(Reuse.values().length)])
            .withHandover(random.nextInt(4) == 0 ? Duration.ZERO : Duration.ofMillis(5))
            .withHandshakesMax(1 + random.nextInt(3));
    rig.startHttp(
        (BackendConfig backend) -> backend.withPool(pool),
        ServerConfig.with(
                "a",
                origin.address(),
                SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE),
                "a.example")
            .withLimits(connectionsMax, requestsMax, queueMax));
    for (int i = 0; i < CLIENTS; i++) {
      int number = i;
      rig.simulation()
          .network()
          .schedule(random.nextLong(60 * MILLI), () -> play(rig, random, number));
    }
    int waits = 0;
    Simulation simulation = rig.simulation();
    ServerSnapshot before = rig.server("a");
    long then = simulation.clock().nanoTime();
    while (simulation.step()) {
      ServerSnapshot now = rig.server("a");
      assertThat(now.connections()).as("seed %d", seed).isBetween(0, connectionsMax);
      assertThat(now.requests()).as("seed %d", seed).isBetween(0, requestsMax);
      assertThat(now.waiting()).as("seed %d", seed).isBetween(0, queueMax);
      if (simulation.clock().nanoTime() > then && before.waiting() > 0) {
        waits++;
        assertThat(before.connecting() + before.busy())
            .as("seed %d: being made or busy, while %d wait", seed, before.waiting())
            .isPositive();
      }
      before = now;
      then = simulation.clock().nanoTime();
    }
    rig.finish();
    return waits;
  }

  /** One client: asks, and leaves early now and then. */
  private void play(EngineRig rig, SplittableRandom random, int number) {
    TestClient client = rig.client("client-" + number);
    ClientExchange exchange =
        random.nextInt(3) == 0 ? client.post(1 + number, 50, 50) : client.get(1 + number, 50);
    boolean leaves = random.nextInt(5) == 0;
    long after = leaves ? random.nextLong(40 * MILLI) : 3_000 * MILLI;
    rig.simulation()
        .network()
        .schedule(
            after,
            () -> {
              if (!leaves) {
                assertThat(exchange.over()).as("answered in the end").isTrue();
              }
              client.close();
            });
  }
}
