package dev.sluice.core.backend;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Retirement;
import java.util.concurrent.atomic.LongAdder;

/** What a server counts. Any thread; reading blocks nobody. */
public final class ServerCounters {
  private final LongAdder dials = new LongAdder();
  private final LongAdder reuses = new LongAdder();
  private final LongAdder moves = new LongAdder();
  private final LongAdder retries = new LongAdder();
  private final LongAdder[] failures = new LongAdder[CloseCause.count()];
  private final LongAdder[] refused = new LongAdder[CloseCause.count()];
  private final LongAdder[] retirements = new LongAdder[Retirement.count()];

  ServerCounters() {
    for (int i = 0; i < failures.length; i++) {
      failures[i] = new LongAdder();
      refused[i] = new LongAdder();
    }
    for (int i = 0; i < retirements.length; i++) {
      retirements[i] = new LongAdder();
    }
  }

  void onDial() {
    dials.increment();
  }

  void onReuse() {
    reuses.increment();
  }

  void onMove() {
    moves.increment();
  }

  /** A request is tried again after an attempt with this server. */
  public void onRetry() {
    retries.increment();
  }

  /** A request was turned away for want of a connection or a permit, or given up while it waited. */
  public void onRefused(CloseCause cause) {
    refused[cause.ordinal()].increment();
  }

  void onConnectFailed(CloseCause cause) {
    failures[cause.ordinal()].increment();
  }

  void onRetired(Retirement reason) {
    retirements[reason.ordinal()].increment();
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
