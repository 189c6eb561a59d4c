package dev.sluice.core.observe;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.LockSupport;
import org.jctools.queues.atomic.MpmcAtomicArrayQueue;
import org.jctools.queues.atomic.MpscAtomicArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * The way of lines from the loops to the writer, and back when they are written. All lines are made
 * here, once. Lines are taken and given by any loop, drained by the writer; nothing blocks a loop.
 */
final class LogQueue {
  private final MpmcAtomicArrayQueue<LogLine> free;
  private final MpscAtomicArrayQueue<LogLine> full;

  /** True from before the writer looks whether it may wait until it is back from waiting. */
  private final AtomicBoolean parked = new AtomicBoolean();

  LogQueue(int linesMax, int lineBytesMax) {
    free = new MpmcAtomicArrayQueue<>(linesMax);
    // As large as the other: a line that was taken always finds room.
    full = new MpscAtomicArrayQueue<>(linesMax);
    for (int i = 0; i < linesMax; i++) {
      free.add(new LogLine(lineBytesMax));
    }
  }

  /** An empty line, which then belongs to the caller; null if none is left. Any loop. */
  @Nullable LogLine take() {
    return free.poll();
  }

  /** Gives a line back that has nothing to say. Any thread. */
  void giveBack(LogLine line) {
    boolean room = free.offer(line);
    assert room : "more lines than were made";
  }

  /** Gives a written line to the writer, and wakes it up if it waits. Any loop. */
  void put(LogLine line, Thread writer) {
    boolean room = full.offer(line);
    assert room : "more lines than were made";
    // The offer moves the producers' index before this reads the flag, and the writer sets the flag
    // before it compares the indexes: one of the two sees the other.
    if (parked.get() && parked.compareAndSet(true, false)) {
      LockSupport.unpark(writer);
    }
  }

  /** The next line for the writer, or null. */
  @Nullable LogLine poll() {
    return full.poll();
  }

  boolean isEmpty() {
    return full.isEmpty();
  }

  /** The writer will wait unless this is false: there are lines. */
  boolean park() {
    parked.set(true);
    if (full.isEmpty()) {
      return true;
    }
    parked.set(false);
    return false;
  }

  /** The writer is back from waiting. */
  void unpark() {
    parked.set(false);
  }
}
