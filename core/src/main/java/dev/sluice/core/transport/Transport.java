package dev.sluice.core.transport;

import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.SessionFacts;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Turns the bytes of a socket into plain bytes and back. Confined to the loop of its connection,
 * which alone calls it; it never calls back into the connection's upper side, it returns values,
 * and the connection looks at {@link #handshakeStatus()} after each call.
 *
 * <p>Until the handshake is complete only {@link #start()}, {@link #onReady(int)}, {@link
 * LentStep}'s methods and {@link #release()} are called, and the transport owns the interest of the
 * socket. Afterwards the connection owns it.
 */
public interface Transport {
  /** {@link #read(ByteBuffer)}: the peer has ended its direction cleanly. */
  int END = -1;

  /** {@link #read(ByteBuffer)}: the transport is broken; {@link #failure()} tells why. */
  int FAILED = -2;

  /**
   * {@link #read(ByteBuffer)}: the loop has no heap buffer for the wire's bytes. The caller reads
   * again when there is one.
   */
  int NO_BUFFER = -3;

  /** The TCP connection stands. Begins the handshake, or is complete at once. */
  void start();

  /** How far the handshake is. */
  HandshakeStatus handshakeStatus();

  /**
   * The socket is ready while the handshake is in progress.
   *
   * @param readyOps bits of {@code dev.sluice.core.loop.Interest}
   */
  void onReady(int readyOps);

  /**
   * What the handshake agreed on. Only to be called once it is complete.
   *
   * @return {@link ApplicationProtocol#NONE} if the handshake agreed on nothing
   */
  ApplicationProtocol applicationProtocol();

  /**
   * The name that the peer asked for in the handshake (SNI), for transports that know one.
   *
   * @return the host name in lower case, or null
   */
  default @Nullable String serverName() {
    return null;
  }

  /**
   * What the handshake told, for logs and records. Asked once for each connection, when the
   * handshake is complete; may allocate.
   */
  default SessionFacts sessionFacts() {
    return SessionFacts.NONE;
  }

  /**
   * How many bytes of room {@link #read(ByteBuffer)} must be given: a whole record for TLS, so that
   * a record is opened only into room for all of it. At least 1.
   */
  int readRoomMin();

  /**
   * Reads plain bytes.
   *
   * @param plain heap buffer with at least {@link #readRoomMin()} bytes of room; belongs to the
   *     caller
   * @return the number of bytes read, 0 if there are none now, {@link #END}, {@link #FAILED} or
   *     {@link #NO_BUFFER}
   */
  int read(ByteBuffer plain);

  /**
   * Whether {@link #read(ByteBuffer)} may give bytes although the socket has none: bytes that are
   * already here raise no selector event.
   */
  boolean hasBufferedInput();

  /**
   * Takes plain bytes into the bounded output.
   *
   * @param plain heap or direct; its position moves by what was taken; belongs to the caller
   * @return the number of bytes taken, 0 if the output is full or broken
   */
  int write(ByteBuffer plain);

  /**
   * Takes plain bytes that can't be refused (heads, trailers, ends) into the output, past its bound
   * if need be, up to a reserve.
   *
   * @return false if not even the reserve has room for all of it (nothing was taken then)
   */
  boolean writeReserved(ByteBuffer plain);

  /** How many plain bytes {@link #write(ByteBuffer)} would take now. */
  int writableBytes();

  /**
   * Sends what was taken.
   *
   * @return true if everything is with the socket, false if some of it waits for the socket to
   *     become writable, or if the transport is broken ({@link #failure()})
   */
  boolean flush();

  /** Whether bytes that were taken are not with the socket yet. */
  boolean hasPendingOutput();

  /** Whether one direction can end while the other goes on. */
  boolean supportsHalfClose();

  /**
   * Nothing more will be written: the end (FIN, close_notify) follows what was taken. Takes effect
   * with the next {@link #flush()}. Idempotent.
   */
  void endOutput();

  /** What broke the transport, or null while it is sound. */
  @Nullable Failure failure();

  /**
   * Whether the connection may go to another loop now: nothing of this loop is held, and no byte is
   * on its way in either direction. Only asked after the handshake.
   */
  default boolean movable() {
    return false;
  }

  /**
   * The connection has come to another loop, after {@link #movable()}: the pools and timers of the
   * host are those of that loop now.
   */
  default void onMoved() {}

  /**
   * Gives back all buffers; what was not flushed is dropped. The socket is closed by the
   * connection. While a step is lent, the transport only marks itself abandoned and frees the rest
   * when the step returns. Idempotent.
   */
  void release();
}
