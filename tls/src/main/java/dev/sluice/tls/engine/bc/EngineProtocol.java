package dev.sluice.tls.engine.bc;

import java.io.IOException;
import org.bouncycastle.tls.TlsProtocol;

/**
 * What the engine needs of BouncyCastle's protocol objects beyond their public methods; one
 * implementation per role.
 */
interface EngineProtocol {
  /** The protocol object itself. */
  TlsProtocol protocol();

  /** Begins: a client makes its ClientHello now, a server waits for one. */
  void begin() throws IOException;

  /** Sends a fatal alert and fails the protocol. */
  void abort(short alert, String message) throws IOException;

  /** Whether this end has asked for another ClientHello, which has not come yet. */
  default boolean awaitsSecondHello() {
    return false;
  }

  /** Whether the peer has sent a part of a handshake message, so that the rest must come next. */
  boolean messageUnfinished();

  /**
   * Sends close_notify and leaves the protocol open, so that the peer's records are still
   * understood.
   */
  void sendCloseNotify() throws IOException;

  /** Sends a KeyUpdate (RFC 8446 4.6.3) and moves the cipher's sending keys. */
  void sendKeyUpdate(boolean requestUpdate) throws IOException;

  /**
   * Gives the output queue's memory back; it grows with the handshake's flights and never shrinks
   * by itself.
   */
  void shrinkOutput();
}
