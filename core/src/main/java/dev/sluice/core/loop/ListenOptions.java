package dev.sluice.core.loop;

/**
 * How to listen.
 *
 * @param backlog how many connections may wait to be accepted
 * @param acceptsPerTurnMax how many are accepted in one turn of the loop at most
 * @param reusePort whether other sockets may listen on the same port (SO_REUSEPORT)
 * @param exclusiveProbe with {@code reusePort}, whether the port is bound without it first, so that
 *     a port which another program listens on is noticed; only for the first socket of a group
 * @param descriptorPauseNanos how long accepting pauses when there is no descriptor left
 */
public record ListenOptions(
    int backlog,
    int acceptsPerTurnMax,
    boolean reusePort,
    boolean exclusiveProbe,
    long descriptorPauseNanos) {

  private static final ListenOptions DEFAULTS =
      new ListenOptions(1024, 64, false, true, 100_000_000L);

  /** Checks the bounds. */
  public ListenOptions {
    if (backlog <= 0 || acceptsPerTurnMax <= 0 || descriptorPauseNanos <= 0) {
      throw new IllegalArgumentException(
          "backlog %d, acceptsPerTurnMax %d and descriptorPauseNanos %d must be positive"
              .formatted(backlog, acceptsPerTurnMax, descriptorPauseNanos));
    }
  }

  /** Returns a backlog of 1024, 64 accepts a turn, an exclusive port and pauses of 100 ms. */
  public static ListenOptions defaults() {
    return DEFAULTS;
  }
}
