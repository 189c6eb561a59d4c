package dev.sluice.mux.h2;

import org.jspecify.annotations.Nullable;

/**
 * The streams of a connection with something to do, first come first served. Confined to its loop.
 */
final class PendingStreams {
  private @Nullable H2Stream first;
  private @Nullable H2Stream last;
  private int count;

  /** How many there are. */
  int count() {
    return count;
  }

  /** Puts a stream at the end, unless it is here already. */
  void put(H2Stream stream) {
    if (stream.pending) {
      return;
    }
    stream.pending = true;
    if (last == null) {
      first = stream;
    } else {
      last.nextPending = stream;
    }
    last = stream;
    count++;
  }

  /** Takes the first one. */
  @Nullable H2Stream take() {
    H2Stream stream = first;
    if (stream != null) {
      first = stream.nextPending;
      if (first == null) {
        last = null;
      }
      stream.nextPending = null;
      stream.pending = false;
      count--;
    }
    return stream;
  }
}
