package dev.sluice.core.backend;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.observe.RetryKind;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts. Any thread; reading blocks nobody. */
public final class ServerCounters {
  private final LongAdder dials = new LongAdder();
  private final LongAdder spareDials = new LongAdder();
  private final LongAdder reuses = new LongAdder();
  private final LongAdder privates = new LongAdder();
  private final LongAdder moves = new LongAdder();
  private final LongAdder[] retries = adders(RetryKind.count());
  private final LongAdder retriesRefused = new LongAdder();
  private final LongAdder[] failures = adders(CloseCause.count());
  private final LongAdder[] refused = adders(CloseCause.count());
  private final LongAdder[] retirements = adders(Retirement.count());

  ServerCounters() {}

  private static LongAdder[] adders(int count) {
    LongAdder[] adders = new LongAdder[count];
    for (int i = 0; i < count; i++) {
      adders[i] = new LongAdder();
    }
    return adders;
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

  void onMove() {
    moves.increment();
  }

  /** A request is tried again after an attempt with this server. */
  public void onRetry(RetryKind kind) {
    retries[kind.ordinal()].increment();
  }

  /** A request would be tried again, but for the budget. */
  public void onRetryRefused() {
    retriesRefused.increment();
  }

  /**
   * A request was turned away for want of a connection or a permit, or given up while it waited.
   */
  public void onRefused(CloseCause cause) {
    refused[cause.ordinal()].increment();
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

  /** Requests tried again after an attempt with this server that ended so. */
  public long retries(RetryKind kind) {
    return retries[kind.ordinal()].sum();
  }

  /** Requests that were not tried again because too many others were. */
  public long retriesRefused() {
    return retriesRefused.sum();
  }

  /** Idle connections that went from one loop to another. */
  public long moves() {
    return moves.sum();
  }

  /** Connections that the pools gave up for this reason. */
  public long retirements(Retirement reason) {
    return retirements[reason.ordinal()].sum();
  }

  /** Requests turned away for this cause. */
  public long refused(CloseCause cause) {
    return refused[cause.ordinal()].sum();
  }

  /** Connections that never got a mux, for this cause. */
  public long connectFailures(CloseCause cause) {
    return failures[cause.ordinal()].sum();
  }
}
