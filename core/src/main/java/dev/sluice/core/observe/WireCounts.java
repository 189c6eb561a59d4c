package dev.sluice.core.observe;

/**
 * The counters of connections at one moment, since the start of the engine. Each was read by
 * itself; none ever goes back. Immutable; any thread.
 */
public final class WireCounts {
  private final long[] sums;

  WireCounts(long[] sums) {
    this.sums = sums;
  }

  /** Of an engine that has counted nothing. */
  public static WireCounts none() {
    return new WireCounts(new long[2 * WireEvent.count()]);
  }

  /** How often that has happened with clients. */
  public long clients(WireEvent event) {
    return sums[event.ordinal()];
  }

  /** How often that has happened with servers. */
  public long servers(WireEvent event) {
    return sums[WireEvent.count() + event.ordinal()];
  }

  /** The counters that are not zero, for people. */
  @Override
  public String toString() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < WireEvent.count(); i++) {
      WireEvent event = WireEvent.of(i);
      if (clients(event) + servers(event) > 0) {
        text.append(text.length() == 0 ? "" : " ").append(event);
        text.append('=').append(clients(event)).append('/').append(servers(event));
      }
    }
    return text.toString();
  }
}
