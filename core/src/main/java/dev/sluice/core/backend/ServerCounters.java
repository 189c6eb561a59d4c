package dev.sluice.core.backend;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Retirement;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts. Any thread; reading blocks nobody. */
public final class ServerCounters {
  private final LongAdder dials = new LongAdder();
  private final LongAdder spareDials = new LongAdder();
  private final LongAdder reuses = new LongAdder();
  private final LongAdder privates = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder[] failures = new LongAdder[CloseCause.count()];
  private final LongAdder[] retirements = new LongAdder[Retirement.count()];

  ServerCounters() {
    for (int i = 0; i < failures.length; i++) {
      failures[i] = new LongAdder();
    }
    for (int i = 0; i < retirements.length; i++) {
      retirements[i] = new LongAdder();
    }
  }

  void onDial() {
    dials.increment();
  }

  void onSpareDial() {
    dials.increment();
    spareDials.increment();
  }

  void onPrivate() {
    privates.increment();
  }

  void onReuse() {
    reuses.increment();
  }

  /** A request is tried again after an attempt with this server. */
  public void onRetry() {
    retries.increment();
  }

  void onConnectFailed(CloseCause cause) {
    failures[cause.ordinal()].increment();
  }

  void onRetired(Retirement reason) {
    retirements[reason.ordinal()].increment();
  }

  /** Connections begun that no request waited for. */
  public long spareDials() {
    return spareDials.sum();
  }

  /** Connections that became private to a client because the server authenticated it on them. */
  public long privates() {
    return privates.sum();
  }

  /** Connections begun. */
  public long dials() {
    return dials.sum();
  }

  /** Requests that went out on a connection which another request had opened. */
  public long reuses() {
    return reuses.sum();
  }

  /** Requests tried again after an attempt with this server. */
  public long retries() {
    return retries.sum();
  }

  /** Connections that the pools gave up for this reason. */
  public long retirements(Retirement reason) {
    return retirements[reason.ordinal()].sum();
  }

  /** Connections that never got a mux, for this cause. */
  public long connectFailures(CloseCause cause) {
    return failures[cause.ordinal()].sum();
  }
}
