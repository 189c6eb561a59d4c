package dev.sluice.acceptance;

/**
 * A scripted peer's end of TLS: bytes from the wire go in, bytes for the wire come out. Sans-IO.
 */
interface TlsEnd {
  /** Takes bytes from the wire. */
  void feed(byte[] wire);

  /** Bytes to put on the wire now; empty if there are none. */
  byte[] drain();

  /** Takes plain bytes to send, also before the handshake is done. */
  void write(byte[] plain);

  /** The plain bytes that have come since the last call. */
  byte[] take();

  /** Ends its own direction with close_notify, behind what was written. */
  void close();

  /** Whether the handshake is done. */
  boolean open();

  /** Whether the other end has sent its close_notify. */
  boolean peerClosed();

  /** The protocol that ALPN agreed on, or empty. */
  String protocol();

  /** What went wrong, or empty. */
  String problem();
}
