package dev.sluice.core.config;

/**
 * How often a request is tried again.
 *
 * @param connectsMax further attempts after a connect or a handshake has failed
 * @param replaysMax further attempts, each on a fresh connection, after a request was sent and its
 *     connection ended before the first byte of a response; only where the request may be replayed
 */
public record RetryConfig(int connectsMax, int replaysMax) {
  private static final RetryConfig DEFAULTS = new RetryConfig(1, 1);

  /** What holds if nothing is said: one of each. */
  public static RetryConfig defaults() {
    return DEFAULTS;
  }
}
