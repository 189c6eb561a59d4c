package dev.sluice.core.backend.pool;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.jspecify.annotations.Nullable;

/**
 * On which loops a server has connections that another loop could use, by their keys. Each loop
 * writes its own counts; any thread reads. What it reads may be over by the time that it asks.
 *
 * <p>The counts are volatile, as the length of the waiting line is: of one who joins the line and
 * then looks here, and one who writes here and then looks at the line, at least one sees the other.
 */
public final class IdleBoard {
  /** Keys beyond so many are not on the board: their connections stay on their loops. */
  private static final int KEYS_MAX = 256;

  private final int loops;
  private final ConcurrentMap<PoolKey, Row> rows = new ConcurrentHashMap<>();

  /** An empty board for so many loops. */
  public IdleBoard(int loops) {
    this.loops = loops;
  }

  /**
   * The row of a key; null if its connections are of no use to other loops: there are none, or the
   * key names a client, who lives on one loop.
   */
  @Nullable Row row(PoolKey key) {
    if (loops == 1 || key.proxyHeader() != null) {
      return null;
    }
    Row known = rows.get(key);
    if (known != null) {
      return known;
    }
    return rows.size() < KEYS_MAX ? rows.computeIfAbsent(key, added -> new Row(loops)) : null;
  }

  /** The counts of a key, by the indexes of loops. */
  static final class Row {
    private final AtomicIntegerArray idle;
    private final AtomicIntegerArray claimed;
    private final AtomicIntegerArray shared;

    Row(int loops) {
      idle = new AtomicIntegerArray(loops);
      claimed = new AtomicIntegerArray(loops);
      shared = new AtomicIntegerArray(loops);
    }

    /** How many connections of a loop are idle. */
    void idle(int loop, int count) {
      idle.set(loop, count);
    }

    /** How many connections of a loop carry requests and have room for more. */
    void shared(int loop, int count) {
      shared.set(loop, count);
    }

    /** One of a loop's idle connections is going to be asked for. */
    void claim(int loop) {
      claimed.incrementAndGet(loop);
    }

    /** That question was answered. */
    void unclaim(int loop) {
      claimed.decrementAndGet(loop);
    }

    /**
     * Another loop with idle connections that nobody has asked for, the one with most of them; -1
     * if there is none.
     */
    int idleElsewhere(int loop) {
      int best = -1;
      int most = 0;
      for (int i = 0; i < idle.length(); i++) {
        int free = idle.get(i) - claimed.get(i);
        if (i != loop && free > most) {
          best = i;
          most = free;
        }
      }
      return best;
    }

    /** Another loop with connections that have room; -1 if there is none. */
    int sharedElsewhere(int loop) {
      int best = -1;
      for (int i = 0; i < shared.length(); i++) {
        if (i != loop && shared.get(i) > 0 && (best < 0 || shared.get(i) > shared.get(best))) {
          best = i;
        }
      }
      return best;
    }
  }
}
