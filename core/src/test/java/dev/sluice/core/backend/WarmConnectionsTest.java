package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.SpareConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Connections that are kept ready, whether or not anybody asks for them. */
class WarmConnectionsTest extends EngineTest {
  private static final OriginPlan HOLDING =
      OriginPlan.single().answering(r -> r.after(100 * MILLI, r::answer));

  private static PoolConfig warm(int min) {
    return PoolConfig.reuse(Reuse.ALWAYS).withSpares(SpareConfig.none().withWarmMin(min));
  }

  private TestOrigin start(OriginPlan plan, PoolConfig pool, int connectionsMax) {
    TestOrigin origin = origin(1, plan);
    rig.startHttp(
        backend -> backend.withPool(pool),
        negotiating("a", origin).withLimits(connectionsMax, 1_000, 1_000));
    return origin;
  }

  /** They would be made anew for ever. */
  @AfterEach
  void stopWithThemInPlace() {
    rig.stopNow();
  }

  @Test
  void theyAreMadeAtTheStartAndServeWithoutAHandshake() {
    TestOrigin origin = start(OriginPlan.single(), warm(3), 10);
    settle();
    assertThat(rig.server("a").idle()).isEqualTo(3);
    assertThat(rig.server("a").spareDials()).isEqualTo(3);

    assertThat(getDone().status()).isEqualTo(200);
    settle();

    assertThat(origin.connections()).hasSize(3);
    assertThat(rig.onlyRecord().reused()).isTrue();
  }

  @Test
  void thoseOfAllLoopsAreAsManyAsWereAskedFor() {
    rig = new EngineRig(1, SimOptions.calm(), 4, LoopLimits.defaults());
    start(OriginPlan.multi(), warm(6), 100);
    runFor(500);

    assertThat(rig.server("a").connections()).isEqualTo(6);
    assertThat(rig.server("a").idle()).isEqualTo(6);
  }

  @Test
  void oneThatTheServerClosesIsMadeAnew() {
    TestOrigin origin = start(OriginPlan.single(), warm(2), 10);
    settle();
    origin.connection(0).wire().close();
    settle();

    assertThat(origin.connections()).hasSize(3);
    assertThat(rig.server("a").idle()).isEqualTo(2);
  }

  @Test
  void serverThatIsAwayIsAskedLessAndLessOftenAndNoRequestFails() {
    TestOrigin origin = start(OriginPlan.single(), warm(2), 10);
    settle();
    origin.close();
    origin.connections().forEach(c -> c.wire().close());
    runFor(60_000);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(rig.server("a").spareDials()).isBetween(6L, 30L);
    assertThat(rig.connectFailures()).as("nobody's request").isEmpty();
    assertThat(rig.records()).isEmpty();

    TestOrigin back = origin(1, OriginPlan.single());
    runFor(30_000);
    assertThat(rig.server("a").idle()).isEqualTo(2);
    assertThat(back.connections()).hasSize(2);
  }

  @Test
  void theyStayWithinTheLimitOfConnectionsAndBehindThoseWhoWait() {
    TestOrigin origin = start(HOLDING, warm(2), 2);
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 7; i++) {
      exchanges.add(get());
    }
    for (int i = 0; i < 60; i++) {
      runFor(10);
      assertThat(rig.server("a").connections()).isLessThanOrEqualTo(2);
    }

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void theyOutliveTheIdleLimitAndArePartOfNoPurge() {
    RetirementConfig short_ =
        RetirementConfig.defaults()
            .withIdleTimeout(Duration.ofSeconds(1))
            .withPurgeInterval(Duration.ofMillis(500));
    TestOrigin origin = start(HOLDING, warm(2).withRetirement(short_), 10);
    settle();
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(rig::await);
    runFor(10_000);

    assertThat(rig.server("a").idle()).isEqualTo(2);
    assertThat(origin.connections()).as("none was made anew").hasSize(5);
  }

  @Test
  void theyAreReplacedAtTheirAge() {
    TestOrigin origin = start(OriginPlan.multi(), warm(2).withMaxAge(Duration.ofSeconds(5)), 10);
    runFor(5_500);

    assertThat(rig.server("a").retirements().get(Retirement.AGE)).isEqualTo(2);
    assertThat(rig.server("a").idle()).isEqualTo(2);
    assertThat(origin.connections()).hasSize(4);
  }

  @Test
  void noneIsMadeWhileTheEngineDrains() {
    TestOrigin origin = start(OriginPlan.multi(), warm(2), 10);
    settle();
    rig.engine().drain(Duration.ofSeconds(1));
    runFor(5_000);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(origin.connections()).hasSize(2);
  }
}
