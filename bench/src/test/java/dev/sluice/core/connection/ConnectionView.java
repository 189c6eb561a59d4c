package dev.sluice.core.connection;

import dev.sluice.core.transport.HandshakeStatus;

/** Looks at what a connection shows to its own package only. */
public final class ConnectionView {
  private ConnectionView() {}

  /** Whether a stream waits for the connection. */
  public static boolean owned(Connection connection) {
    return connection.owner() != null;
  }

  /** Whether a step of its handshake is with the executor. */
  public static boolean lent(Connection connection) {
    return connection.transport().handshakeStatus() == HandshakeStatus.LENT;
  }
}
