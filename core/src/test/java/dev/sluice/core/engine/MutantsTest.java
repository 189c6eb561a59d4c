package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.connection.OwnerSimulation;
import java.io.IOException;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * The simulations bite: with any of the rules of the late mux left out, a seed fails. The
 * assertions of the library are off, so that it is the outcome that fails.
 */
class MutantsTest {
  private static final int SEEDS = 60;
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
  void coreAsItIsPassesInALoaderOfItsOwn() throws IOException {
    try (Mutant none = Mutant.none()) {
      for (long seed = 1; seed <= 10; seed++) {
        assertThat(none.run(LifeSimulation.class, seed)).isNull();
        assertThat(none.run(OwnerSimulation.class, seed)).isNull();
      }
    }
  }

  /** A failing connection tells its owner without a look whether it still waits for it. */
  @Test
  void withoutTheIdentityCheckASeedFails() throws IOException {
    try (Mutant mutant =
        Mutant.of(
            "dev.sluice.core.connection.MuxInstaller",
            "return owner != null && owner.pending() == connection ? owner : null;",
            "return owner;")) {
      assertFailsForSomeSeed(mutant, OwnerSimulation.class);
    }
  }

  /** A stream that leaves does not say so to the connection that it waits for. */
  @Test
  void withoutTheClearingOfTheOwnerASeedFails() throws IOException {
    try (Mutant mutant =
        Mutant.of(
            "dev.sluice.core.stream.BackStreamConnector",
            "      made.disown();\n",
            "      made.state();\n")) {
      assertFailsForSomeSeed(mutant, LifeSimulation.class);
    }
  }

  /** A failed attempt is not let go of before the next one begins or waits. */
  @Test
  void withoutTheReleaseBeforeTheNextAttemptASeedFails() throws IOException {
    try (Mutant mutant =
        Mutant.of(
            "dev.sluice.core.stream.BackStreamConnector",
            "    letGo(ResetCode.CANCEL);\n    Backend to = backend;",
            "    Backend to = backend;")) {
      assertFailsForSomeSeed(mutant, LifeSimulation.class);
    }
  }

  private static void assertFailsForSomeSeed(Mutant mutant, Class<?> simulation) {
    for (long seed = 1; seed <= SEEDS; seed++) {
      Throwable failure = mutant.run(simulation, seed);
      if (failure != null) {
        System.getLogger(MutantsTest.class.getName())
            .log(System.Logger.Level.INFO, "seed {0} fails: {1}", seed, failure.toString());
        return;
      }
    }
    throw new AssertionError("no seed of " + SEEDS + " notices");
  }
}
