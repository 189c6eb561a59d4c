package dev.sluice.mux.h2.protocol;

/**
 * What a peer can do at little cost to itself and some to us. Each kind has an allowance in {@link
 * AbuseBudget}: a burst, and so many a second after it.
 */
public enum Abuse {
  /** RST_STREAM from a client: each one may have started work (CVE-2023-44487). */
  RESET(1000, 33),
  /** A request that we had to refuse because of the number of streams. */
  REFUSED(1000, 100),
  /** PING, which we have to answer. */
  PING(500, 50),
  /** SETTINGS, which we have to apply and acknowledge. */
  SETTINGS(100, 10),
  /** DATA without content and END_STREAM, and fragments of blocks without content. */
  EMPTY_FRAME(500, 50),
  /** WINDOW_UPDATE; every DATA frame that we send earns more. */
  WINDOW_UPDATE(4000, 500),
  /** PRIORITY, which is deprecated, and frames of unknown types. */
  IGNORED_FRAME(2000, 200),
  /** Everything else that an honest peer hardly ever does: malformed requests and the like. */
  GLITCH(1000, 33);

  private final int burst;
  private final int perSecond;

  Abuse(int burst, int perSecond) {
    this.burst = burst;
    this.perSecond = perSecond;
  }

  /** How many are allowed at once. */
  public int burst() {
    return burst;
  }

  /** How many are allowed in a second, once the burst is used up. */
  public int perSecond() {
    return perSecond;
  }
}
