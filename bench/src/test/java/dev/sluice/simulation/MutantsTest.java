package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.util.function.LongConsumer;
import org.junit.jupiter.api.Test;

/**
 * Proves that the simulation bites: with one rule of the late mux taken out of the engine, some
 * seed fails by what its peers, records and gauges show; the engine's own assertions are off.
 */
class MutantsTest {
  private static final int SOUND_SEEDS = 40;
  private static final int MUTANT_SEEDS_MAX = 300;

  private static final System.Logger LOG = System.getLogger(MutantsTest.class.getName());

  @Test
  void engineWithoutItsAssertionsIsSound() throws Exception {
    assertThat(failure(Mutation.none(), SOUND_SEEDS)).isEmpty();
  }

  @Test
  void identityCheckAloneKeepsAnOwnerThatLeftFromBeingTold() throws Exception {
    assertThat(failure(Mutation.ownerStays(), SOUND_SEEDS)).isEmpty();
  }

  @Test
  void engineWithoutTheIdentityCheckFails() throws Exception {
    assertThat(failure(Mutation.withoutIdentityCheck(), MUTANT_SEEDS_MAX)).isNotEmpty();
  }

  @Test
  void engineWithoutTheClearingFails() throws Exception {
    assertThat(failure(Mutation.withoutClearing(), MUTANT_SEEDS_MAX)).isNotEmpty();
  }

  @Test
  void engineWithoutTheReleaseFails() throws Exception {
    assertThat(failure(Mutation.withoutRelease(), MUTANT_SEEDS_MAX)).isNotEmpty();
  }

  /** What the first seed that fails has to say, empty if none does. */
  private static String failure(Mutation mutation, int seeds)
      throws IOException, ReflectiveOperationException {
    Thread thread = Thread.currentThread();
    ClassLoader before = thread.getContextClassLoader();
    try (MutantLoader loader = MutantLoader.of(mutation)) {
      // Where the engine looks for services.
      thread.setContextClassLoader(loader);
      LongConsumer run =
          (LongConsumer)
              loader.loadClass(MutantRun.class.getName()).getDeclaredConstructor().newInstance();
      for (long seed = 1; seed <= seeds; seed++) {
        try {
          run.accept(seed);
        } catch (RuntimeException | AssertionError failure) {
          LOG.log(System.Logger.Level.INFO, "{0}: {1}", mutation.name(), failure.getMessage());
          return String.valueOf(failure);
        }
      }
    } finally {
      thread.setContextClassLoader(before);
    }
    return "";
  }
}
