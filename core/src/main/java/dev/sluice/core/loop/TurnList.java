package dev.sluice.core.loop;

import org.jspecify.annotations.Nullable;

/** A queue of {@link TurnTask}s in the order in which they were put. Confined to its loop. */
final class TurnList {
  private @Nullable TurnTask first;
  private @Nullable TurnTask last;
  private int size;

  boolean isEmpty() {
    return first == null;
  }

  int size() {
    return size;
  }

  void put(TurnTask task) {
    if (task.list != null) {
      assert task.list == this : "queued on another list";
      return;
    }
    task.list = this;
    TurnTask tail = last;
    if (tail == null) {
      first = task;
    } else {
      tail.next = task;
    }
    last = task;
    size++;
  }

  @Nullable TurnTask take() {
    TurnTask task = first;
    if (task != null) {
      first = task.next;
      if (first == null) {
        last = null;
      }
      task.next = null;
      task.list = null;
      size--;
    }
    return task;
  }
}
