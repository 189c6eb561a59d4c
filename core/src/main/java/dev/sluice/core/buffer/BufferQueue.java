package dev.sluice.core.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Output that waits for its socket: a bounded queue of bytes in pooled buffers. Confined to the
 * loop of its pool. Holds no buffer while it is empty, and may then move to another loop.
 *
 * <p>Plain data is taken up to {@code bytesMax}, and what doesn't fit is left to the caller. Heads,
 * trailers, ends and alerts, which the layers above can't keep, may use a further {@code
 * reserveBytes}.
 */
public final class BufferQueue {
  private BufferPool pool;
  private final int bytesMax;
  private final int reserveBytes;

  /** Buffers between position and limit hold what is pending; only the last has room at its end. */
  private @Nullable IoBuffer first;

  private @Nullable IoBuffer last;
  private long pendingBytes;

  /**
   * Creates an empty queue.
   *
   * @param pool where buffers come from; direct if the queue is to be drained to a socket
   * @param bytesMax how much {@link #put} lets be pending
   * @param reserveBytes how much more {@link #putReserved} lets be pending
   */
  public BufferQueue(BufferPool pool, int bytesMax, int reserveBytes) {
    this.pool = pool;
    this.bytesMax = bytesMax;
    this.reserveBytes = reserveBytes;
  }

  /** Goes on with another pool, on another loop. Only while it is empty. */
  public void moveTo(BufferPool newPool) {
    assert isEmpty() : "buffers belong to the loop of their pool";
    pool = newPool;
  }

  /** Returns how many bytes wait to be drained. */
  public long pendingBytes() {
    return pendingBytes;
  }

  /** Tells whether nothing waits to be drained. */
  public boolean isEmpty() {
    return pendingBytes == 0;
  }

  /** Returns how many bytes {@link #put} would take at most. */
  public int room() {
    return (int) Math.max(0, bytesMax - pendingBytes);
  }

  /**
   * Copies as much of {@code source} as fits, moving its position.
   *
   * @return how many bytes were taken; less than offered when {@code bytesMax} is reached or the
   *     pool has no buffer left (then see {@link BufferPool#await})
   */
  public int put(ByteBuffer source) {
    int wanted = Math.min(source.remaining(), room());
    int taken = 0;
    while (taken < wanted) {
      IoBuffer tail = tail();
      if (tail == null) {
        break;
      }
      taken += append(tail.bytes(), source, wanted - taken);
    }
    pendingBytes += taken;
    return taken;
  }

  /** Copies as much of the array's range as fits; otherwise like {@link #put(ByteBuffer)}. */
  public int put(byte[] source, int offset, int length) {
    int wanted = Math.min(length, room());
    int taken = 0;
    while (taken < wanted) {
      IoBuffer tail = tail();
      if (tail == null) {
        break;
      }
      taken += append(tail.bytes(), source, offset + taken, wanted - taken);
    }
    pendingBytes += taken;
    return taken;
  }

  /**
   * Copies the whole of {@code source}, or nothing.
   *
   * @return false, with nothing taken, if it doesn't fit even into the reserve; the connection
   *     can't go on then
   */
  public boolean putReserved(ByteBuffer source) {
    int wanted = source.remaining();
    if (!reserve(wanted)) {
      return false;
    }
    for (int taken = 0; taken < wanted; ) {
      taken += append(reservedTail().bytes(), source, wanted - taken);
    }
    pendingBytes += wanted;
    return true;
  }

  /** Copies the whole range of the array, or nothing; see {@link #putReserved(ByteBuffer)}. */
  public boolean putReserved(byte[] source, int offset, int length) {
    if (!reserve(length)) {
      return false;
    }
    for (int taken = 0; taken < length; ) {
      taken += append(reservedTail().bytes(), source, offset + taken, length - taken);
    }
    pendingBytes += length;
    return true;
  }

  /**
   * Writes what is pending, up to {@link BufferPool#GATHER_MAX} buffers per call of the sink, until
   * everything is written or the sink takes no more.
   *
   * @return true if nothing is pending any more; false if the sink's writability has to be awaited
   * @throws IOException as the sink does; what is pending is kept until {@link #clear()}
   */
  public boolean drainTo(GatheringSink sink) throws IOException {
    while (first != null) {
      ByteBuffer only = first.bytes();
      long offered = 0;
      int count = 0;
      @Nullable ByteBuffer[] gather = pool.gather;
      for (IoBuffer b = first; b != null && count < BufferPool.GATHER_MAX; b = b.next) {
        ByteBuffer bytes = b.bytes();
        gather[count++] = bytes;
        offered += bytes.remaining();
      }
      assert offered > 0 : "a buffer without pending bytes";
      long written = count == 1 ? sink.write(only) : sink.write(gather, 0, count);
      assert written >= 0 && written <= offered : written + " written of " + offered;
      pendingBytes -= written;
      releaseDrained();
      if (written < offered) {
        return false;
      }
    }
    return true;
  }

  /** Drops what is pending and releases all buffers. */
  public void clear() {
    while (first != null) {
      releaseFirst(first);
    }
    pendingBytes = 0;
  }

  private boolean reserve(int bytes) {
    if (pendingBytes + bytes > (long) bytesMax + reserveBytes) {
      return false;
    }
    int room = last == null ? 0 : tailRoom(last.bytes());
    int missing = Math.max(0, bytes - room);
    int size = pool.bufferBytes();
    return (missing + size - 1) / size <= pool.availableReserved();
  }

  private void releaseDrained() {
    while (first != null && !first.bytes().hasRemaining()) {
      releaseFirst(first);
    }
  }

  private void releaseFirst(IoBuffer buffer) {
    first = buffer.next;
    buffer.next = null;
    if (first == null) {
      last = null;
    }
    buffer.release();
  }

  private @Nullable IoBuffer tail() {
    IoBuffer tail = last;
    if (tail != null && tailRoom(tail.bytes()) > 0) {
      return tail;
    }
    IoBuffer added = pool.acquire();
    return added == null ? null : add(added);
  }

  private IoBuffer reservedTail() {
    IoBuffer tail = last;
    if (tail != null && tailRoom(tail.bytes()) > 0) {
      return tail;
    }
    IoBuffer added = pool.acquireReserved();
    if (added == null) {
      throw new IllegalStateException("fewer buffers than were counted");
    }
    return add(added);
  }

  private IoBuffer add(IoBuffer buffer) {
    buffer.bytes().limit(0);
    if (last == null) {
      first = buffer;
    } else {
      last.next = buffer;
    }
    last = buffer;
    return buffer;
  }

  private static int tailRoom(ByteBuffer bytes) {
    return bytes.capacity() - bytes.limit();
  }

  private static int append(ByteBuffer tail, ByteBuffer source, int bytesMax) {
    int end = tail.limit();
    int count = Math.min(bytesMax, tail.capacity() - end);
    tail.limit(end + count);
    tail.put(end, source, source.position(), count);
    source.position(source.position() + count);
    return count;
  }

  private static int append(ByteBuffer tail, byte[] source, int offset, int bytesMax) {
    int end = tail.limit();
    int count = Math.min(bytesMax, tail.capacity() - end);
    tail.limit(end + count);
    tail.put(end, source, offset, count);
    return count;
  }
}
