package dev.sluice.core.backend.pool;

import dev.sluice.core.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one first-come-first-served line of a server, across all loops. Any thread. Off the fast
 * path: it is touched only when a limit is reached.
 *
 * <p>What becomes free is not handed over; whoever can use it is woken on its loop and tries. It
 * keeps its place until it succeeds or gives up. Permits are everybody's: nobody takes one before
 * those who came earlier and lack one. Room on a connection is only of use to those on its loop and
 * of its key: they stand in a lane of the line, so that a request which can't be helped holds up
 * only those who wait for the same.
 *
 * <p>Only the first of a lane tries. A wake-up starts with the earliest of them, and goes on to the
 * next when that one's turn is over, so that each event is seen by everybody to whom it may matter.
 * Whoever joins looks once more afterwards whether something became free meanwhile.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Only read outside the lock, never written.
public final class WaitingLine {
  /** Empty lanes beyond so many are forgotten. */
  private static final int LANES_KEPT = 16;

  private final int lengthMax;
  private final ReentrantLock lock = new ReentrantLock();
  private final List<Lane> lanes = new ArrayList<>();
  private long nextNumber;
  private volatile int length;

  /** Those who wait for the same: on one loop, for one key, with one taste. Any thread. */
  public static final class Lane {
    final EventLoop loop;
    final PoolKey key;
    final Demand.Taste taste;
    @Nullable Waiter first;
    @Nullable Waiter last;
    int length;

    Lane(EventLoop loop, PoolKey key, Demand.Taste taste) {
      this.loop = loop;
      this.key = key;
      this.taste = taste;
    }

    /** The loop of those who wait. */
    public EventLoop loop() {
      return loop;
    }

    /** Whether any idle connection of that key will do for them, once it is on their loop. */
    public boolean takes(PoolKey other) {
      return taste != Demand.Taste.PARTICULAR && key.equals(other);
    }

    boolean is(EventLoop otherLoop, PoolKey otherKey) {
      return loop == otherLoop && key.equals(otherKey);
    }
  }

  /** A line for so many waiters at most. */
  public WaitingLine(int lengthMax) {
    this.lengthMax = lengthMax;
  }

  /** How many wait. */
  public int length() {
    return length;
  }

  /** Whether someone stands in the line, or could join it now. */
  public boolean hasRoomFor(Waiter waiter) {
    return waiter.line == this || length < lengthMax;
  }

