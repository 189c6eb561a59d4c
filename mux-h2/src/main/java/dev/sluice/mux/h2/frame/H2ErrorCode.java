package dev.sluice.mux.h2.frame;

/** The error codes of RST_STREAM and GOAWAY (RFC 9113 7). */
public enum H2ErrorCode {
  /** No fault: a graceful end. */
  NO_ERROR,
  /** A rule of the protocol was broken. */
  PROTOCOL_ERROR,
  /** A fault of the sender's own. */
  INTERNAL_ERROR,
  /** More was sent than a window allowed, or a window grew too large. */
  FLOW_CONTROL_ERROR,
  /** Settings were not acknowledged in time. */
  SETTINGS_TIMEOUT,
  /** A frame came on a stream that its sender had ended. */
  STREAM_CLOSED,
  /** A frame has a size that it can't have. */
  FRAME_SIZE_ERROR,
  /** The stream was not looked at: it may be sent again. */
  REFUSED_STREAM,
  /** The stream is not wanted any more. */
  CANCEL,
  /** The state of field compression can't be kept. */
  COMPRESSION_ERROR,
  /** The connection of a CONNECT request broke. */
  CONNECT_ERROR,
  /** The peer asks for more work than is honest. */
  ENHANCE_YOUR_CALM,
  /** The transport is not safe enough. */
  INADEQUATE_SECURITY,
  /** The request has to come over HTTP/1.1. */
  HTTP_1_1_REQUIRED;

  private static final H2ErrorCode[] VALUES = values();

  /** The code on the wire. */
  public int wireCode() {
    return ordinal();
  }

  /**
   * The code of this number. Unknown ones are treated as INTERNAL_ERROR and cause nothing special
   * (RFC 9113 7).
   */
  public static H2ErrorCode ofWire(int code) {
    return code >= 0 && code < VALUES.length ? VALUES[code] : INTERNAL_ERROR;
  }
}
