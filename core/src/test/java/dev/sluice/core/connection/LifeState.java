package dev.sluice.core.connection;

import dev.sluice.core.transport.HandshakeStatus;

/** The columns of the state table: the states, and what being lent adds to them. */
enum LifeState {
  CONNECTING,
  HANDSHAKING,
  /** HANDSHAKING, while a step is with the executor. */
  LENT,
  ACTIVE,
  IDLE,
  DRAINING,
  CLOSED,
  /** CLOSED, while a step is still with the executor. */
  ABANDONED;

  /** The column in which a connection is now. */
  static LifeState of(Connection connection) {
    boolean lent = connection.transport().handshakeStatus() == HandshakeStatus.LENT;
    return switch (connection.state()) {
      case CONNECTING -> CONNECTING;
      case HANDSHAKING -> lent ? LENT : HANDSHAKING;
      case ACTIVE -> ACTIVE;
      case IDLE -> IDLE;
      case DRAINING -> DRAINING;
      case CLOSED -> lent ? ABANDONED : CLOSED;
    };
  }
}
