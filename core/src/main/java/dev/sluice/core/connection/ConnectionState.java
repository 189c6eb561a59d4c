package dev.sluice.core.connection;

/**
 * The life of a connection.
 *
 * <pre>
 * CONNECTING --&gt; HANDSHAKING --&gt; ACTIVE &lt;--&gt; IDLE
 *                                   |          |
 *                                   +--&gt; DRAINING
 * any state --&gt; CLOSED
 * </pre>
 *
 * <p>A clear front connection whose first bytes are still to be recognized is HANDSHAKING.
 */
public enum ConnectionState {
  /** The TCP connection is being made. */
  CONNECTING,
  /** The transport's handshake, or the recognition of the first bytes, is under way. */
  HANDSHAKING,
  /** There is a mux. */
  ACTIVE,
  /** There is a mux without streams, and the connection is in a pool. */
  IDLE,
  /** There is a mux that takes no new streams, or the connection is being closed gracefully. */
  DRAINING,
  /** Over. */
  CLOSED;

  /** Whether a connection in this state has a mux in its slot. */
  public boolean hasMux() {
    return this == ACTIVE || this == IDLE || this == DRAINING;
  }

  /** By the order of the states; bits, since a set made for each question is garbage. */
  private static final int[] NEXT = {
    bits(HANDSHAKING, CLOSED),
    bits(ACTIVE, CLOSED),
    bits(IDLE, DRAINING, CLOSED),
    bits(ACTIVE, DRAINING, CLOSED),
    bits(CLOSED),
    bits()
  };

  /** Whether a connection may go from this state to another. */
  public boolean mayBecome(ConnectionState next) {
    return (NEXT[ordinal()] & 1 << next.ordinal()) != 0;
  }

  private static int bits(ConnectionState... states) {
    int bits = 0;
    for (ConnectionState state : states) {
      bits |= 1 << state.ordinal();
    }
    return bits;
  }
}
