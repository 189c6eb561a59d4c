package dev.sluice.mux.h2.protocol;

import dev.sluice.mux.h2.frame.H2ErrorCode;

/** What an event means in a state: whether it is allowed, and whose fault it is if not. */
public enum Verdict {
  /** Allowed; the stream goes on to the next state. */
  OK(H2ErrorCode.NO_ERROR),
  /** Nothing to do: the peer could not know better when it sent the frame. */
  IGNORE(H2ErrorCode.NO_ERROR),
  /** The peer sends on a direction that it has ended: a stream error (RFC 9113 5.1). */
  STREAM_CLOSED(H2ErrorCode.STREAM_CLOSED),
  /** The same where only a broken peer can do it: a connection error. */
  CONNECTION_CLOSED(H2ErrorCode.STREAM_CLOSED),
  /** The peer uses a stream that does not exist yet: a connection error. */
  CONNECTION_PROTOCOL(H2ErrorCode.PROTOCOL_ERROR),
  /** A frame that we must not send: our own fault. */
  FORBIDDEN(H2ErrorCode.INTERNAL_ERROR);

  private final H2ErrorCode code;

  Verdict(H2ErrorCode code) {
    this.code = code;
  }

  /** The code to answer with; NO_ERROR where there is nothing to answer. */
  public H2ErrorCode code() {
    return code;
  }

  /** Whether the whole connection ends with it. */
  public boolean ofConnection() {
    return this == CONNECTION_CLOSED || this == CONNECTION_PROTOCOL;
  }
}
