package dev.sluice.core.time;

/**
 * A hierarchical timing wheel with ticks of one millisecond. Confined to one thread.
 *
 * <p>Five levels of 64 slots reach twelve days ahead; what is further away waits in the last slot
 * and is filed again from there. Arming, cancelling and moving a timer take constant time and
 * allocate nothing. A timer that is armed again for later, which is what an inactivity timeout does
 * at every event, is not moved at all: its entry stays where it is, and is filed anew when that
 * slot comes due.
 */
public final class TimerWheel {
  /** The length of one tick. */
  public static final long TICK_NANOS = 1_000_000L;

  private static final int LEVELS = 5;
  private static final int SLOT_BITS = 6;
  private static final int SLOTS = 1 << SLOT_BITS;
  private static final int SLOT_MASK = SLOTS - 1;

  /** Number of the list of entries that have come due; the lists before it are the slots. */
  private static final int DUE = LEVELS * SLOTS;

  private final long startNanos;
  private final TimerFailureHandler failureHandler;

  /** Heads of circular lists: the slots level by level, then the due list. */
  private final Timer[] heads = new Timer[DUE + 1];

  /** Per level, bit i tells that slot i isn't empty. */
  private final long[] occupied = new long[LEVELS];

  /** The last tick whose slots were taken out; everything filed lies after it. */
  private long currentTick;

  private int size;

  /**
   * Creates an empty wheel.
   *
   * @param nowNanos the present time; deadlines that lie whole milliseconds after it are met
   *     exactly
   * @param failureHandler told of timers that throw
   */
  public TimerWheel(long nowNanos, TimerFailureHandler failureHandler) {
    this.startNanos = nowNanos;
    this.failureHandler = failureHandler;
    for (int i = 0; i < heads.length; i++) {
      heads[i] = new Head();
    }
  }

  /** Returns the number of armed timers. */
  public int size() {
    return size;
  }

  /**
   * Arms a timer, or moves an armed one. {@link Deadline#NONE} disarms it. A deadline that has
   * passed already makes the timer fire with the next tick.
   */
  public void arm(Timer timer, long deadlineNanos) {
    assert timer.wheel == null || timer.wheel == this : "armed on another wheel";
    if (deadlineNanos == Deadline.NONE) {
      cancel(timer);
      return;
    }
    if (timer.wheel == null) {
      timer.wheel = this;
      size++;
      timer.deadlineNanos = deadlineNanos;
      file(timer);
    } else if (deadlineNanos >= timer.filedNanos) {
      timer.deadlineNanos = deadlineNanos;
    } else {
      unlink(timer);
      timer.deadlineNanos = deadlineNanos;
      file(timer);
    }
  }

  /** Disarms a timer; does nothing if it isn't armed. */
  public void cancel(Timer timer) {
    if (timer.wheel == null) {
      return;
    }
    assert timer.wheel == this : "armed on another wheel";
    unlink(timer);
    timer.wheel = null;
    size--;
  }

  /**
   * Fires the timers whose deadline is reached, oldest ticks first; the order within a tick depends
   * only on what was done to the wheel before.
   *
   * @param firedMax how many entries to handle at most, fired or filed anew; what is left comes
   *     first the next time, and {@link #nextDeadlineNanos()} tells so
   * @return how many timers fired
   */
  public int advance(long nowNanos, int firedMax) {
    long nowTick = Math.floorDiv(nowNanos - startNanos, TICK_NANOS);
    int fired = 0;
    int budget = firedMax;
    while (true) {
      Timer due = heads[DUE];
      while (due.next != due) {
        if (budget-- == 0) {
          return fired;
        }
        Timer timer = due.next;
        unlink(timer);
        if (timer.deadlineNanos > nowNanos) {
          file(timer);
        } else {
          fire(timer, nowNanos);
          fired++;
        }
      }
      long tick = nextTick();
      if (tick > nowTick) {
        currentTick = Math.max(currentTick, nowTick);
        return fired;
      }
      currentTick = tick;
      takeOut(tick);
    }
  }

