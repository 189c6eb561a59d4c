package dev.sluice.core.backend.pool;

import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.core.time.TimerWheel;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Connections that are made although no request waits for them: those that are kept warm, and the
 * next one when those that carry many carry more than they should. They belong to nobody while they
 * are made, so that the failure of one is no request's; after a failure the next is made only when
 * a time has passed, which doubles. Confined to the loop of its pool.
 */
final class Spares extends Timer {
  private static final long BACK_OFF_FIRST_NANOS = 100_000_000L;
  private static final int BACK_OFF_DOUBLINGS_MAX = 7;

  /** More than so many are begun in several turns of the loop. */
  private static final int DIALS_PER_TURN_MAX = 16;

  private final ConnectionPool pool;
  private final PoolListener listener;
  private final PoolPolicy policy;
  private final RandomGenerator random;
  private final int warmShare;

  /** Connections of the default key that take streams, or will when they are made. */
  private int warm;

  private int failures;
  private boolean stopped = true;
  private @Nullable PoolKey crowded;

  Spares(ConnectionPool pool, PoolListener listener, PoolPolicy policy, RandomGenerator random) {
    this.pool = pool;
    this.listener = listener;
    this.policy = policy;
    this.random = random;
    this.warmShare = policy.warmShare(pool.loop().index());
  }

  /** From now on such connections may be made. */
  void start() {
    stopped = false;
    dialSoon();
  }

  /** No further one. */
  void stop() {
    stopped = true;
    pool.loop().timers().cancel(this);
  }

  /** Whether an idle connection is one of those that are kept, however long it is idle. */
  boolean keeps(PooledConnection pooled) {
    return !stopped && pooled.warm && warm <= warmShare;
  }

  void onAdded(PooledConnection pooled) {
    if (warmShare > 0 && pooled.key.equals(policy.defaultKey)) {
      pooled.warm = true;
      warm++;
    }
  }

  void onReady() {
    if (failures > 0) {
      failures = 0;
      dialSoon();
    }
  }

  /** The connection takes no further stream, or none but of one client. */
  void onGone(PooledConnection pooled) {
    if (pooled.warm) {
      pooled.warm = false;
      warm--;
      if (failures == 0) {
        dialSoon();
      }
    }
  }

  /** It is closed, and never got a mux. */
  void onFailed() {
    if (warmShare > 0 || policy.spreads) {
      failures++;
      arm(backOffNanos());
    }
  }

  /**
   * A stream has joined others on a connection.
   *
   * @param before how many were there
   * @param beingMade how many connections of that key are being made on this loop
   */
  void onShared(PoolKey key, int before, int beingMade) {
    if (stopped || beingMade > 0 || crowded != null || (failures > 0 && armed())) {
      return;
    }
    if (wantsNext(before)) {
      crowded = key;
      dialSoon();
    }
  }

  private boolean wantsNext(int streams) {
    int connections = listener.connectionCount();
    return connections < policy.spreadMin
        || (streams >= policy.spreadStreams && connections < policy.spreadMax);
  }

  @Override
  protected void onTimer(long nowNanos) {
    PoolKey next = crowded;
    crowded = null;
    if (stopped) {
      return;
    }
    if (next != null) {
      listener.dialSpare(pool, next);
    }
    int begun = 0;
    while (warm < warmShare && begun < DIALS_PER_TURN_MAX) {
      if (!listener.dialSpare(pool, policy.defaultKey)) {
        arm(backOffNanos());
        return;
      }
      begun++;
      if (failures > 0) {
        // One at a time until the server is back; the failure has armed the timer.
        break;
      }
    }
    if (warm < warmShare && !armed()) {
      arm(failures > 0 ? backOffNanos() : TimerWheel.TICK_NANOS);
    }
  }

  private void dialSoon() {
    if (!stopped && (warm < warmShare || crowded != null)) {
      arm(0);
    }
  }

  private void arm(long delayNanos) {
    if (!stopped) {
      pool.loop().timers().arm(this, Deadline.after(pool.loop().nowNanos(), delayNanos));
    }
  }

  /** Doubles with each failure, less a chance part of at most a half. */
  private long backOffNanos() {
    int doublings = Math.min(Math.max(0, failures - 1), BACK_OFF_DOUBLINGS_MAX);
    long longest = BACK_OFF_FIRST_NANOS << doublings;
    return longest - random.nextLong(longest / 2 + 1);
  }
}
