package dev.sluice.core.backend;

import dev.sluice.core.config.RetryBudgetConfig;
import java.util.concurrent.atomic.AtomicLong;

/**
 * How many requests of a backend may be retries at a time. Belongs to all loops: both counts are in
 * one word, so that the limit is exact whoever changes them meanwhile.
 */
public final class RetryBudget {
  /** One request under way; those among them that are retries are counted in the lower half. */
  private static final long REQUEST = 1L << 32;

  private final int percent;
  private final int retriesMin;
  private final boolean limited;
  private final AtomicLong counts = new AtomicLong();

  /** With nothing under way. */
  public RetryBudget(RetryBudgetConfig config) {
    this.percent = config.percent();
    this.retriesMin = config.retriesMin();
    this.limited = percent < RetryBudgetConfig.UNLIMITED_PERCENT;
  }

  /** Whether there is a limit at all; if not, nothing is counted and no call has an effect. */
  public boolean limited() {
    return limited;
  }

  /** A request begins. */
  public void begin() {
    if (limited) {
      counts.getAndAdd(REQUEST);
    }
  }

  /**
   * A request would be a retry from now on.
   *
   * @param already whether it is one
   * @return whether it may be; if not, it is what it was
   */
  public boolean tryRetry(boolean already) {
    if (!limited) {
      return true;
    }
    while (true) {
      long now = counts.get();
      long after = already ? now : now + 1;
      if (retries(after) > retriesMax(requests(now))) {
        return false;
      }
      if (counts.compareAndSet(now, after)) {
        return true;
      }
    }
  }

  /** A retry is answered: the request goes on, but counts as one no more. */
  public void answered() {
    if (limited) {
      counts.getAndAdd(-1);
    }
  }

  /** A request is over; if it was a retry still, {@link #answered()} was called before. */
  public void end() {
    if (limited) {
      counts.getAndAdd(-REQUEST);
    }
  }

  /** How many requests are under way; 0 without a limit. Any thread. */
  public int requests() {
    return requests(counts.get());
  }

  /** How many of them are retries; 0 without a limit. Any thread. */
  public int retries() {
    return retries(counts.get());
  }

  private long retriesMax(int requests) {
    return Math.max(retriesMin, (long) requests * percent / 100);
  }

  private static int requests(long counts) {
    return (int) (counts >>> 32);
  }

  private static int retries(long counts) {
    return (int) counts;
  }
}
