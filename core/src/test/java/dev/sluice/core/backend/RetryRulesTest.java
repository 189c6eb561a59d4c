package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackoffConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import dev.sluice.core.observe.RetryKind;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What the configuration of retries means. */
class RetryRulesTest {
  private static RetryRules waiting(long baseNanos, long maxNanos) {
    return new RetryRules(
        RetryConfig.defaults()
            .withBackoff(
                BackoffConfig.of(Duration.ofNanos(baseNanos), Duration.ofNanos(maxNanos))));
  }

  @Test
  void withoutAWordConnectsEmptyResponsesAndRefusalsAreTriedAgain() {
    RetryRules rules = new RetryRules(RetryConfig.defaults());
    Set<RetryKind> on = EnumSet.noneOf(RetryKind.class);
    for (int i = 0; i < RetryKind.count(); i++) {
      if (rules.on(RetryKind.of(i))) {
        on.add(RetryKind.of(i));
      }
    }

    // The two kinds of answers are on for the statuses that are listed, which are none.
    assertThat(on)
        .containsExactlyInAnyOrder(
            RetryKind.CONNECT_FAILURE,
            RetryKind.HANDSHAKE_FAILURE,
            RetryKind.EMPTY_RESPONSE,
            RetryKind.REFUSED,
            RetryKind.STATUS,
            RetryKind.MISDIRECTED,
            RetryKind.HTTP_1_1_REQUIRED);
    for (int status = 100; status < 1_000; status++) {
      assertThat(rules.ofStatus(status)).isNull();
    }
    assertThat(rules.waits()).isFalse();
    assertThat(rules.budget().limited()).isFalse();
  }

  @Test
  void statusesAreThoseThatAreListed() {
    RetryRules rules =
        new RetryRules(RetryConfig.defaults().withStatuses(Set.of(421, 503)).withOn(Set.of()));

    assertThat(rules.ofStatus(503)).isEqualTo(RetryKind.STATUS);
    assertThat(rules.ofStatus(421)).isEqualTo(RetryKind.MISDIRECTED);
    assertThat(rules.ofStatus(502)).isNull();
    assertThat(rules.on(RetryKind.EMPTY_RESPONSE)).isFalse();
    assertThat(rules.on(RetryKind.HTTP_1_1_REQUIRED)).as("is no repetition").isTrue();
  }

  @Test
  void everyEndCanBeChosen() {
    for (RetryOn each : RetryOn.values()) {
      RetryRules rules = new RetryRules(RetryConfig.defaults().withOn(Set.of(each)));

      assertThat(rules.on(RetryKind.valueOf(each.name()))).isTrue();
    }
  }

  @Test
  void waitIsBetweenHalfOfItsStepAndAllOfIt() {
    RetryRules rules = waiting(1_000, 7_000);
    long[] steps = {1_000, 2_000, 4_000, 7_000, 7_000};
    for (int step = 0; step < steps.length; step++) {
      long least = Long.MAX_VALUE;
      long most = 0;
      for (int i = 0; i < 2_000; i++) {
        long wait = rules.waitNanos(step, 1);
        least = Math.min(least, wait);
        most = Math.max(most, wait);
      }
      long whole = steps[step];
      assertThat(least).isBetween(whole / 2, whole / 2 + whole / 50);
      assertThat(most).isBetween(whole - whole / 50, whole);
    }
  }

  @Test
  void noStepIsTooLarge() {
    RetryRules rules = waiting(1_000, Duration.ofHours(1).toNanos());

    assertThat(rules.waitNanos(100_000, 1)).isBetween(1_800_000_000_000L, 3_600_000_000_000L);
  }

  @Test
  void waitsOfOneEngineAreTheSameAgainOnTheSameClock() {
    RetryRules one = waiting(1_000_000, 1_000_000);
    RetryRules other = waiting(1_000_000, 1_000_000);
    for (int i = 0; i < 100; i++) {
      assertThat(one.waitNanos(0, 1_000L * i)).isEqualTo(other.waitNanos(0, 1_000L * i));
    }
  }
}
