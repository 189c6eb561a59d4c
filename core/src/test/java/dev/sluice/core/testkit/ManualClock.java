package dev.sluice.core.testkit;

import dev.sluice.core.time.NanoClock;

/** A clock that stands still until it is moved. Not for use by several threads. */
public final class ManualClock implements NanoClock {
  /** Where a clock starts: late enough that "0" can't be taken for the present. */
  public static final long START_NANOS = 1_000_000_000L;

  private long nanos = START_NANOS;

  @Override
  public long nanoTime() {
    return nanos;
  }

  /** Moves the clock on by {@code nanos}. */
  public void advance(long nanos) {
    if (nanos < 0) {
      throw new IllegalArgumentException("time can't go back by " + -nanos + " ns");
    }
    this.nanos += nanos;
  }

  /** Moves the clock on to {@code nanos}; leaves it alone if it is there already or past it. */
  public void advanceTo(long nanos) {
    this.nanos = Math.max(this.nanos, nanos);
  }
}
