package dev.sluice.core.connection;

import java.util.EnumSet;
import java.util.Set;

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

  /** Whether a connection may go from this state to another. */
  public boolean mayBecome(ConnectionState next) {
    return successors().contains(next);
  }

  private Set<ConnectionState> successors() {
    return switch (this) {
      case CONNECTING -> EnumSet.of(HANDSHAKING, CLOSED);
      case HANDSHAKING -> EnumSet.of(ACTIVE, CLOSED);
      case ACTIVE -> EnumSet.of(IDLE, DRAINING, CLOSED);
      case IDLE -> EnumSet.of(ACTIVE, DRAINING, CLOSED);
      case DRAINING -> EnumSet.of(CLOSED);
      case CLOSED -> EnumSet.noneOf(ConnectionState.class);
    };
  }
}