  /**
   * Returns when {@link #advance} has something to do next, {@link Deadline#NONE} if nothing is
   * armed. Never later than the first timer is due (rounded up to its tick); it may be earlier,
   * when an entry is to be filed anew.
   */
  public long nextDeadlineNanos() {
    Timer due = heads[DUE];
    if (due.next != due) {
      return startNanos + currentTick * TICK_NANOS;
    }
    long tick = nextTick();
    return tick == Long.MAX_VALUE ? Deadline.NONE : startNanos + tick * TICK_NANOS;
  }

  private void fire(Timer timer, long nowNanos) {
    timer.wheel = null;
    size--;
    try {
      timer.onTimer(nowNanos);
    } catch (Throwable failure) {
      failureHandler.onTimerFailure(timer, failure);
      try {
        timer.onTimerFailure(failure);
      } catch (Throwable second) {
        failureHandler.onTimerFailure(timer, second);
      }
    }
  }

  private void file(Timer timer) {
    // Rounded up, so that the tick never begins before the deadline.
    long delay = timer.deadlineNanos - startNanos;
    long tick = delay <= 0 ? 0 : (delay - 1) / TICK_NANOS + 1;
    tick = Math.max(tick, currentTick + 1);
    int level = 0;
    int shift = 0;
    // The smallest level on which the distance in slots is below a full turn; there it is at least
    // one, since on the level below it was at least 64.
    while ((tick >> shift) - (currentTick >> shift) >= SLOTS) {
      if (level == LEVELS - 1) {
        tick = ((currentTick >> shift) + SLOT_MASK) << shift;
        break;
      }
      level++;
      shift += SLOT_BITS;
    }
    int index = (int) (tick >> shift) & SLOT_MASK;
    occupied[level] |= 1L << index;
    // A deadline past the reach is filed under a nearer one; everything else under its own.
    timer.filedNanos = Math.min(timer.deadlineNanos, startNanos + tick * TICK_NANOS);
    link(timer, level * SLOTS + index);
  }

  private long nextTick() {
    long first = Long.MAX_VALUE;
    for (int level = 0, shift = 0; level < LEVELS; level++, shift += SLOT_BITS) {
      long bits = occupied[level];
      if (bits != 0) {
        long base = (currentTick >> shift) + 1;
        int ahead = Long.numberOfTrailingZeros(Long.rotateRight(bits, (int) base & SLOT_MASK));
        first = Math.min(first, (base + ahead) << shift);
      }
    }
    return first;
  }

  /** Moves the entries of all slots that begin with this tick to the due list. */
  private void takeOut(long tick) {
    for (int level = 0, shift = 0; level < LEVELS; level++, shift += SLOT_BITS) {
      if ((tick & ((1L << shift) - 1)) != 0) {
        return;
      }
      int index = (int) (tick >> shift) & SLOT_MASK;
      if ((occupied[level] & (1L << index)) != 0) {
        occupied[level] &= ~(1L << index);
        Timer head = heads[level * SLOTS + index];
        Timer due = heads[DUE];
        head.next.previous = due.previous;
        due.previous.next = head.next;
        head.previous.next = due;
        due.previous = head.previous;
        head.next = head;
        head.previous = head;
      }
    }
  }

  private void link(Timer timer, int slot) {
    Timer head = heads[slot];
    timer.slot = slot;
    timer.previous = head.previous;
    timer.next = head;
    head.previous.next = timer;
    head.previous = timer;
  }

  private void unlink(Timer timer) {
    timer.previous.next = timer.next;
    timer.next.previous = timer.previous;
    timer.next = timer;
    timer.previous = timer;
    // The entry may have been taken out to the due list since; then its slot is as empty as it
    // says.
    Timer head = heads[timer.slot];
    if (head.next == head && timer.slot != DUE) {
      occupied[timer.slot >> SLOT_BITS] &= ~(1L << (timer.slot & SLOT_MASK));
    }
  }

  /** The head of a list. */
  private static final class Head extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      throw new AssertionError("a list head was armed");
    }
  }
}
