package dev.sluice.core.testkit;

import dev.sluice.core.time.Deadline;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Events by time, and in the order of scheduling within one time. A binary heap that allocates
 * nothing per event.
 */
final class SimEventQueue {
  private @Nullable SimEvent[] heap = new @Nullable SimEvent[64];
  private int size;
  private long sequence;

  int size() {
    return size;
  }

  long nextNanos() {
    return size == 0 ? Deadline.NONE : at(0).timeNanos;
  }

  void schedule(SimEvent event, long timeNanos) {
    assert !event.scheduled() : "scheduled twice";
    event.timeNanos = timeNanos;
    event.sequence = sequence++;
    if (size == heap.length) {
      heap = Arrays.copyOf(heap, size * 2);
    }
    up(size++, event);
  }

  void cancel(SimEvent event) {
    int position = event.position;
    if (position < 0) {
      return;
    }
    event.position = -1;
    SimEvent moved = at(--size);
    heap[size] = null;
    if (moved != event) {
      down(position, moved);
      if (moved.position == position) {
        up(position, moved);
      }
    }
  }

  /** Takes the first event; there must be one. */
  SimEvent take() {
    SimEvent first = at(0);
    cancel(first);
    return first;
  }

  private void up(int from, SimEvent event) {
    int i = from;
    while (i > 0) {
      int parent = (i - 1) >>> 1;
      SimEvent above = at(parent);
      if (!before(event, above)) {
        break;
      }
      set(i, above);
      i = parent;
    }
    set(i, event);
  }

  private void down(int from, SimEvent event) {
    int i = from;
    while (true) {
      int child = 2 * i + 1;
      if (child >= size) {
        break;
      }
      if (child + 1 < size && before(at(child + 1), at(child))) {
        child++;
      }
      SimEvent below = at(child);
      if (!before(below, event)) {
        break;
      }
      set(i, below);
      i = child;
    }
    set(i, event);
  }

  private static boolean before(SimEvent a, SimEvent b) {
    return a.timeNanos != b.timeNanos ? a.timeNanos < b.timeNanos : a.sequence < b.sequence;
  }

  private void set(int i, SimEvent event) {
    heap[i] = event;
    event.position = i;
  }

  private SimEvent at(int i) {
    SimEvent event = heap[i];
    if (event == null) {
      throw new AssertionError("hole in the heap at " + i);
    }
    return event;
  }
}
