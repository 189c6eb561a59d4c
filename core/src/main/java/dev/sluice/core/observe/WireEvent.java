package dev.sluice.core.observe;

/** What can happen on a connection besides its exchanges, and is counted by itself. */
public enum WireEvent {
  /** A handshake of TLS was done in full. */
  HANDSHAKE_FULL,
  /** A handshake of TLS has resumed an earlier session. */
  HANDSHAKE_RESUMED,
  /**
   * A handshake of TLS has begun and come to nothing, or has agreed on a protocol that is of no
   * use; a client that has not said a word is none.
   */
  HANDSHAKE_FAILED,
  /** We have cut one stream of a connection that goes on (RST_STREAM). */
  STREAM_RESET_SENT,
  /** The peer has cut one stream of a connection that goes on. */
  STREAM_RESET_RECEIVED,
  /** We have closed a connection with a reset of TCP, on purpose: idle ones end so. */
  CONNECTION_RESET_SENT,
  /** A connection broke under us: the peer has reset it, or it can't be reached any more. */
  CONNECTION_RESET_RECEIVED,
  /** We have told the peer that no new streams are taken. */
  GO_AWAY_SENT,
  /** The peer has told us. */
  GO_AWAY_RECEIVED;

  private static final WireEvent[] VALUES = values();

  /** How many there are, for tables of counters. */
  public static int count() {
    return VALUES.length;
  }

  /** The one with that ordinal; allocates nothing. */
  public static WireEvent of(int ordinal) {
    return VALUES[ordinal];
  }
}
