package dev.sluice.core.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the engine counts of its exchanges. Each loop writes a row of its own, with opaque writes;
 * any thread may read, and blocks nobody.
 */
public final class EngineCounters {
  private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);
  private static final int BEGUN = 0;
  private static final int ENDED = 1;
  private static final int RETRIES = 2;
  private static final int REUSED = 3;
  private static final int FROM_CLIENT = 4;
  private static final int TO_CLIENT = 5;
  private static final int CONNECT_FAILED = 6;
  private static final int CLIENT_FAILED = 7;
  private static final int STATUS_CLASSES = 8;
  private static final int CAUSES = STATUS_CLASSES + 6;

  private final long[][] rows;

  /** Counters for so many loops. */
  public EngineCounters(int loops) {
    rows = new long[loops][];
    for (int i = 0; i < loops; i++) {
      rows[i] = new long[CAUSES + CloseCause.count()];
    }
  }

  /** An exchange has begun. */
  public void onBegin(int loop) {
    add(loop, BEGUN, 1);
  }

  /** An exchange has ended. */
  public void onEnd(int loop, ExchangeRecord record) {
    add(loop, ENDED, 1);
    add(loop, RETRIES, record.retries());
    add(loop, REUSED, record.reused() ? 1 : 0);
    add(loop, FROM_CLIENT, record.bytesFromClient());
    add(loop, TO_CLIENT, record.bytesToClient());
    add(loop, STATUS_CLASSES + Math.min(5, record.status() / 100), 1);
    add(loop, CAUSES + record.cause().ordinal(), 1);
  }

  /** A connection to a server never got a mux. */
  public void onConnectFailed(int loop) {
    add(loop, CONNECT_FAILED, 1);
  }

  /** A connection of a client never got a mux. */
  public void onClientFailed(int loop) {
    add(loop, CLIENT_FAILED, 1);
  }

  private void add(int loop, int index, long delta) {
    long[] row = rows[loop];
    VALUES.setOpaque(row, index, row[index] + delta);
  }

  private long sum(int index) {
    long sum = 0;
    for (long[] row : rows) {
      sum += (long) VALUES.getOpaque(row, index);
    }
    return sum;
  }

  /** Exchanges begun. */
  public long begun() {
    return sum(BEGUN);
  }

  /** Exchanges ended; each has one record. */
  public long ended() {
    return sum(ENDED);
  }

  /** Attempts after the first. */
  public long retries() {
    return sum(RETRIES);
  }

  /** Exchanges whose last attempt ran on a connection used before. */
  public long reused() {
    return sum(REUSED);
  }

  /** Content from clients, in bytes. */
  public long bytesFromClients() {
    return sum(FROM_CLIENT);
  }

  /** Content to clients, in bytes. */
  public long bytesToClients() {
    return sum(TO_CLIENT);
  }

  /** Connections to servers that never got a mux. */
  public long connectFailures() {
    return sum(CONNECT_FAILED);
  }

  /** Connections of clients that never got a mux. */
  public long clientFailures() {
    return sum(CLIENT_FAILED);
  }

  /**
   * Exchanges by the class of their status.
   *
   * @param statusClass 1 to 5, or 0 for those without one
   */
  public long byStatusClass(int statusClass) {
    return sum(STATUS_CLASSES + statusClass);
  }

  /** Exchanges by the cause of their end. */
  public long byCause(CloseCause cause) {
    return sum(CAUSES + cause.ordinal());
  }
}
