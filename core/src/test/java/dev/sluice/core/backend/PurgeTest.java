package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
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
import org.junit.jupiter.api.Test;

/** How idle connections that are not needed become fewer, and how many there may be. */
class PurgeTest extends EngineTest {
  private static final OriginPlan HOLDING =
      OriginPlan.single().answering(r -> r.after(100 * MILLI, r::answer));

  private static final RetirementConfig PATIENT =
      RetirementConfig.defaults().withIdleTimeout(Duration.ofHours(1));

  private TestOrigin start(RetirementConfig retirement) {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS).withRetirement(retirement)),
        negotiating("a", origin));
    return origin;
  }

  /** So many requests at a time. */
  private void burst(int count) {
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(rig::await);
    settle();
  }

  private long retired(Retirement reason) {
    return rig.server("a").retirements().getOrDefault(reason, 0L);
  }

  @Test
  void aHalfOfWhatIsNotNeededIsClosedAtEachTurn() {
    start(PATIENT);
    // The first one tells that each carries one request, so that the others don't wait for it.
    burst(1);
    burst(8);
    assertThat(rig.server("a").idle()).isEqualTo(8);
    List<Integer> left = new ArrayList<>();
    for (int turn = 0; turn < 7; turn++) {
      runFor(5_000);
      left.add(rig.server("a").idle());
    }

    assertThat(left).containsExactly(8, 6, 4, 2, 1, 0, 0);
    assertThat(retired(Retirement.PURGED)).isEqualTo(8);
    assertThat(retired(Retirement.IDLE)).isZero();
  }

  @Test
  void whatEachWaveNeedsIsKept() {
    TestOrigin origin = start(PATIENT);
    burst(1);
    burst(8);
    for (int second = 0; second < 60; second++) {
      burst(3);
      runFor(900);
      assertThat(rig.server("a").idle()).isGreaterThanOrEqualTo(3);
    }

    assertThat(rig.server("a").idle()).isEqualTo(3);
    assertThat(origin.connections()).hasSize(8);
  }

  @Test
  void thoseThatHaveBeenIdleForTheLongestTimeGoFirst() {
    TestOrigin origin = start(PATIENT);
    burst(1);
    burst(4);
    burst(1);
    int last = origin.requests().get(origin.requests().size() - 1).connection().number();
    runFor(15_000);

    assertThat(retired(Retirement.PURGED)).isPositive();
    assertThat(origin.connection(last).over()).as("the one used last").isFalse();
  }

  @Test
  void nothingIsPurgedWhereItIsTurnedOff() {
    start(PATIENT.withPurgeInterval(Duration.ZERO).withIdleTimeout(Duration.ofMinutes(1)));
    burst(1);
    burst(4);
    runFor(50_000);
    assertThat(rig.server("a").idle()).isEqualTo(4);
    runFor(11_000);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(retired(Retirement.IDLE)).isEqualTo(4);
  }

  @Test
  void backendHasAnIdleLimitOfItsOwn() {
    start(RetirementConfig.defaults().withIdleTimeout(Duration.ofSeconds(1)));
    burst(1);
    runFor(900);
    assertThat(rig.server("a").idle()).isEqualTo(1);
    runFor(200);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(retired(Retirement.IDLE)).isEqualTo(1);
  }

  @Test
  void idleConnectionsOfAllLoopsTogetherStayWithinTheirLimit() {
    rig = new EngineRig(1, SimOptions.calm(), 4, LoopLimits.defaults());
    start(RetirementConfig.defaults().withIdleMax(3));
    burst(12);

    assertThat(rig.server("a").idle()).isEqualTo(3);
    assertThat(retired(Retirement.SURPLUS)).isPositive();
    burst(12);
    assertThat(rig.server("a").idle()).isEqualTo(3);
  }
}
