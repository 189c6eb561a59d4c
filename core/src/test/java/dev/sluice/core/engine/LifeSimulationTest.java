package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.connection.OwnerSimulation;
import dev.sluice.core.testkit.Seeds;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Whole engines from seeds. */
class LifeSimulationTest {
  /** Held, so that its level holds: the faults of the simulation are reported by their hundreds. */
  private static final Logger CONNECTIONS =
      Logger.getLogger("dev.sluice.core.connection.Connection");

  @BeforeAll
  static void faultsAreExpected() {
    CONNECTIONS.setLevel(Level.OFF);
  }

  @AfterAll
  static void faultsAreReportedAgain() {
    CONNECTIONS.setLevel(null);
  }

  @Test
  void nothingIsLeftWhateverHappens() {
    long[] totals = new long[3];
    Seeds.forEach(
        600,
        seed -> {
          LifeSimulation.Result result = LifeSimulation.run(seed);
          assertThat(result.exchanges()).isGreaterThanOrEqualTo(20);
          assertThat(result.faults()).isGreaterThanOrEqualTo(3);
          totals[0] += result.exchanges();
          totals[1] += result.faults();
          totals[2] += result.steps();
        });
    System.getLogger(LifeSimulationTest.class.getName())
        .log(
            System.Logger.Level.INFO,
            "{0} exchanges, {1} faults, {2} steps",
            totals[0],
            totals[1],
            totals[2]);
  }

  @Test
  void ownersThatWaitForAnotherConnectionAreLeftAlone() {
    Seeds.forEach(300, OwnerSimulation::run);
  }

  @Test
  void seedReplaysExactly() {
    for (long seed = 1; seed <= 5; seed++) {
      assertThat(LifeSimulation.run(seed)).isEqualTo(LifeSimulation.run(seed));
    }
  }
}
