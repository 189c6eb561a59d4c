package dev.sluice.core.loop;

import dev.sluice.core.time.NanoClock;

/**
 * Told of whatever was thrown to a loop. Called on the loop; must not throw, block or log freely.
 */
@FunctionalInterface
public interface UncaughtReporter {
  /** Called once per failure, after it was counted. */
  void report(String what, Throwable failure);

  /** Returns a reporter that logs at most one line a second, and then says how many it left out. */
  static UncaughtReporter logging(NanoClock clock) {
    return new LoggingReporter(System.getLogger("dev.sluice.core.loop"), clock);
  }
}
