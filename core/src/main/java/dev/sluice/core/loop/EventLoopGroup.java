package dev.sluice.core.loop;

import dev.sluice.core.time.NanoClock;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The loops of one engine. Immutable; {@link #next()} may be called by any thread.
 *
 * <p>A connection stays on the loop that it was given to, which is the less loaded of two.
 */
public final class EventLoopGroup {
  private final EventLoop[] loops;

  /** Rotates through the pairs; a turn lost between two threads changes nothing that matters. */
  private int turn;

  /** Creates a group of loops that were made elsewhere. */
  public EventLoopGroup(List<EventLoop> loops) {
    if (loops.isEmpty()) {
      throw new IllegalArgumentException("a group needs at least one loop");
    }
    this.loops = loops.toArray(new EventLoop[0]);
  }

  /**
   * Creates a group of loops over selectors.
   *
   * @param name what the threads' names begin with
   * @param loopCount how many loops, at least one
   * @throws IOException if a selector can't be opened; those opened before are closed again
   */
  public static EventLoopGroup nio(String name, int loopCount, NanoClock clock, LoopLimits limits)
      throws IOException {
    if (loopCount <= 0) {
      throw new IllegalArgumentException("loopCount must be positive, not " + loopCount);
    }
    List<EventLoop> made = new ArrayList<>(loopCount);
    try {
      for (int i = 0; i < loopCount; i++) {
        made.add(
            new EventLoop(
                name + "-" + i,
                i,
                NioPoller.open(clock, limits.spinsMax()),
                clock,
                limits,
                UncaughtReporter.logging(clock)));
      }
    } catch (IOException | RuntimeException e) {
      for (EventLoop loop : made) {
        loop.stop();
      }
      throw e;
    }
    return new EventLoopGroup(made);
  }

  /** Starts all loops; if one can't be started, those before it are stopped again. */
  public void start() {
    for (int i = 0; i < loops.length; i++) {
      try {
        loops[i].start();
      } catch (RuntimeException | Error e) {
        stop();
        throw e;
      }
    }
  }

  /** Stops all loops, and returns when they have ended. May be repeated. */
  public void stop() {
    for (EventLoop loop : loops) {
      loop.stop();
    }
  }

  /** Returns the loop that is to take the next connection: the less loaded of two. */
  public EventLoop next() {
    int count = loops.length;
    if (count == 1) {
      return loops[0];
    }
    int n = turn++ & Integer.MAX_VALUE;
    int first = n % count;
    // In each round over all loops the distance between the two is another one.
    int second = (first + 1 + n / count % (count - 1)) % count;
    return loops[second].connectionCount() < loops[first].connectionCount()
        ? loops[second]
        : loops[first];
  }

  /** Returns how many loops there are. */
  public int size() {
    return loops.length;
  }

  /** Returns the loop at {@code index}. */
  public EventLoop loop(int index) {
    return loops[index];
  }
}
