package dev.sluice.core.transport;

/** How far a transport's handshake has come. Only ever moves down this list. */
public enum HandshakeStatus {
  /** The transport was not started: there is no TCP connection yet. */
  NOT_STARTED,
  /** Bytes must still go to and fro; the transport owns the interest of its socket. */
  IN_PROGRESS,
  /**
   * A step of the handshake is with the executor; the loop must not touch the engine until it comes
   * back. Returns to {@link #IN_PROGRESS} or goes on to one of the ends.
   */
  LENT,
  /** Done: the protocol is known, and bytes may flow. */
  COMPLETE,
  /** Failed; {@link Transport#failure()} tells why. */
  FAILED
}
