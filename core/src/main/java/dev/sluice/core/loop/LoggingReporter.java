package dev.sluice.core.loop;

import dev.sluice.core.time.NanoClock;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/** Logs failures at level ERROR, at most one a second. Confined to its loop. */
final class LoggingReporter implements UncaughtReporter {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private final Logger logger;
  private final NanoClock clock;
  private long nextNanos;
  private long suppressed;

  LoggingReporter(Logger logger, NanoClock clock) {
    this.logger = logger;
    this.clock = clock;
  }

  @Override
  public void report(String what, Throwable failure) {
    long now = clock.nanoTime();
    if (now < nextNanos) {
      suppressed++;
      return;
    }
    nextNanos = now + INTERVAL_NANOS;
    String message = suppressed == 0 ? what : what + " (" + suppressed + " more not logged)";
    suppressed = 0;
    logger.log(Level.ERROR, message, failure);
  }
}
