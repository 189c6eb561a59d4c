package dev.sluice.core.buffer;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Hands out buffers of one size and sort, and never more than a stated number at a time. Confined
 * to one loop.
 *
 * <p>There are two bounds: {@link #acquire()} serves up to {@code buffersMax}; {@link
 * #acquireReserved()}, for what can't be refused, goes {@code reservedMax} beyond it. Released
 * buffers are kept up to {@code idleMax}; the rest is left to the garbage collector.
 *
 * <p>Releasing calls nobody back. The loop calls {@link #serveWaiters()} once a turn, so that a
 * waiter which went away after it was told doesn't take the chance of the next one with it.
 */
public final class BufferPool {
  /** How many buffers one gathering write takes at most. */
  static final int GATHER_MAX = 16;

  private final int bufferBytes;
  private final boolean direct;
  private final int buffersMax;
  private final int reservedMax;
  private final int idleMax;

  /** Shared by the queues of this pool, which all live on one loop. */
  final @Nullable ByteBuffer[] gather = new @Nullable ByteBuffer[GATHER_MAX];

  private final BufferWaiter waiters = new Head();
  private @Nullable IoBuffer idle;
  private @Nullable Thread owner;
  private int idleCount;
  private int live;
  private int waiting;
  private long refused;

  /**
   * Creates a pool that holds nothing yet.
   *
   * @param bufferBytes the capacity of each buffer
   * @param direct whether buffers are direct, for sockets, or heap arrays, for everything else
   * @param buffersMax how many may be live at a time
   * @param reservedMax how many more may be live for {@link #acquireReserved()}
   * @param idleMax how many released ones are kept
   */
  public BufferPool(int bufferBytes, boolean direct, int buffersMax, int reservedMax, int idleMax) {
    if (bufferBytes <= 0 || buffersMax <= 0 || reservedMax < 0 || idleMax < 0) {
      throw new IllegalArgumentException(
          "bufferBytes %d and buffersMax %d must be positive, reservedMax %d and idleMax %d not negative"
              .formatted(bufferBytes, buffersMax, reservedMax, idleMax));
    }
    this.bufferBytes = bufferBytes;
    this.direct = direct;
    this.buffersMax = buffersMax;
    this.reservedMax = reservedMax;
    this.idleMax = idleMax;
  }

  /** Makes assertions hold that only this thread uses the pool. */
  public void confineTo(Thread thread) {
    owner = thread;
  }

  /**
   * Returns a cleared buffer that the caller owns, or null, counted in {@link #refused()}, if
   * {@code buffersMax} are live already.
   */
  public @Nullable IoBuffer acquire() {
    if (live >= buffersMax) {
      refused++;
      return null;
    }
    return take();
  }

  /**
   * Returns a cleared buffer that the caller owns, or null, counted in {@link #refused()}, if even
   * the reserve is used up. Only for output that can't be refused, such as heads and alerts.
   */
  public @Nullable IoBuffer acquireReserved() {
    if (live >= buffersMax + reservedMax) {
      refused++;
      return null;
    }
    return take();
  }

  /** Puts a waiter at the end of the line; does nothing if it is in line already. */
  public void await(BufferWaiter waiter) {
    assert confined();
    if (waiter.pool != null) {
      assert waiter.pool == this : "waits for another pool";
      return;
    }
    waiter.pool = this;
    waiter.previous = waiters.previous;
    waiter.next = waiters;
    waiters.previous.next = waiter;
    waiters.previous = waiter;
    waiting++;
  }

  /** Takes a waiter out of the line; does nothing if it isn't in it. */
  public void cancel(BufferWaiter waiter) {
    assert confined();
    if (waiter.pool == null) {
      return;
    }
    assert waiter.pool == this : "waits for another pool";
    waiter.previous.next = waiter.next;
    waiter.next.previous = waiter.previous;
    waiter.previous = waiter;
    waiter.next = waiter;
    waiter.pool = null;
    waiting--;
  }

  /**
   * Tells as many waiters as there are buffers to be had. Called by the loop once a turn, outside
   * of any handler.
   *
   * @return how many were told
   */
  public int serveWaiters() {
    int told = 0;
    for (int n = Math.min(available(), waiting); told < n && waiters.next != waiters; told++) {
      BufferWaiter first = waiters.next;
      cancel(first);
      first.onBufferAvailable();
    }
    return told;
  }

  /** Returns the capacity of each buffer. */
  public int bufferBytes() {
    return bufferBytes;
  }

  /** Tells whether the buffers are direct. */
  public boolean direct() {
    return direct;
  }

  /** Returns how many buffers are owned by somebody. */
  public int live() {
    return live;
  }

  /** Returns how many buffers are kept for later. */
  public int idle() {
    return idleCount;
  }

  /** Returns how many buffers {@link #acquire()} could hand out now. */
  public int available() {
    return Math.max(0, buffersMax - live);
  }

  /** Returns how many buffers {@link #acquireReserved()} could hand out now. */
  public int availableReserved() {
    return Math.max(0, buffersMax + reservedMax - live);
  }

  /** Returns how many waiters are in line. */
  public int waiting() {
    return waiting;
  }

  /** Returns how often a buffer was refused. */
  public long refused() {
    return refused;
  }

  void onReleased(IoBuffer buffer) {
    assert confined();
    live--;
    buffer.onIdle();
    if (idleCount < idleMax) {
      buffer.next = idle;
      idle = buffer;
      idleCount++;
    }
  }

  private IoBuffer take() {
    assert confined();
    live++;
    IoBuffer buffer = idle;
    if (buffer == null) {
      buffer =
          new IoBuffer(
              direct ? ByteBuffer.allocateDirect(bufferBytes) : ByteBuffer.allocate(bufferBytes),
              this);
    } else {
      idle = buffer.next;
      buffer.next = null;
      idleCount--;
    }
    buffer.onAcquired();
    return buffer;
  }

  private boolean confined() {
    return owner == null || owner == Thread.currentThread();
  }

  /** The head of the line. */
  private static final class Head extends BufferWaiter {
    @Override
    protected void onBufferAvailable() {
      throw new AssertionError("the head of the line was served");
    }
  }
}
