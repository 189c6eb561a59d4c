package dev.sluice.core.backend.pool;

import dev.sluice.core.loop.EventLoop;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The one first-come-first-served line of a server, across all loops. Any thread. Off the fast
 * path: it is touched only when a limit is reached.
 *
 * <p>What becomes free is not handed over; the first waiter is woken on its loop and tries. It
 * stays first until it succeeds or gives up, and nobody who comes later may try before it, so
 * nothing is lost and nobody is overtaken. Whoever joins looks once more afterwards whether
 * something became free meanwhile.
 */
@SuppressWarnings("NonAtomicVolatileUpdate") // Only read outside the lock, never written.
public final class WaitingLine {
  private final int lengthMax;
  private final ReentrantLock lock = new ReentrantLock();
  private @Nullable Waiter first;
  private @Nullable Waiter last;
  private volatile int length;

  /** A line for so many waiters at most. */
  public WaitingLine(int lengthMax) {
    this.lengthMax = lengthMax;
  }

  /** How many wait. */
  public int length() {
    return length;
  }

  /**
   * Joins the end of the line.
   *
   * @param loop the loop on which the waiter is to be woken
   * @return false if the line is full
   */
  public boolean join(Waiter waiter, EventLoop loop) {
    lock.lock();
    try {
      assert waiter.line == null : "a waiter stands in one line, once";
      if (length >= lengthMax) {
        return false;
      }
      waiter.loop(loop);
      waiter.line = this;
      waiter.woken = false;
      waiter.previous = last;
      if (last == null) {
        first = waiter;
      } else {
        last.next = waiter;
      }
      last = waiter;
      length++;
      return true;
    } finally {
      lock.unlock();
    }
  }

  /** Leaves the line and wakes the next one; does nothing if the waiter isn't in it. */
  public void leave(Waiter waiter) {
    boolean wasFirst;
    lock.lock();
    try {
      if (waiter.line != this) {
        return;
      }
      wasFirst = first == waiter;
      Waiter before = waiter.previous;
      Waiter after = waiter.next;
      if (before == null) {
        first = after;
      } else {
        before.next = after;
      }
      if (after == null) {
        last = before;
      } else {
        after.previous = before;
      }
      waiter.line = null;
      waiter.previous = null;
      waiter.next = null;
      waiter.woken = false;
      length--;
    } finally {
      lock.unlock();
    }
    if (wasFirst) {
      wake();
    }
  }

  /** Something may have become free: the first waiter tries on its loop. */
  public void wake() {
    if (length == 0) {
      return;
    }
    Waiter waiter;
    lock.lock();
    try {
      waiter = first;
      if (waiter == null || waiter.woken) {
        return;
      }
      waiter.woken = true;
    } finally {
      lock.unlock();
    }
    waiter.loop().execute(waiter.wake);
  }

  /** Whether the first waiter lives on this loop. */
  public boolean firstIsOn(EventLoop loop) {
    lock.lock();
    try {
      return first != null && first.loop() == loop;
    } finally {
      lock.unlock();
    }
  }

  /** Whether this waiter is the first. */
  public boolean isFirst(Waiter waiter) {
    lock.lock();
    try {
      return first == waiter;
    } finally {
      lock.unlock();
    }
  }

  /** The wake-up has arrived: further ones are needed for what becomes free from now on. */
  static boolean beginTurn(Waiter waiter) {
    WaitingLine line = waiter.line;
    if (line == null) {
      return false;
    }
    line.lock.lock();
    try {
      waiter.woken = false;
      return waiter.line == line && line.first == waiter;
    } finally {
      line.lock.unlock();
    }
  }
}
