package dev.sluice.core.time;

/** {@link System#nanoTime()} shifted so that it starts at one millisecond. */
final class SystemClock implements NanoClock {
  static final SystemClock INSTANCE = new SystemClock();

  /** Keeps "now" apart from 0, which a careless caller could take for "unset". */
  private static final long FIRST_NANOS = 1_000_000L;

  private final long originNanos = System.nanoTime() - FIRST_NANOS;

  private SystemClock() {}

  @Override
  public long nanoTime() {
    return System.nanoTime() - originNanos;
  }
}
