package dev.sluice.core.stream;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.IoBuffer;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What a filter has written and the next one has not taken: one pooled buffer at most, and none
 * while it is empty. Confined to its loop.
 */
final class FilterBuffer {
  private @Nullable IoBuffer held;
  private int from;
  private int to;

  boolean isEmpty() {
    return held == null;
  }

  /** How many more bytes have a place. */
  int room(BufferPool pool) {
    return pool.bufferBytes() - (to - from);
  }

  /**
   * Keeps as much as has a place; the position moves by it.
   *
   * @return false if the pool has no buffer to give
   */
  boolean put(BufferPool pool, ByteBuffer bytes) {
    int count = Math.min(bytes.remaining(), room(pool));
    if (count == 0) {
      return true;
    }
    IoBuffer target = held;
    if (target == null) {
      target = pool.acquire();
      if (target == null) {
        return false;
      }
      held = target;
    }
    ByteBuffer store = target.bytes();
    if (to + count > store.capacity()) {
      store.clear().position(from).limit(to);
      store.compact();
      to -= from;
      from = 0;
    }
    store.clear().position(to);
    store.put(to, bytes, bytes.position(), count);
    bytes.position(bytes.position() + count);
    to += count;
    return true;
  }

  /** What is here, lent until {@link #returned}. */
  ByteBuffer lend() {
    IoBuffer lent = held;
    assert lent != null : "nothing to lend";
    return lent.bytes().limit(to).position(from);
  }

  /** Whatever was taken of the lent bytes is gone. */
  void returned() {
    IoBuffer lent = held;
    if (lent != null) {
      from = lent.bytes().position();
      if (from == to) {
        clear();
      }
    }
  }

  void clear() {
    IoBuffer released = held;
    held = null;
    from = 0;
    to = 0;
    if (released != null) {
      released.release();
    }
  }
}
