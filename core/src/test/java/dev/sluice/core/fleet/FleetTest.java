package dev.sluice.core.fleet;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.Balance;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.fleet.FleetSimulation.Misfortune;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestReporter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Fifty servers behind four loops, against the best that is possible: nothing fails that a perfect
 * proxy would have saved, and the load is spread as evenly as it can be.
 */
class FleetTest {
  private static final long SEED = 20_251;

  private static final Map<Misfortune, FleetSimulation> RUNS = new EnumMap<>(Misfortune.class);

  /** A run with round robin, made once for all tests that look at it. */
  private static FleetSimulation run(Misfortune misfortune) {
    return RUNS.computeIfAbsent(misfortune, m -> runAnew(m, Balance.ROUND_ROBIN));
  }

  private static FleetSimulation runAnew(Misfortune misfortune, Balance balance) {
    return new FleetSimulation(SEED, misfortune, balance).run();
  }

  @AfterAll
  static void forgetRuns() {
    RUNS.clear();
  }

  private static void report(TestReporter reporter, String what, FleetSimulation run) {
    reporter.publishEntry(
        what,
        String.format(
            Locale.ROOT,
            "%d requests, %d failed, %d of them unavoidable, %d dials, %d moves, %d retries",
            run.asked(),
            run.failed(),
            run.unavoidable(),
            run.dials(),
            run.moves(),
            run.retries()));
  }

  @ParameterizedTest
  @EnumSource(Misfortune.class)
  void nothingFailsThatCouldHaveBeenSaved(Misfortune misfortune, TestReporter reporter) {
    FleetSimulation run = run(misfortune);
    report(reporter, misfortune.name(), run);

    assertThat(run.asked()).isGreaterThan(5_000);
    assertThat(run.records()).hasSize(run.asked());
    assertThat(run.failed()).isEqualTo(run.unavoidable());
    if (misfortune != Misfortune.CRASHES && misfortune != Misfortune.ALL) {
      assertThat(run.failed()).isZero();
    }
  }

  @Test
  void roundRobinSpreadsEvenlyOverThoseThatAreWell() {
    FleetSimulation run = run(Misfortune.ALL);

    List<Integer> well = requestsOfTheFirst(run, 10);
    int most = well.stream().max(Integer::compare).orElseThrow();
    int least = well.stream().min(Integer::compare).orElseThrow();

    assertThat(most - least).as("requests: " + well).isLessThanOrEqualTo(least / 5);
  }

  @Test
  void leastConnectionsSendsLessToThoseThatAreSlow() {
    FleetSimulation run = runAnew(Misfortune.SLOWNESS, Balance.LEAST_CONNECTIONS);

    double well = requestsOfTheFirst(run, 10).stream().mapToInt(i -> i).average().orElseThrow();
    double all = (double) run.asked() / FleetSimulation.SERVERS;

    assertThat(run.failed()).isZero();
    assertThat(well).as("of those that were never slow").isGreaterThan(all);
  }

  @Test
  void fourLoopsMakeNoMoreConnectionsThanOnePoolWould(TestReporter reporter) {
    Duration handover = PoolConfig.defaults().handover();
    FleetSimulation shared = run(1, handover);
    FleetSimulation moving = run(Misfortune.NONE);
    FleetSimulation apart = run(FleetSimulation.LOOPS, Duration.ZERO);
    report(reporter, "one pool", shared);
    report(reporter, "four loops", moving);
    report(reporter, "four loops that share nothing", apart);

    assertThat(moving.dials()).isLessThanOrEqualTo(shared.dials() * 11 / 10);
    assertThat(apart.dials()).isGreaterThan(shared.dials() * 5 / 4);
  }

  private static FleetSimulation run(int loops, Duration handover) {
    return new FleetSimulation(SEED, Misfortune.NONE, Balance.ROUND_ROBIN, loops, handover).run();
  }

  @Test
  void seedReplaysExactly() {
    FleetSimulation first = run(Misfortune.ALL);
    FleetSimulation again = runAnew(Misfortune.ALL, Balance.ROUND_ROBIN);

    assertThat(again.traceHash()).isEqualTo(first.traceHash());
  }

  private static List<Integer> requestsOfTheFirst(FleetSimulation run, int count) {
    List<Integer> requests = new ArrayList<>();
    for (int i = 1; i <= count; i++) {
      requests.add(run.server("s" + i).requests());
    }
    return requests;
  }
}
