package dev.sluice.core.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the engine counts of its exchanges. Each loop writes a row of its own, with opaque writes;
 * any thread may take a {@link #snapshot()}, and blocks nobody.
 */
public final class EngineCounters {
  static final int BEGUN = 0;
  static final int ENDED = 1;
  static final int ATTEMPTS = 2;
  static final int RETRIES = 3;
  static final int REUSED = 4;
  static final int FROM_CLIENT = 5;
  static final int TO_CLIENT = 6;
  static final int OBSERVER_FAILURES = 7;
  static final int STATUS_CLASSES = 8;
  static final int STATUS_CLASS_MAX = 5;
  static final int CAUSES = STATUS_CLASSES + STATUS_CLASS_MAX + 1;
  static final int CONNECT_FAILURES = CAUSES + CloseCause.count();
  static final int CLIENT_FAILURES = CONNECT_FAILURES + CloseCause.count();
  static final int COUNT = CLIENT_FAILURES + CloseCause.count();

  private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[][] rows;

  /** Counters for so many loops. */
  public EngineCounters(int loops) {
    rows = new long[loops][];
    for (int i = 0; i < loops; i++) {
      rows[i] = new long[COUNT];
    }
  }

  /** An exchange has begun. On the loop of that index, as everything that counts. */
  public void onBegin(int loop) {
    add(loop, BEGUN, 1);
  }

  /** An exchange has ended. */
  public void onEnd(int loop, ExchangeRecord record) {
    add(loop, ENDED, 1);
    add(loop, ATTEMPTS, record.attempts());
    add(loop, RETRIES, record.retries());
    add(loop, REUSED, record.reused() ? 1 : 0);
    add(loop, FROM_CLIENT, record.bytesFromClient());
    add(loop, TO_CLIENT, record.bytesToClient());
    add(loop, STATUS_CLASSES + statusClass(record.status()), 1);
    add(loop, CAUSES + record.cause().ordinal(), 1);
  }

  /** The connect or the handshake of an attempt has failed. */
  public void onConnectFailed(int loop, CloseCause cause) {
    add(loop, CONNECT_FAILURES + cause.ordinal(), 1);
  }

  /** A connection of a client never got a mux. */
  public void onClientFailed(int loop, CloseCause cause) {
    add(loop, CLIENT_FAILURES + cause.ordinal(), 1);
  }

  /**
   * An observer threw.
   *
   * @return how often that has happened on this loop
   */
  public long onObserverFailed(int loop) {
    add(loop, OBSERVER_FAILURES, 1);
    return rows[loop][OBSERVER_FAILURES];
  }

  /** Exchanges begun and not ended. Any thread. */
  public long underWay() {
    long sum = 0;
    for (long[] row : rows) {
      // In this order, so that what ends meanwhile is not missed.
      long ended = (long) VALUES.getOpaque(row, ENDED);
      sum += (long) VALUES.getOpaque(row, BEGUN) - ended;
    }
    return sum;
  }

  private static int statusClass(int status) {
    // A status beyond 599 is treated as a 5xx (RFC 9110 15).
    return Math.min(STATUS_CLASS_MAX, status / 100);
  }

  /** The sums over all loops, now. Any thread. */
  public ExchangeCounts snapshot() {
    long[] sums = new long[COUNT];
    for (long[] row : rows) {
      for (int i = 0; i < COUNT; i++) {
        sums[i] += (long) VALUES.getOpaque(row, i);
      }
    }
    return new ExchangeCounts(sums);
  }

  private void add(int loop, int index, long delta) {
    long[] row = rows[loop];
    VALUES.setOpaque(row, index, row[index] + delta);
  }
}
