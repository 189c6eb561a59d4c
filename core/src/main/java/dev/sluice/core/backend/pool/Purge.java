package dev.sluice.core.backend.pool;

import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.core.time.TimerWheel;

/**
 * Closes idle connections that are not needed, slowly: at each turn a half of what exceeds the
 * need, the oldest first. The need is the largest number that was in use at a time since the last
 * turn; when that falls, the estimate follows it by half of the way, so that a pause does not cost
 * the connections that the next wave wants. Confined to the loop of its pool; it runs only while
 * something is idle.
 */
final class Purge extends Timer {
  /** More than so many are closed in several turns of the loop. */
  private static final int CLOSED_PER_TURN_MAX = 64;

  private final ConnectionPool pool;
  private final long intervalNanos;
  private int inUse;
  private int peak;
  private int estimate;
  private int left;

  Purge(ConnectionPool pool, long intervalNanos) {
    this.pool = pool;
    this.intervalNanos = intervalNanos;
  }

  /** A connection is in use from now on. */
  void use(PooledConnection pooled) {
    if (!pooled.inUse) {
      pooled.inUse = true;
      inUse++;
      peak = Math.max(peak, inUse);
    }
  }

  /** A connection is not in use any more: it is idle, or over. */
  void unused(PooledConnection pooled) {
    if (pooled.inUse) {
      pooled.inUse = false;
      inUse--;
    }
  }

  /** There is something idle. */
  void onIdle() {
    if (intervalNanos > 0 && !armed()) {
      arm(intervalNanos);
    }
  }

  @Override
  protected void onTimer(long nowNanos) {
    if (left == 0) {
      estimate = Math.max(peak, (estimate + peak) / 2);
      peak = inUse;
      int need = Math.max(estimate, pool.warmShare());
      left = (Math.max(0, inUse + pool.sharedIdle() - need) + 1) / 2;
    }
    int closed = Math.min(left, CLOSED_PER_TURN_MAX);
    left = closed == pool.purge(closed) ? left - closed : 0;
    if (left > 0) {
      arm(TimerWheel.TICK_NANOS);
    } else if (pool.sharedIdle() > 0) {
      arm(intervalNanos);
    }
  }

  private void arm(long delayNanos) {
    pool.loop().timers().arm(this, Deadline.after(pool.loop().nowNanos(), delayNanos));
  }
}
