package dev.sluice.core.backend;

import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import dev.sluice.core.observe.RetryKind;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The retries of a backend in a form that is quick to ask, with what its requests share: the
 * budget, and the randomness of waits. Any thread; allocates nothing.
 */
public final class RetryRules {
  private static final int MISDIRECTED = 421;
  private static final int STATUSES = 600;
  private static final long GOLDEN_GAMMA = 0x9E3779B97F4A7C15L;

  private final RetryConfig config;
  private final RetryBudget budget;
  private final boolean[] on = new boolean[RetryKind.count()];
  private final boolean[] statuses = new boolean[STATUSES];
  private final long tryTimeoutNanos;
  private final long baseNanos;
  private final long maxNanos;
  private final AtomicLong jitter = new AtomicLong();

  /** The rules of a backend. */
  public RetryRules(RetryConfig config) {
    this.config = config;
    this.budget = new RetryBudget(config.budget());
    this.tryTimeoutNanos = config.tryTimeout().toNanos();
    this.baseNanos = config.backoff().base().toNanos();
    this.maxNanos = config.backoff().max().toNanos();
    for (RetryOn each : config.on()) {
      on[kind(each).ordinal()] = true;
    }
    for (int status : config.statuses()) {
      statuses[status] = true;
    }
    on[RetryKind.STATUS.ordinal()] = true;
    on[RetryKind.MISDIRECTED.ordinal()] = true;
    // No repetition, but another way to say the same.
    on[RetryKind.HTTP_1_1_REQUIRED.ordinal()] = true;
  }

  private static RetryKind kind(RetryOn on) {
    return switch (on) {
      case CONNECT_FAILURE -> RetryKind.CONNECT_FAILURE;
      case HANDSHAKE_FAILURE -> RetryKind.HANDSHAKE_FAILURE;
      case EMPTY_RESPONSE -> RetryKind.EMPTY_RESPONSE;
      case JUNK_RESPONSE -> RetryKind.JUNK_RESPONSE;
      case RESPONSE_TIMEOUT -> RetryKind.RESPONSE_TIMEOUT;
      case REFUSED -> RetryKind.REFUSED;
    };
  }

  /** The numbers. */
  public RetryConfig config() {
    return config;
  }

  /** The budget of all requests of the backend. */
  public RetryBudget budget() {
    return budget;
  }

  /** Whether an attempt that ended so may be followed by another one. */
  public boolean on(RetryKind kind) {
    return on[kind.ordinal()];
  }

  /** What an answer with this status is to be asked again for, or null. */
  public @Nullable RetryKind ofStatus(int status) {
    if (status >= STATUSES || !statuses[status]) {
      return null;
    }
    return status == MISDIRECTED ? RetryKind.MISDIRECTED : RetryKind.STATUS;
  }

  /** How long an attempt may take to be answered; 0 if nothing limits it here. */
  public long tryTimeoutNanos() {
    return tryTimeoutNanos;
  }

  /** Whether there is any wait before a retry. */
  public boolean waits() {
    return baseNanos > 0;
  }

  /**
   * How long to wait: between half of a step and all of it.
   *
   * @param step how many waits of the request came before
   * @param nowNanos the loop's time, which makes the times of one engine others than those of the
   *     next; an engine on a manual clock waits the same again
   */
  public long waitNanos(int step, long nowNanos) {
    long whole = baseNanos;
    for (int i = 0; i < step && whole < maxNanos; i++) {
      whole <<= 1;
    }
    whole = Math.min(whole, maxNanos);
    long half = whole >>> 1;
    long random = mix(jitter.getAndAdd(GOLDEN_GAMMA) ^ nowNanos) >>> 1;
    return whole - random % (half + 1);
  }

  /** SplitMix64's, which is what {@link java.util.SplittableRandom} uses. */
  private static long mix(long z) {
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return z ^ (z >>> 31);
  }
}
