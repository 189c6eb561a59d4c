package dev.sluice.core.mux;

import dev.sluice.core.buffer.BufferPool;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.WireEvent;
import dev.sluice.core.time.TimerWheel;
import dev.sluice.core.transport.ApplicationProtocol;
import java.nio.ByteBuffer;

/**
 * All that a mux may ask of its connection. Confined to the connection's loop. No method calls back
 * into the mux: what follows comes from the loop's dispatch.
 */
public interface MuxHost {
  /** The side that the connection is on. */
  Side side();

  /** What the handshake agreed on; {@link ApplicationProtocol#NONE} on a clear connection. */
  ApplicationProtocol applicationProtocol();

  /** Whether the transport protects the bytes (the scheme of requests is https then). */
  boolean secure();

  /**
   * Takes bytes into the connection's bounded output, which is flushed at the end of the turn.
   *
   * @param bytes heap or direct, lent for the call; the position moves by what is taken
   * @return how many were taken; if less than given, {@link Mux#onWritable()} comes later
   */
  int write(ByteBuffer bytes);

  /**
   * Takes bytes that can't be refused: heads, trailers, control frames. Output keeps a reserve for
   * them.
   *
   * @return false if even the reserve is used up: the mux must then give the connection up
   */
  boolean writeReserved(ByteBuffer bytes);

  /** How many bytes {@link #write} would take now. */
  int writableBytes();

  /**
   * Asks for {@link Mux#onWritable()} although no write was refused. It comes once there is room
   * for more than a few bytes, so that a mux whose frames have headers always gets further.
   */
  void wantWritable();

  /** Runs {@link Mux#onInput} again from the pending list of this turn. */
  void resumeInput();

  /** Whether the peer can go on sending after we have ended our direction, and the reverse. */
  boolean supportsHalfClose();

  /** Ends our direction (FIN, close_notify) after what was taken. Idempotent. */
  void endOutput();

  /**
   * Flushes what was taken, ends the output, waits for the peer to end or for a short while in
   * which it reads and drops what the peer still sends (so that a reset doesn't destroy an answer
   * on its way), then closes. {@link Mux#onClosed} is called at the end of all this; {@link
   * Mux#onInput} no more. Idempotent.
   */
  void closeGracefully(CloseCause cause);

  /** Closes at once; what was not flushed is lost. {@link Mux#onClosed} follows. Idempotent. */
  void closeNow(CloseCause cause);

  /**
   * The number of streams that {@link Mux#attach} would take has changed, or the mux became idle or
   * unusable: the keeper is told from the pending list.
   */
  void capacityChanged();

  /** Counts what has happened on the connection, for the engine's snapshot. */
  default void count(WireEvent event) {}

  /** The limits of the engine. */
  LimitConfig limits();

  /** The timeouts that apply to this connection. */
  TimeoutConfig timeouts();

  /** The loop's timers. A mux cancels its own in {@link Mux#onClosed}. */
  TimerWheel timers();

  /** The loop's time in nanoseconds, as of this turn. */
  long nowNanos();

  /** The loop, for its intrusive turn lists. */
  EventLoop loop();

  /** The loop's pool of heap buffers. */
  BufferPool heapBuffers();
}
