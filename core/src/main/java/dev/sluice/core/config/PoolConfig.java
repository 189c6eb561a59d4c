package dev.sluice.core.config;

import java.util.Objects;

/**
 * How connections to servers are kept.
 *
 * @param reuse who may use a connection that another request has opened
 * @param idlePerLoopMax idle connections that a loop keeps for each server
 */
public record PoolConfig(Reuse reuse, int idlePerLoopMax) {
  private static final PoolConfig DEFAULTS = new PoolConfig(Reuse.SAFE, 256);

  /** Rejects null. */
  public PoolConfig {
    Objects.requireNonNull(reuse, "reuse");
  }

  /** What holds if nothing is said: reuse safe. */
  public static PoolConfig defaults() {
    return DEFAULTS;
  }

  /** The defaults with another reuse mode. */
  public static PoolConfig reuse(Reuse reuse) {
    return new PoolConfig(reuse, DEFAULTS.idlePerLoopMax);
  }
}
