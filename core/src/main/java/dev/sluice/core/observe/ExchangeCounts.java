package dev.sluice.core.observe;

/**
 * The counters of exchanges at one moment, since the start of the engine. Each was read by itself
 * while the loops went on, so that sums of one snapshot may be apart by the exchanges of that
 * moment; none ever goes back. Immutable; any thread.
 */
public final class ExchangeCounts {
  private final long[] sums;

  ExchangeCounts(long[] sums) {
    this.sums = sums;
  }

  /** Of an engine that has counted nothing. */
  public static ExchangeCounts none() {
    return new ExchangeCounts(new long[EngineCounters.COUNT]);
  }

  /** Exchanges begun. */
  public long begun() {
    return sums[EngineCounters.BEGUN];
  }

  /** Exchanges ended; each has one record, one cause and one status class. */
  public long ended() {
    return sums[EngineCounters.ENDED];
  }

  /** Attempts with a server. */
  public long attempts() {
    return sums[EngineCounters.ATTEMPTS];
  }

  /** Attempts after the first of their exchange. */
  public long retries() {
    return sums[EngineCounters.RETRIES];
  }

  /** Exchanges whose last attempt ran on a connection that another exchange had opened. */
  public long reused() {
    return sums[EngineCounters.REUSED];
  }

  /** Content from clients, in bytes; counted when its exchange ends. */
  public long bytesFromClients() {
    return sums[EngineCounters.FROM_CLIENT];
  }

  /** Content to clients, in bytes; counted when its exchange ends. */
  public long bytesToClients() {
    return sums[EngineCounters.TO_CLIENT];
  }

  /** Exchanges that an observer threw at. */
  public long observerFailures() {
    return sums[EngineCounters.OBSERVER_FAILURES];
  }

  /** Attempts whose connect or handshake failed. */
  public long connectFailures() {
    return total(EngineCounters.CONNECT_FAILURES);
  }

  /** Attempts whose connect or handshake failed for this cause. */
  public long connectFailures(CloseCause cause) {
    return sums[EngineCounters.CONNECT_FAILURES + cause.ordinal()];
  }

  /** Connections of clients that never got a mux. */
  public long clientFailures() {
    return total(EngineCounters.CLIENT_FAILURES);
  }

  /** Connections of clients that never got a mux for this cause. */
  public long clientFailures(CloseCause cause) {
    return sums[EngineCounters.CLIENT_FAILURES + cause.ordinal()];
  }

  /**
   * Exchanges ended, by the class of their status.
   *
   * @param statusClass 1 to 5, or 0 for those without one
   */
  public long byStatusClass(int statusClass) {
    if (statusClass < 0 || statusClass > EngineCounters.STATUS_CLASS_MAX) {
      throw new IllegalArgumentException("no status class " + statusClass + ": 0 to 5 is valid");
    }
    return sums[EngineCounters.STATUS_CLASSES + statusClass];
  }

  /** Exchanges ended, by the cause of their end. */
  public long byCause(CloseCause cause) {
    return sums[EngineCounters.CAUSES + cause.ordinal()];
  }

  private long total(int first) {
    long sum = 0;
    for (int i = 0; i < CloseCause.count(); i++) {
      sum += sums[first + i];
    }
    return sum;
  }

  /** The counters that are not zero, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    text.append("begun=").append(begun()).append(" ended=").append(ended());
    for (int i = 0; i < CloseCause.count(); i++) {
      CloseCause cause = CloseCause.of(i);
      if (byCause(cause) > 0) {
        text.append(' ').append(cause).append('=').append(byCause(cause));
      }
    }
    return text.toString();
  }
}
