package dev.sluice.core.backend.pool;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.SpareConfig;
import dev.sluice.core.time.Deadline;
import java.time.Duration;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The rules that the pools of one server follow, and the permits for idle connections that they
 * share. Any thread.
 */
public final class PoolPolicy {
  /** What becomes of a connection after the stream that it was made for. */
  enum Keeping {
    /** It is closed. */
    NONE,
    /** It is kept for the client connection that it was made for. */
    PRIVATE,
    /** It is kept for everybody. */
    SHARED
  }

  final Keeping keeping;
  final int idlePerLoopMax;
  final long idleNanos;
  final long purgeNanos;
  final int requestsMax;
  final int privateIdleMax;
  final PoolKey defaultKey;

  /** Whether connections that carry many are to be more than are needed. */
  final boolean spreads;

  final int spreadMin;
  final int spreadStreams;
  final int spreadMax;
  private final int warmMin;
  private final long maxAgeNanos;
  private final int loops;
  private final @Nullable Permits idle;

  /**
   * Rules.
   *
   * @param http whether a connection may serve more than one stream at all
   * @param idle how long an idle connection is kept if the configuration doesn't say
   * @param defaultKey of which connections are kept warm
   * @param loops over how many loops
   */
  public PoolPolicy(PoolConfig config, boolean http, Duration idle, PoolKey defaultKey, int loops) {
    RetirementConfig retirement = config.retirement();
    SpareConfig spares = config.spares();
    boolean never = config.reuse() == Reuse.NEVER;
    this.keeping = !http ? Keeping.NONE : never ? Keeping.PRIVATE : Keeping.SHARED;
    this.idlePerLoopMax = retirement.idlePerLoopMax();
    this.idle =
        retirement.idleMax() == PoolConfig.UNLIMITED ? null : new Permits(retirement.idleMax());
    Duration idleTime = retirement.idleTimeout().isZero() ? idle : retirement.idleTimeout();
    this.idleNanos = idleTime.toNanos();
    this.purgeNanos = retirement.purgeInterval().toNanos();
    this.maxAgeNanos = retirement.maxAge().toNanos();
    this.requestsMax = retirement.requestsMax();
    this.privateIdleMax = config.privateIdleMax();
    this.defaultKey = defaultKey;
    this.loops = loops;
    this.warmMin = keeping == Keeping.SHARED ? spares.warmMin() : 0;
    this.spreads =
        keeping == Keeping.SHARED
            && (spares.spreadMin() > 0 || spares.spreadStreams() != PoolConfig.UNLIMITED);
    this.spreadMin = spares.spreadMin();
    this.spreadStreams = spares.spreadStreams();
    this.spreadMax = spares.spreadMax();
  }

  /** How many connections a loop keeps warm: together exactly as many as the server is to have. */
  int warmShare(int loopIndex) {
    return warmMin / loops + (loopIndex < warmMin % loops ? 1 : 0);
  }

  /** Whether one more connection may be idle; if so, that it is. */
  boolean takeIdle(int idleHere) {
    return idleHere < idlePerLoopMax && (idle == null || idle.tryTake());
  }

  /** One that was idle is not any more. */
  void giveBackIdle() {
    if (idle != null) {
      idle.giveBack();
    }
  }

  /** When a connection that is ready now is too old for another stream. */
  long oldAt(long readyNanos, RandomGenerator random) {
    if (maxAgeNanos == 0) {
      return Deadline.NONE;
    }
    long earlier = random.nextLong(maxAgeNanos / 10 + 1);
    return Deadline.after(readyNanos, maxAgeNanos - earlier);
  }
}
