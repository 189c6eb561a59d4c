package dev.sluice.core.config;

/**
 * How often a request is tried again.
 *
 * @param connectsMax further attempts after a connect or a handshake has failed
 * @param replaysMax further attempts, each on a fresh connection, after a request was sent and its
 *     connection ended before the first byte of a response; only where the request may be replayed
 * @param refusalsMax further attempts, on another connection where there can be one, after the
 *     server has said that it did not process the request; whatever the method
 */
public record RetryConfig(int connectsMax, int replaysMax, int refusalsMax) {
  private static final RetryConfig DEFAULTS = new RetryConfig(1, 1, 3);

  /** These, and the default for refusals. */
  public RetryConfig(int connectsMax, int replaysMax) {
    this(connectsMax, replaysMax, DEFAULTS.refusalsMax);
  }

  /** What holds if nothing is said: one connect, one replay, three refusals. */
  public static RetryConfig defaults() {
    return DEFAULTS;
  }
}
