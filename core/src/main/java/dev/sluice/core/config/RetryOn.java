package dev.sluice.core.config;

/**
 * How an attempt may end so that another one follows, beside the statuses of answers. What else
 * must hold for a request to be sent twice is not configured.
 */
public enum RetryOn {
  /** The connect failed or timed out: nothing was sent. */
  CONNECT_FAILURE,
  /** The handshake failed or timed out, or agreed on no protocol: nothing was sent. */
  HANDSHAKE_FAILURE,
  /** The connection ended before the first byte of a response. */
  EMPTY_RESPONSE,
  /** What came is no response, or the connection ended within its head. */
  JUNK_RESPONSE,
  /** No response came within the server timeout, or within the time of a try. */
  RESPONSE_TIMEOUT,
  /** The server said that it did not process the request: REFUSED_STREAM, GOAWAY (RFC 9113). */
  REFUSED
}
