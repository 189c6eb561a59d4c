package dev.sluice.mux.h2.protocol;

/**
 * What can happen to a stream (RFC 9113 5.1). The flag END_STREAM is an event of its own, after
 * that of the frame which carries it. PUSH_PROMISE is missing: we never allow push, so the frame is
 * a connection error whatever the stream's state.
 */
public enum StreamEvent {
  /** The peer sends HEADERS. */
  RECEIVE_HEADERS,
  /** The peer sends DATA. */
  RECEIVE_DATA,
  /** The peer ends its direction. */
  RECEIVE_END,
  /** The peer sends RST_STREAM. */
  RECEIVE_RESET,
  /** The peer sends WINDOW_UPDATE. */
  RECEIVE_WINDOW_UPDATE,
  /** We send HEADERS. */
  SEND_HEADERS,
  /** We send DATA. */
  SEND_DATA,
  /** We end our direction. */
  SEND_END,
  /** We send RST_STREAM. */
  SEND_RESET
}
