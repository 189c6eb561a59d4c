package dev.sluice.core.loop;

import java.lang.System.Logger;
import java.lang.System.Logger.Level;

/**
 * Lets one line a second through to the log, so that something that fails again and again doesn't
 * fill it. Confined to its loop.
 */
public final class LogLimiter {
  private static final long INTERVAL_NANOS = 1_000_000_000L;

  private boolean used;
  private long lastNanos;
  private long suppressed;

  LogLimiter() {}

  /** Logs a warning with its exception, or only counts it if there was one within a second. */
  public void warn(Logger logger, long nowNanos, String what, Throwable problem) {
    if (used && nowNanos - lastNanos < INTERVAL_NANOS) {
      suppressed++;
      return;
    }
    used = true;
    lastNanos = nowNanos;
    String more = suppressed == 0 ? "" : " (" + suppressed + " more not logged)";
    suppressed = 0;
    logger.log(Level.WARNING, what + more, problem);
  }
}
