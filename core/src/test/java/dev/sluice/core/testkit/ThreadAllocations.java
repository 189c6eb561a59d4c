package dev.sluice.core.testkit;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;

/** Counts the bytes that the current thread allocates. */
public final class ThreadAllocations {
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private ThreadAllocations() {}

  /** Returns the bytes that the current thread has allocated since it was started. */
  public static long bytes() {
    return THREADS.getThreadAllocatedBytes(Thread.currentThread().getId());
  }

  /** Returns the bytes that a thread has allocated since it was started, -1 if it has ended. */
  public static long bytes(Thread thread) {
    return THREADS.getThreadAllocatedBytes(thread.getId());
  }

  /** Runs an action and returns the bytes that the current thread has allocated meanwhile. */
  public static long during(Runnable action) {
    long before = bytes();
    action.run();
    // Asking is said to allocate nothing on HotSpot; what it does would count against the action.
    return bytes() - before;
  }

  /**
   * Runs an action several times, which warms it up, and returns the least that one run has
   * allocated. While the JVM compiles, a run may show a few hundred bytes that aren't the action's.
   */
  public static long leastDuring(int runs, Runnable action) {
    long least = Long.MAX_VALUE;
    for (int i = 0; i < runs; i++) {
      least = Math.min(least, during(action));
    }
    return least;
  }
}