  /**
   * Joins the end of the line.
   *
   * @param loop the loop on which the waiter is to be woken
   * @param lacks what it could not have
   * @return false if the line is full
   */
  public boolean join(Waiter waiter, EventLoop loop, Demand demand, Shortage lacks) {
    lock.lock();
    try {
      assert waiter.line == null : "a waiter stands in one line, once";
      if (length >= lengthMax) {
        return false;
      }
      Lane lane = lane(loop, demand.key(), demand.taste());
      if (lane == null) {
        lane = new Lane(loop, demand.key(), demand.taste());
        lanes.add(lane);
      }
      waiter.loop(loop);
      waiter.line = this;
      waiter.lane = lane;
      waiter.number = nextNumber++;
      waiter.woken = false;
      waiter.lacks = lacks;
      append(lane, waiter);
      length++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the line and wakes the next ones; does nothing if the waiter isn't in it. */
  public void leave(Waiter waiter) {
    long number;
    lock.lock();
    try {
      Lane lane = waiter.lane;
      if (waiter.line != this || lane == null) {
        return;
      }
      number = waiter.number;
      remove(lane, waiter);
      waiter.line = null;
      waiter.lane = null;
      waiter.woken = false;
      length--;
    } finally {
      lock.unlock();
    }
    wakeAfter(number - 1);
  }

  /** Something may have become free: those who are first try, one after the other. */
  public void wake() {
    wakeAfter(-1);
  }

  /** There is room on a connection: those to whom it is of use try. */
  public void wake(EventLoop loop, PoolKey key) {
    if (length == 0) {
      return;
    }
    Waiter easy;
    Waiter sure;
    Waiter particular;
    lock.lock();
    try {
      easy = claimFirst(lane(loop, key, Demand.Taste.ANY));
      sure = claimFirst(lane(loop, key, Demand.Taste.SURE));
      particular = claimFirst(lane(loop, key, Demand.Taste.PARTICULAR));
    } finally {
      lock.unlock();
    }
    post(easy);
    post(sure);
    post(particular);
  }

  /** A waiter could not have something when it tried, and goes on waiting. */
  public void lacks(Waiter waiter, Shortage shortage) {
    lock.lock();
    try {
      if (waiter.line == this) {
        waiter.lacks = shortage;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Such a thing was held for a moment only: whoever lacks it, or is just trying, tries again. */
  public void wakeLacking(Shortage thing) {
    if (length == 0) {
      return;
    }
    Waiter earliest = null;
    lock.lock();
    try {
      for (int i = 0; i < lanes.size(); i++) {
        Waiter first = lanes.get(i).first;
        if (first != null
            && (first.lacks == thing || first.lacks == Shortage.TURN)
            && (earliest == null || first.number < earliest.number)) {
          earliest = first;
        }
      }
      earliest = claim(earliest);
    } finally {
      lock.unlock();
    }
    post(earliest);
  }

  /** It may have come meanwhile. */
  public void wakeAgain(Waiter waiter) {
    Waiter claimed = null;
    lock.lock();
    try {
      Lane lane = waiter.lane;
      if (waiter.line == this && lane != null && lane.first == waiter) {
        claimed = claim(waiter);
      }
    } finally {
      lock.unlock();
    }
    post(claimed);
  }

  /**
   * Whether someone may try at all: nobody stands before it who wants the same.
   *
   * @param waiter in this line or in none
   */
  public boolean mayTry(Waiter waiter, EventLoop loop, Demand demand) {
    lock.lock();
    try {
      Lane lane = lane(loop, demand.key(), demand.taste());
      return lane == null || lane.first == null || lane.first == waiter;
    } finally {
      lock.unlock();
    }
  }

  /**
   * Whether nobody stands before someone who lacks a thing, or may lack it.
   *
   * @param waiter in this line or in none
   * @param thing what it wants to take
   */
  public boolean mayTake(Waiter waiter, Shortage thing, PoolKey key) {
    lock.lock();
    try {
      long number = waiter.line == this ? waiter.number : Long.MAX_VALUE;
      for (int i = 0; i < lanes.size(); i++) {
        Lane lane = lanes.get(i);
        Waiter first = lane.first;
        if (first != null && first.number < number && contends(lane, first, thing, key)) {
          return false;
        }
      }
      return true;
    } finally {
      lock.unlock();
    }
  }

  private static boolean contends(Lane lane, Waiter first, Shortage thing, PoolKey key) {
    if (first.woken || first.lacks == Shortage.TURN) {
      return true;
    }
    return first.lacks == thing && (thing != Shortage.HANDSHAKE || lane.key.equals(key));
  }

  /**
   * Those of whom the first lacks a connection, and came before all those to whom one of this loop
   * and key would be of use.
   *
   * @return null if nobody is ahead of them
   */
  public @Nullable Lane strangersFirst(EventLoop loop, PoolKey key) {
    if (length == 0) {
      return null;
    }
    lock.lock();
    try {
      long own = Long.MAX_VALUE;
      long earliest = Long.MAX_VALUE;
      Lane strangers = null;
      for (int i = 0; i < lanes.size(); i++) {
        Lane lane = lanes.get(i);
        Waiter first = lane.first;
        if (first == null) {
          continue;
        }
        if (lane.is(loop, key)) {
          own = Math.min(own, first.number);
        } else if (first.lacks == Shortage.CONNECTION && first.number < earliest) {
          earliest = first.number;
          strangers = lane;
        }
      }
      return earliest < own ? strangers : null;
    } finally {
      lock.unlock();
    }
  }

  /** How many wait for a connection of a key on a loop. */
  public int waitingFor(EventLoop loop, PoolKey key) {
    if (length == 0) {
      return 0;
    }
    lock.lock();
    try {
      int count = 0;
      for (int i = 0; i < lanes.size(); i++) {
        if (lanes.get(i).is(loop, key)) {
          count += lanes.get(i).length;
        }
      }
      return count;
    } finally {
      lock.unlock();
    }
  }

  /**
   * The wake-up has arrived: further ones are needed for what becomes free from now on.
   *
   * @return the line, if the waiter still stands first in its lane
   */
  static @Nullable WaitingLine beginTurn(Waiter waiter) {
    WaitingLine line = waiter.line;
    if (line == null) {
      return null;
    }
    line.lock.lock();
    try {
      Lane lane = waiter.lane;
      waiter.woken = false;
      if (waiter.line != line || lane == null || lane.first != waiter) {
        return null;
      }
      waiter.lacks = Shortage.TURN;
      return line;
    } finally {
      line.lock.unlock();
    }
  }

  /** A turn is over: what has become free may be of use to those behind. */
  void endTurn(long number) {
    wakeAfter(number);
  }

  /** Wakes the earliest of the first whose number is larger. */
  private void wakeAfter(long number) {
    if (length == 0) {
      return;
    }
    Waiter next = null;
    lock.lock();
    try {
      for (int i = 0; i < lanes.size(); i++) {
        Waiter first = lanes.get(i).first;
        if (first != null
            && first.number > number
            && (next == null || first.number < next.number)) {
          next = first;
        }
      }
      next = claim(next);
    } finally {
      lock.unlock();
    }
    post(next);
  }

  private static @Nullable Waiter claimFirst(@Nullable Lane lane) {
    return lane == null ? null : claim(lane.first);
  }

  /** Marks a waiter as woken; null if there is none, or it is already. */
  private static @Nullable Waiter claim(@Nullable Waiter waiter) {
    if (waiter == null || waiter.woken) {
      return null;
    }
    waiter.woken = true;
    return waiter;
  }

  /** Wakes whom the caller has claimed; not under the lock, since it may be a system call. */
  private void post(@Nullable Waiter claimed) {
    if (claimed == null || claimed.loop().tryExecute(claimed.wake)) {
      return;
    }
    // Its loop has more tasks than it can take: the next thing that becomes free finds it again.
    lock.lock();
    try {
      claimed.woken = false;
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Lane lane(EventLoop loop, PoolKey key, Demand.Taste taste) {
    for (int i = 0; i < lanes.size(); i++) {
      Lane lane = lanes.get(i);
      if (lane.taste == taste && lane.is(loop, key)) {
        return lane;
      }
    }
    return null;
  }

  private static void append(Lane lane, Waiter waiter) {
    Waiter last = lane.last;
    waiter.previous = last;
    if (last == null) {
      lane.first = waiter;
    } else {
      last.next = waiter;
    }
    lane.last = waiter;
    lane.length++;
  }

  private void remove(Lane lane, Waiter waiter) {
    Waiter before = waiter.previous;
    Waiter after = waiter.next;
    if (before == null) {
      lane.first = after;
    } else {
      before.next = after;
    }
    if (after == null) {
      lane.last = before;
    } else {
      after.previous = before;
    }
    waiter.previous = null;
    waiter.next = null;
    lane.length--;
    if (lane.length == 0 && lanes.size() > LANES_KEPT) {
      lanes.remove(lane);
    }
  }
}
