package dev.sluice.tls.engine;

/** Why {@link TlsEngine#open} stopped. */
public enum TlsOpenStatus {
  /** No whole record is left: more bytes from the wire are needed. */
  NEEDS_WIRE,
  /** A whole record is there, but the plain buffer has no room for all that it may hold. */
  NEEDS_ROOM,
  /**
   * The peer's close_notify was reached; whatever follows it on the wire was dropped (RFC 8446
   * 6.1).
   */
  ENDED,
  /**
   * The connection failed; {@link TlsEngine#failure()} says why, and an alert may be waiting to be
   * drained.
   */
  FAILED
}
