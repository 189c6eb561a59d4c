package dev.sluice.tls.engine;

import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * One end of one TLS connection, as a machine between four streams of bytes: wire in, wire out,
 * plain in, plain out. It knows no socket, no loop and no clock.
 *
 * <p>Confined to one thread at a time. The handshake is the one part that may run elsewhere: after
 * {@link #offer} (or at the very start of a client) {@link #handshakeWorkPending()} tells that
 * there is public-key work, and {@link #runHandshakeStep()} does it. Until that call has returned,
 * and its effects were published to the owner's thread by whatever handed the task over and back,
 * nobody touches the engine.
 *
 * <p>All buffers are heap buffers with an accessible array, lent for the call; the engine moves
 * their positions and keeps no reference. The wire buffer of {@link #offer} and {@link #open} must
 * be able to hold {@link #RECORD_BYTES_MAX} bytes, since a record that is not whole stays in it. No
 * method throws on what a peer sent: a failure is a value.
 *
 * <p>How to drive it:
 *
 * <pre>{@code
 * while (engine.state() == TlsEngineState.HANDSHAKING) {
 *   engine.offer(wireIn);                       // takes whole records
 *   if (engine.handshakeWorkPending()) engine.runHandshakeStep();
 *   engine.drainOutput(wireOut);                // the next flight, or an alert
 * }
 * engine.open(wireIn, plainIn);                 // what came in one read with the last flight is not lost
 * engine.seal(plainOut, wireOut);
 * }</pre>
 */
public interface TlsEngine {
  /** Header, content, padding and tag of the longest record (RFC 8446 5.2): 16,645 bytes. */
  int RECORD_BYTES_MAX = 5 + 16_384 + 256;

  /** The most that one record can decrypt to, its inner type included: 16,385 bytes. */
  int PLAIN_BYTES_MAX = 16_384 + 1;

  /** The content of a full record (RFC 8446 5.1): 16,384 bytes. */
  int CONTENT_BYTES_MAX = 16_384;

  /**
   * The most that sealing one record adds to the content: header, explicit nonce or inner type, and
   * tag.
   */
  int OVERHEAD_BYTES_MAX = 5 + 8 + 16;

  /** Which end this is. */
  TlsRole role();

  /** Where the engine stands. */
  TlsEngineState state();

  /**
   * Takes whole records of the handshake from the wire. A first byte that can't be TLS fails the
   * engine at once. Takes nothing while a step is pending, and nothing but while the state is
   * HANDSHAKING; what follows the handshake goes to {@link #open}, also if it is here already.
   */
  void offer(ByteBuffer wire);

  /** Whether {@link #runHandshakeStep()} has something to do. */
  boolean handshakeWorkPending();

  /**
   * Works off what was offered: everything that is expensive in a handshake happens here. May run
   * on any one thread.
   */
  void runHandshakeStep();

  /**
   * Opens records into a plain buffer, each only if there is room for a whole one, until one of the
   * reasons in {@link TlsOpenStatus} stops it. Bytes produced are seen from the plain buffer's
   * position; they are good also if the status is ENDED or FAILED, since each record was
   * authenticated by itself.
   *
   * @param wire bytes from the peer; a record that is not whole stays there
   * @param plain where content goes; room of {@link #PLAIN_BYTES_MAX} always suffices for one
   *     record
   */
  TlsOpenStatus open(ByteBuffer wire, ByteBuffer plain);

  /**
   * Seals plain bytes into records, after whatever output is waiting. Takes as many as there is
   * room for, none if the state does not allow sending.
   *
   * @param recordContentBytesMax the most content of one record, at least 1; the peer's own limit
   *     (RFC 8449, RFC 6066 4) holds besides
   * @return how many plain bytes were taken
   */
  int seal(ByteBuffer plain, ByteBuffer wireOut, int recordContentBytesMax);

  /** Seals into records that are as large as the peer takes. */
  default int seal(ByteBuffer plain, ByteBuffer wireOut) {
    return seal(plain, wireOut, CONTENT_BYTES_MAX);
  }

  /** Whether handshake messages or alerts wait to be sent. */
  boolean outputPending();

  /**
   * Moves waiting handshake messages and alerts to the wire buffer, as many as fit. Works in every
   * state: the alert of a failure is still to be sent.
   *
   * @return whether all of it was moved
   */
  boolean drainOutput(ByteBuffer wireOut);

  /**
   * Ends the sending direction with close_notify; whoever has sealed bytes waiting sends them
   * first. During the handshake it gives up with user_canceled. Repeated calls do nothing.
   */
  void closeOutbound();

  /**
   * Tells that the transport's input ended. Without the peer's close_notify before it this is a
   * truncation: the state becomes FAILED, and the failure says so.
   */
  void transportEnded();

  /** Why the engine failed, null unless the state is FAILED. */
  @Nullable TlsFailure failure();

  /** What the handshake agreed, null until it is done. */
  @Nullable TlsSessionFacts facts();

  /** The protocol that ALPN agreed on; null if none, and before the handshake is done. */
  default @Nullable String applicationProtocol() {
    TlsSessionFacts facts = facts();
    return facts == null ? null : facts.applicationProtocol();
  }
}
