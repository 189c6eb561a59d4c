package dev.sluice.core.mux;

/**
 * Why a stream was cut, in words that every mux can carry or translate (the names of RFC 9113 7
 * where it has one).
 */
public enum ResetCode {
  /** Cut without fault: no more is wanted of a stream that was answered. */
  NO_ERROR,
  /** The other end of the exchange is not interested any more. */
  CANCEL,
  /** The peer has not looked at the request: it may be sent elsewhere whatever its method. */
  REFUSED,
  /** The peer broke the rules of its protocol. */
  PROTOCOL_ERROR,
  /** A fault of our own. */
  INTERNAL_ERROR,
  /** The connection ended under the stream. */
  CONNECTION_CLOSED,
  /** The transport ended without its closing handshake, or the socket was reset. */
  CONNECTION_RESET,
  /** Nothing happened for too long. */
  TIMEOUT,
  /** The peer wants the request over HTTP/1.1. */
  HTTP_1_1_REQUIRED,
  /** The peer finds our behaviour excessive. */
  ENHANCE_YOUR_CALM
}
