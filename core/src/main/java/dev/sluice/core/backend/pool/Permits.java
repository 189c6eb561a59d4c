package dev.sluice.core.backend.pool;

import java.util.concurrent.atomic.AtomicInteger;

/**
 * A count that never passes its limit: permits for connections, or for requests. Any thread; exact
 * under many loops, because a permit is taken before the thing exists.
 */
public final class Permits {
  private final int max;
  private final AtomicInteger taken = new AtomicInteger();

  /** With so many permits at most. */
  public Permits(int max) {
    this.max = max;
  }

  /** Takes a permit, if there is one. */
  public boolean tryTake() {
    int now = taken.get();
    while (now < max) {
      if (taken.compareAndSet(now, now + 1)) {
        return true;
      }
      now = taken.get();
    }
    return false;
  }

  /** Gives a permit back. */
  public void giveBack() {
    int left = taken.decrementAndGet();
    assert left >= 0 : "a permit was given back twice";
  }

  /** How many are taken. */
  public int taken() {
    return taken.get();
  }

  /** Whether none is left. */
  public boolean exhausted() {
    return taken.get() >= max;
  }
}
