package dev.sluice.core.observe;

/** How an attempt ended that was followed by another one. */
public enum RetryKind {
  /** The connect failed or timed out. */
  CONNECT_FAILURE,
  /** The handshake failed or timed out, or came to no protocol that could be spoken. */
  HANDSHAKE_FAILURE,
  /** The connection ended before the first byte of a response. */
  EMPTY_RESPONSE,
  /** What came is no response, or the connection ended within its head. */
  JUNK_RESPONSE,
  /** No response came in time. */
  RESPONSE_TIMEOUT,
  /** A response came whose status is one to ask again for. */
  STATUS,
  /** 421: this connection was the wrong one (RFC 9110 15.5.20). */
  MISDIRECTED,
  /** The server said that it did not process the request (RFC 9113 8.7). */
  REFUSED,
  /** The server wants the request over HTTP/1.1 (RFC 9113 8.7), or can't take a websocket in h2. */
  HTTP_1_1_REQUIRED;

  private static final RetryKind[] VALUES = values();

  /** The number of kinds, for tables of counters. */
  public static int count() {
    return VALUES.length;
  }

  /** The kind with that ordinal; allocates nothing. */
  public static RetryKind of(int ordinal) {
    return VALUES[ordinal];
  }
}
