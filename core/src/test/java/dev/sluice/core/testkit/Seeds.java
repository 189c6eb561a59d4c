package dev.sluice.core.testkit;

import java.util.stream.LongStream;

/**
 * Where tests take their seeds from: a fixed list, so that every run does the same; or the one in
 * the system property {@code sluice.seed}, to replay a failure; and {@code sluice.seeds} times as
 * many for a longer run.
 */
public final class Seeds {
  /** Names the one seed to replay. */
  public static final String SEED_PROPERTY = "sluice.seed";

  /** Names the factor by which there are more seeds. */
  public static final String FACTOR_PROPERTY = "sluice.seeds";

  /** What is run for each seed. */
  @FunctionalInterface
  public interface Body {
    /** Runs with this seed; may throw whatever a test may throw. */
    void run(long seed) throws Exception;
  }

  private Seeds() {}

  /** Tells whether a seed is being replayed, which is when traces are kept. */
  public static boolean replaying() {
    return System.getProperty(SEED_PROPERTY) != null;
  }

  /** Returns {@code count} seeds, or the one to replay. */
  public static LongStream take(int count) {
    Long replayed = Long.getLong(SEED_PROPERTY);
    if (replayed != null) {
      return LongStream.of(replayed);
    }
    return LongStream.rangeClosed(
        1, (long) count * Math.max(1, Integer.getInteger(FACTOR_PROPERTY, 1)));
  }

  /** Runs the body with each of {@code count} seeds; a failure names its seed. */
  public static void forEach(int count, Body body) {
    take(count).forEach(seed -> run(seed, body));
  }

  private static void run(long seed, Body body) {
    try {
      body.run(seed);
    } catch (Exception | AssertionError failure) {
      throw new AssertionError(
          "seed " + seed + " (replay with -D" + SEED_PROPERTY + "=" + seed + "): " + failure,
          failure);
    }
  }
}
