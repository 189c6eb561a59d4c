package dev.sluice.core.time;

/** Arithmetic on points of a {@link NanoClock} that saturates instead of overflowing. */
public final class Deadline {
  /** The deadline that never comes. */
  public static final long NONE = Long.MAX_VALUE;

  private Deadline() {}

  /**
   * Returns the point {@code delayNanos} after {@code nowNanos}, or {@link #NONE} if it is too far
   * away to be a number, or if the delay itself is {@link #NONE}.
   */
  public static long after(long nowNanos, long delayNanos) {
    assert nowNanos >= 0 && delayNanos >= 0 : "now " + nowNanos + ", delay " + delayNanos;
    long deadline = nowNanos + delayNanos;
    return deadline < 0 ? NONE : deadline;
  }

  /** Tells whether the deadline is reached; {@link #NONE} never is. */
  public static boolean passed(long deadlineNanos, long nowNanos) {
    return deadlineNanos <= nowNanos && deadlineNanos != NONE;
  }

  /** Returns how long is left: 0 if the deadline is reached, {@link #NONE} for {@link #NONE}. */
  public static long remaining(long deadlineNanos, long nowNanos) {
    if (deadlineNanos == NONE) {
      return NONE;
    }
    return deadlineNanos <= nowNanos ? 0 : deadlineNanos - nowNanos;
  }

  /** Returns the deadline that comes first. */
  public static long earlier(long deadlineNanos, long otherNanos) {
    return Math.min(deadlineNanos, otherNanos);
  }
}
