package dev.sluice.core.buffer;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A pooled buffer with exactly one owner. Confined to the loop of its pool.
 *
 * <p>The owner gives it back with {@link #release()}, and from then on must touch neither it nor
 * its bytes. Handing a buffer over means that the receiver releases it. Whoever keeps a reference
 * that it doesn't own keeps the {@link #generation()} beside it and compares.
 */
public final class IoBuffer {
  /** Filled into released heap buffers when assertions are on, so that stale reads are noticed. */
  private static final byte POISON = 0x5A;

  private final ByteBuffer bytes;
  private final BufferPool pool;
  private int generation;
  private boolean owned;

  /** The next buffer of the pool's idle list, or of the queue that owns this one. */
  @Nullable IoBuffer next;

  IoBuffer(ByteBuffer bytes, BufferPool pool) {
    this.bytes = bytes;
    this.pool = pool;
  }

  /**
   * Returns the bytes, always the same object. Position and limit are the owner's to use; after
   * acquisition they are 0 and the capacity, and the byte order is big endian. A heap buffer has an
   * accessible array with offset 0.
   */
  public ByteBuffer bytes() {
    assert owned : "buffer used after its release, generation " + generation;
    return bytes;
  }

  /** Returns the bytes, asserting that the buffer hasn't been released since {@code generation}. */
  public ByteBuffer bytes(int generation) {
    assert this.generation == generation
        : "buffer of generation " + generation + " used in generation " + this.generation;
    return bytes();
  }

  /** Returns a number that changes with each release. */
  public int generation() {
    return generation;
  }

  /** Gives the buffer back to its pool. */
  public void release() {
    assert owned : "buffer released twice, generation " + generation;
    pool.onReleased(this);
  }

  void onAcquired() {
    assert !owned : "an owned buffer was in the pool";
    owned = true;
    bytes.clear();
  }

  void onIdle() {
    owned = false;
    generation++;
    assert poison();
  }

  private boolean poison() {
    if (bytes.hasArray()) {
      int start = bytes.arrayOffset();
      Arrays.fill(bytes.array(), start, start + bytes.capacity(), POISON);
    }
    return true;
  }
}
