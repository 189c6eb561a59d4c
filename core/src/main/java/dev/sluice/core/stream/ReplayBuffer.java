package dev.sluice.core.stream;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.IoBuffer;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * A copy of the content that an attempt has taken, up to a limit, so that the request can be sent
 * again. Confined to its loop. Holds no buffer while it is empty.
 */
final class ReplayBuffer {
  private final int bytesMax;
  private final List<IoBuffer> buffers = new ArrayList<>(1);
  private long held;
  private boolean overflowed;

  /** Where the replay under way is. */
  private int readIndex;

  private int readOffset;

  /** Where the content of the piece ends that is lent, or -1. */
  private int readEnd = -1;

  ReplayBuffer(int bytesMax) {
    this.bytesMax = bytesMax;
  }

  /** Whether everything that was taken is here. */
  boolean complete() {
    return !overflowed;
  }

  /** How many bytes are here. */
  long size() {
    return held;
  }

  /**
   * Keeps what an attempt has taken.
   *
   * @param bytes its position is behind what was taken
   * @param count how many bytes before the position were taken
   */
  void keep(BufferPool pool, ByteBuffer bytes, int count) {
    if (overflowed || count == 0) {
      return;
    }
    if (held + count > bytesMax) {
      drop();
      return;
    }
    int from = bytes.position() - count;
    while (count > 0) {
      IoBuffer last = last(pool);
      if (last == null) {
        drop();
        return;
      }
      ByteBuffer target = last.bytes();
      int n = Math.min(count, target.remaining());
      target.put(target.position(), bytes, from, n);
      target.position(target.position() + n);
      from += n;
      count -= n;
      held += n;
    }
  }

  private @org.jspecify.annotations.Nullable IoBuffer last(BufferPool pool) {
    if (!buffers.isEmpty()) {
      IoBuffer last = buffers.get(buffers.size() - 1);
      if (last.bytes().hasRemaining()) {
        return last;
      }
    }
    IoBuffer added = pool.acquire();
    if (added != null) {
      buffers.add(added);
    }
    return added;
  }

  private void drop() {
    releaseAll();
    overflowed = true;
  }

  /** Begins to read from the start. */
  void rewind() {
    readIndex = 0;
    readOffset = 0;
  }

  /** Whether everything was read since {@link #rewind()}. */
  boolean exhausted() {
    return readIndex >= buffers.size()
        || (readIndex == buffers.size() - 1
            && readOffset == buffers.get(readIndex).bytes().position());
  }

  /** Whether {@link #current()} is the last piece. */
  boolean atLast() {
    return readIndex == buffers.size() - 1;
  }

  /** The piece to read next, lent until {@link #consumed} tells how much of it was taken. */
  ByteBuffer current() {
    ByteBuffer piece = buffers.get(readIndex).bytes();
    assert readEnd < 0 : "lent already";
    readEnd = piece.position();
    return piece.limit(readEnd).position(readOffset);
  }

  /** So many bytes of {@link #current()} were taken. */
  void consumed(int count) {
    ByteBuffer piece = buffers.get(readIndex).bytes();
    piece.limit(piece.capacity()).position(readEnd);
    readOffset += count;
    if (readOffset == readEnd && !atLast()) {
      readIndex++;
      readOffset = 0;
    }
    readEnd = -1;
  }

  /** Empties it for the next request. */
  void clear() {
    releaseAll();
    overflowed = false;
    rewind();
  }

  private void releaseAll() {
    for (int i = 0; i < buffers.size(); i++) {
      buffers.get(i).release();
    }
    buffers.clear();
    held = 0;
  }
}
