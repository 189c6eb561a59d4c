package dev.sluice.mux.h2;

import org.jspecify.annotations.Nullable;

/**
 * The streams of a mux: those alive, and a pool of those to be used again. One that was given back
 * rests until the end of the dispatch, so that a call which comes late for it, from within the
 * callbacks of its end, can't reach another exchange. Confined to its loop.
 */
final class H2Streams {
  private final H2Mux mux;
  private final int idleMax;
  private @Nullable H2Stream alive;
  private @Nullable H2Stream idle;
  private @Nullable H2Stream resting;
  private int idleCount;

  H2Streams(H2Mux mux, int idleMax) {
    this.mux = mux;
    this.idleMax = idleMax;
  }

  /** The first of those alive; go on with {@link H2Stream#next}, read before a stream is given. */
  @Nullable H2Stream first() {
    return alive;
  }

  H2Stream take() {
    H2Stream stream = idle;
    if (stream == null) {
      stream = new H2Stream(mux);
    } else {
      idle = stream.next;
      idleCount--;
    }
    stream.previous = null;
    stream.next = alive;
    if (alive != null) {
      alive.previous = stream;
    }
    alive = stream;
    return stream;
  }

  void give(H2Stream stream) {
    if (stream.previous == null) {
      alive = stream.next;
    } else {
      stream.previous.next = stream.next;
    }
    if (stream.next != null) {
      stream.next.previous = stream.previous;
    }
    stream.previous = null;
    stream.next = resting;
    resting = stream;
  }

  /** The dispatch is at its end: what rests may be used again. */
  void endOfDispatch() {
    while (resting != null) {
      H2Stream stream = resting;
      resting = stream.next;
      stream.next = null;
      if (idleCount < idleMax) {
        stream.next = idle;
        idle = stream;
        idleCount++;
      }
    }
  }
}
