package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** When a connection that works is given up all the same. */
class RetirementTest extends EngineTest {
  private static final PoolConfig ALWAYS = PoolConfig.reuse(Reuse.ALWAYS);

  private TestOrigin start(OriginPlan plan, PoolConfig pool) {
    TestOrigin origin = origin(1, plan);
    rig.startHttp(backend -> backend.withPool(pool), negotiating("a", origin));
    return origin;
  }

  private long retired(Retirement reason) {
    return rig.server("a").retirements().getOrDefault(reason, 0L);
  }

  @Test
  void connectionOfOneStreamAtATimeEndsAfterItsLastRequest() {
    TestOrigin origin = start(OriginPlan.single(), ALWAYS.withRequestsMax(3));
    for (int i = 0; i < 7; i++) {
      assertThat(getDone().status()).isEqualTo(200);
      settle();
    }

    assertThat(origin.connections()).extracting(c -> c.requests().size()).containsExactly(3, 3, 1);
    assertThat(retired(Retirement.REQUESTS)).isEqualTo(2);
    assertThat(rig.server("a").connections()).isEqualTo(1);
  }

  @Test
  void connectionOfManyStreamsTakesNoMoreThanItsRequestsAndFinishesThem() {
    TestOrigin origin =
        start(
            OriginPlan.multi().answering(r -> r.after(100 * MILLI, r::answer)),
            ALWAYS.withRequestsMax(3));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      exchanges.add(get());
      settle();
    }
    exchanges.forEach(rig::await);
    settle();

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).extracting(c -> c.requests().size()).containsExactly(3, 2);
    assertThat(origin.connection(0).over()).isTrue();
    assertThat(retired(Retirement.REQUESTS)).isEqualTo(1);
    assertThat(rig.server("a").connections()).isEqualTo(1);
  }

  @Test
  void burstIsServedByAsManyConnectionsAsItsRequestsNeed() {
    TestOrigin origin = start(OriginPlan.multi(), ALWAYS.withRequestsMax(2));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 9; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(rig::await);

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).allMatch(c -> c.requests().size() <= 2);
  }

  @Test
  void idleConnectionIsClosedAtItsAge() {
    start(OriginPlan.multi(), ALWAYS.withMaxAge(Duration.ofSeconds(1)));
    getDone();
    runFor(880);
    assertThat(rig.server("a").idle()).isEqualTo(1);
    runFor(140);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(retired(Retirement.AGE)).isEqualTo(1);
    assertThat(retired(Retirement.IDLE)).isZero();
  }

  @Test
  void busyConnectionThatIsOldTakesNoMoreAndFinishesWhatItHas() {
    TestOrigin origin =
        start(
            OriginPlan.multi().answering(r -> r.after(1_500 * MILLI, r::answer)),
            ALWAYS.withMaxAge(Duration.ofSeconds(1)));
    ClientExchange running = get();
    runFor(1_100);
    ClientExchange next = get();
    rig.await(running);
    rig.await(next);

    assertThat(running.status() + next.status()).isEqualTo(400);
    assertThat(origin.connections()).hasSize(2);
    assertThat(retired(Retirement.AGE)).isPositive();
  }

  @Test
  void connectionsMadeTogetherEndOneAfterTheOther() {
    start(
        OriginPlan.single().answering(r -> r.after(50 * MILLI, r::answer)),
        ALWAYS.withMaxAge(Duration.ofSeconds(5)));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(rig::await);
    settle();
    int made = rig.server("a").idle();
    Set<Integer> seen = new HashSet<>();
    for (int i = 0; i < 60; i++) {
      seen.add(rig.server("a").idle());
      runFor(100);
    }

    assertThat(made).isGreaterThan(4);
    assertThat(seen).as("how many were left, time after time").hasSizeGreaterThan(3);
    assertThat(rig.server("a").connections()).isZero();
    assertThat(retired(Retirement.AGE)).isEqualTo(made);
  }

  @Test
  void idleLimitAndSurplusAreCounted() {
    start(
        OriginPlan.single().answering(r -> r.after(50 * MILLI, r::answer)),
        new PoolConfig(Reuse.ALWAYS, 1));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(rig::await);
    runFor(11_000);

    assertThat(retired(Retirement.IDLE)).isEqualTo(1);
    assertThat(retired(Retirement.SURPLUS)).isPositive();
  }
}
