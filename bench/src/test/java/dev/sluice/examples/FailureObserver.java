package dev.sluice.examples;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

// guide: observer
/** Keeps what went wrong. */
final class FailureObserver implements ProxyObserver {
  private final Queue<ExchangeRecord> failures = new ConcurrentLinkedQueue<>();

  @Override
  public void onExchange(ExchangeRecord record) {
    if (record.cause() != CloseCause.COMPLETE) {
      // The record is lent; what is kept is a copy.
      failures.add(record.snapshot());
    }
  }

  @Override
  public void onConnectFailed(String server, Failure failure) {
    System.getLogger("gateway").log(System.Logger.Level.WARNING, server + ": " + failure);
  }

  Queue<ExchangeRecord> failures() {
    return failures;
  }
}
// guide: observer
