package dev.sluice.core.backend.pool;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The connections of one key on one loop, and what is expected of others. Confined to its loop. */
final class Shelf {
  final PoolKey key;

  /** Where the other loops see what is here, or null if it is of no use to them. */
  final IdleBoard.@Nullable Row row;

  /** Without streams; the one that was used last stands last. */
  final List<PooledConnection> idle = new ArrayList<>();

  /** Busy, with room for another stream. */
  final List<PooledConnection> available = new ArrayList<>();

  int connecting;

  private final EventLoop loop;
  private @Nullable Expected expected;

  Shelf(PoolKey key, EventLoop loop, IdleBoard.@Nullable Row row) {
    this.key = key;
    this.loop = loop;
    this.row = row;
  }

  boolean isEmpty() {
    return connecting == 0 && idle.isEmpty() && available.isEmpty() && expected() == 0;
  }

  /** The other loops see how many connections are here. */
  void publish() {
    IdleBoard.Row seen = row;
    if (seen != null) {
      seen.idle(loop.index(), idle.size());
      seen.shared(loop.index(), available.size());
    }
  }

  /** How many connections were asked of other loops, and have not come. */
  int expected() {
    Expected e = expected;
    return e == null ? 0 : e.count;
  }

  /**
   * One was asked for.
   *
   * @param patienceNanos after how long without an answer nobody waits for it any more
   * @param overdue what to do then
   */
  void expect(long patienceNanos, Runnable overdue) {
    Expected e = expected;
    if (e == null) {
      e = new Expected(overdue);
      expected = e;
    }
    e.count++;
    loop.timers().arm(e, Deadline.after(loop.nowNanos(), patienceNanos));
  }

  /** One has come, or will not come. */
  void answered() {
    Expected e = expected;
    if (e != null && e.count > 0) {
      e.count--;
      if (e.count == 0) {
        loop.timers().cancel(e);
      }
    }
  }

  /** A loop that is busy for long must not hold up those who could dial. */
  private static final class Expected extends Timer {
    private final Runnable overdue;
    int count;

    Expected(Runnable overdue) {
      this.overdue = overdue;
    }

    @Override
    protected void onTimer(long nowNanos) {
      count = 0;
      overdue.run();
    }
  }
}
