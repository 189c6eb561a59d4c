package dev.sluice.core.transport;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.time.TimerWheel;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * All that a transport may ask of its connection. Confined to the connection's loop. No method
 * calls back into the transport.
 */
public interface TransportHost {
  /**
   * Reads bytes from the socket.
   *
   * @param bytes heap or direct, with room; belongs to the caller
   * @return the number of bytes, 0 if there are none now, {@link Transport#END} at the peer's FIN,
   *     {@link Transport#FAILED} if the socket is broken ({@link #socketFailure()})
   */
  int receive(ByteBuffer bytes);

  /**
   * Writes as much as the socket takes from a queue of direct buffers.
   *
   * @return true if the queue is empty now; false if bytes are left or the socket is broken
   */
  boolean send(BufferQueue bytes);

  /** Sends a FIN. Everything that must precede it was sent. */
  void shutdownOutput();

  /** What broke the socket, or null. */
  @Nullable Failure socketFailure();

  /**
   * Which readiness the transport wants to hear of while its handshake is in progress.
   *
   * @param ops bits of {@code dev.sluice.core.loop.Interest}
   */
  void interest(int ops);

  /**
   * Gives a step to the handshake executor. The transport is {@link HandshakeStatus#LENT} until
   * {@link LentStep#onReturned()} or {@link LentStep#onRefused} is called from the loop; never
   * within this call, not even when the executor runs it in place.
   */
  void lend(LentStep step);

  /**
   * Has {@code onReady} called, with no operation ready, when there may be a heap buffer again. For
   * a transport in its handshake; afterwards {@link Transport#NO_BUFFER} tells the connection.
   */
  void awaitHeapBuffer();

  /**
   * The transport is released: a lent step that has not begun need not run, and nobody waits for a
   * buffer.
   */
  void forget();

  /** Whether the connection was closed; of interest to a step that comes back. */
  boolean closed();

  /** The loop's pool of heap buffers: a plain input buffer's size, at least one whole record. */
  BufferPool heapBuffers();

  /** The loop's pool of direct buffers, for what goes to the socket. */
  BufferPool directBuffers();

  /** How many bytes of output a connection may hold before {@code write} takes no more. */
  int outputBytesMax();

  /** The loop's timers. */
  TimerWheel timers();

  /** The loop's time in nanoseconds, as of this turn. */
  long nowNanos();
}
