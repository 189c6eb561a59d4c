package dev.sluice.core.time;

/**
 * The source of time of everything in the engine. Any thread may call it.
 *
 * <p>Values are nanoseconds since an origin of the clock's own choice, are never negative and never
 * decrease. Unlike {@link System#nanoTime()} they may therefore be compared with {@code <}, and
 * {@link Deadline#NONE} is later than any of them.
 */
@FunctionalInterface
public interface NanoClock {
  /** Returns the nanoseconds passed since the origin of this clock. */
  long nanoTime();

  /** Returns the clock of the machine, which starts near zero when it is first asked for. */
  static NanoClock system() {
    return SystemClock.INSTANCE;
  }
}
