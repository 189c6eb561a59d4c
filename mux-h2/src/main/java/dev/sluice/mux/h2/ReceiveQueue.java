package dev.sluice.mux.h2;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.IoBuffer;
import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Content of a stream that its handler did not take yet, in pooled buffers. The stream's window
 * bounds it. Confined to its loop; holds no buffer while it is empty.
 */
final class ReceiveQueue {
  private static final int RING_MIN = 4;

  /** A ring; each buffer holds content between its position and its limit. */
  private @Nullable IoBuffer[] ring = new @Nullable IoBuffer[0];

  private int first;
  private int count;
  private int bytes;

  boolean isEmpty() {
    return count == 0;
  }

  /** How many bytes were put and not taken, as {@link #taken} was told. */
  int bytes() {
    return bytes;
  }

  /**
   * Copies all of the source.
   *
   * @return false if the pool has no buffer left; a part may have been copied
   */
  boolean put(ByteBuffer source, BufferPool pool) {
    while (source.hasRemaining()) {
      ByteBuffer tail = count == 0 ? null : at(count - 1).bytes();
      if (tail == null || tail.limit() == tail.capacity()) {
        IoBuffer added = pool.acquire();
        if (added == null) {
          return false;
        }
        tail = added.bytes().limit(0);
        add(added);
      }
      int end = tail.limit();
      int length = Math.min(source.remaining(), tail.capacity() - end);
      tail.limit(end + length);
      tail.put(end, source, source.position(), length);
      source.position(source.position() + length);
      bytes += length;
    }
    return true;
  }

  /** The first bytes; the queue must not be empty. */
  ByteBuffer first() {
    return at(0).bytes();
  }

  /** Whether {@link #first} is all there is. */
  boolean onlyFirst() {
    return count == 1;
  }

  /** So many bytes of {@link #first} were taken; its buffer goes back when it is empty. */
  void taken(int length) {
    bytes -= length;
    IoBuffer buffer = at(0);
    if (!buffer.bytes().hasRemaining()) {
      remove();
      buffer.release();
    }
  }

  void clear() {
    while (count > 0) {
      IoBuffer dropped = at(0);
      remove();
      dropped.release();
    }
    bytes = 0;
  }

  private void remove() {
    ring[first] = null;
    first = (first + 1) % ring.length;
    count--;
  }

  private void add(IoBuffer buffer) {
    if (count == ring.length) {
      @Nullable IoBuffer[] grown = Arrays.copyOf(ring, Math.max(RING_MIN, 2 * count));
      for (int i = 0; i < count; i++) {
        grown[i] = at(i);
      }
      Arrays.fill(grown, count, grown.length, null);
      ring = grown;
      first = 0;
    }
    ring[(first + count) % ring.length] = buffer;
    count++;
  }

  private IoBuffer at(int place) {
    IoBuffer buffer = ring[(first + place) % ring.length];
    assert buffer != null : "no buffer at " + place;
    if (buffer == null) {
      throw new IllegalStateException("queue without a buffer");
    }
    return buffer;
  }
}
