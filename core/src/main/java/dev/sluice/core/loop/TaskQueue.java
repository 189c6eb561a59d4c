package dev.sluice.core.loop;

import java.util.concurrent.atomic.AtomicBoolean;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The one way into a loop from other threads: a bounded queue of tasks with many producers and the
 * loop as its consumer, and the flag that tells whether the loop has to be woken up.
 */
final class TaskQueue {
  // The variant over AtomicReferenceArray: the one over Unsafe makes newer JDKs print warnings.
  private final MpscAtomicArrayQueue<Runnable> tasks;

  /** True from before the loop looks whether it may wait until it is back from waiting. */
  private final AtomicBoolean parked = new AtomicBoolean();

  TaskQueue(int tasksMax) {
    // The queue demands a capacity of two at least.
    tasks = new MpscAtomicArrayQueue<>(Math.max(2, tasksMax));
  }

  /** Adds a task, unless the queue is full. Any thread. */
  boolean offer(Runnable task) {
    return tasks.offer(task);
  }

  /**
   * Tells a producer, after its offer, that it is the one to wake the loop up. Any thread.
   *
   * <p>The offer moves the producers' index before this reads the flag, and the loop sets the flag
   * before it compares the indexes: one of the two sees the other.
   */
  boolean mustWake() {
    return parked.get() && parked.compareAndSet(true, false);
  }

  /** Called by the loop before it waits; false means that there are tasks and it must not. */
  boolean park() {
    parked.set(true);
    if (tasks.isEmpty()) {
      return true;
    }
    parked.set(false);
    return false;
  }

  /** Called by the loop when it is back from waiting. */
  void unpark() {
    parked.lazySet(false);
  }

  @Nullable Runnable poll() {
    return tasks.poll();
  }

  boolean isEmpty() {
    return tasks.isEmpty();
  }

  int size() {
    return tasks.size();
  }
}
