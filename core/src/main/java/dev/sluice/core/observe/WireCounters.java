package dev.sluice.core.observe;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;

/**
 * What the engine counts of its connections. Each loop writes a row of its own, with opaque writes;
 * any thread may take a {@link #snapshot()}, and blocks nobody.
 */
public final class WireCounters {
  private static final VarHandle VALUES = MethodHandles.arrayElementVarHandle(long[].class);

  private final long[][] rows;

  /** Counters for so many loops. */
  public WireCounters(int loops) {
    rows = new long[loops][];
    for (int i = 0; i < loops; i++) {
      rows[i] = new long[2 * WireEvent.count()];
    }
  }

  /**
   * It has happened. On the loop of that index; allocates nothing.
   *
   * @param client whether to a client's connection, or else to one with a server
   */
  public void add(int loop, boolean client, WireEvent event) {
    long[] row = rows[loop];
    int index = index(client, event);
    VALUES.setOpaque(row, index, row[index] + 1);
  }

  private static int index(boolean client, WireEvent event) {
    return client ? event.ordinal() : WireEvent.count() + event.ordinal();
  }

  /** The sums over all loops, now. Any thread. */
  public WireCounts snapshot() {
    long[] sums = new long[2 * WireEvent.count()];
    for (long[] row : rows) {
      for (int i = 0; i < sums.length; i++) {
        sums[i] += (long) VALUES.getOpaque(row, i);
      }
    }
    return new WireCounts(sums);
  }
}
