package dev.sluice.core.config;

import java.time.Duration;
import java.util.Objects;

/**
 * How connections to servers are kept.
 *
 * @param reuse who may use a connection that another request has opened
 * @param idlePerLoopMax idle connections that a loop keeps for each server
 * @param handshakesMax connections to a server that are made at a time for requests which can share
 *     one, as long as it isn't known how many one of them carries
 * @param maxAge the age at which a connection takes no further request; each has a limit of its
 *     own, by chance up to a tenth lower, so that those made together don't end together; zero for
 *     none
 * @param requestsMax how many requests a connection carries in its life
 * @param handover how long a request waits for an idle connection that was asked of another loop,
 *     and how long a busy one may be kept from its own loop for the sake of another; zero if
 *     connections stay on their loops
 */
public record PoolConfig(
    Reuse reuse,
    int idlePerLoopMax,
    int handshakesMax,
    Duration maxAge,
    int requestsMax,
    Duration handover) {
  /** Any number of requests. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final PoolConfig DEFAULTS =
      new PoolConfig(Reuse.SAFE, 256, 4, Duration.ZERO, UNLIMITED, Duration.ofMillis(20));

  /** Rejects null. */
  public PoolConfig {
    Objects.requireNonNull(reuse, "reuse");
    Objects.requireNonNull(maxAge, "maxAge");
    Objects.requireNonNull(handover, "handover");
  }

  /** These, and the defaults for the rest. */
  public PoolConfig(Reuse reuse, int idlePerLoopMax) {
    this(
        reuse,
        idlePerLoopMax,
        DEFAULTS.handshakesMax,
        DEFAULTS.maxAge,
        DEFAULTS.requestsMax,
        DEFAULTS.handover);
  }

  /** What holds if nothing is said: reuse safe. */
  public static PoolConfig defaults() {
    return DEFAULTS;
  }

  /** The defaults with another reuse mode. */
  public static PoolConfig reuse(Reuse reuse) {
    return new PoolConfig(reuse, DEFAULTS.idlePerLoopMax);
  }

  /** These with another number of handshakes at a time. */
  public PoolConfig withHandshakesMax(int max) {
    return new PoolConfig(reuse, idlePerLoopMax, max, maxAge, requestsMax, handover);
  }

  /** These with another age at which connections are retired; zero for none. */
  public PoolConfig withMaxAge(Duration age) {
    return new PoolConfig(reuse, idlePerLoopMax, handshakesMax, age, requestsMax, handover);
  }

  /** These with another number of requests after which connections are retired. */
  public PoolConfig withRequestsMax(int max) {
    return new PoolConfig(reuse, idlePerLoopMax, handshakesMax, maxAge, max, handover);
  }

  /** These with another time that one loop may wait for a connection of another; zero for none. */
  public PoolConfig withHandover(Duration time) {
    return new PoolConfig(reuse, idlePerLoopMax, handshakesMax, maxAge, requestsMax, time);
  }
}
