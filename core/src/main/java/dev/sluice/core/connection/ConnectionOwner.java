package dev.sluice.core.connection;

import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.Failure;
import org.jspecify.annotations.Nullable;

/**
 * The stream side that waits for a connection whose mux is not known yet. Confined to the loop of
 * both. A connection and its owner refer to each other, or neither does.
 */
public interface ConnectionOwner {
  /** The connection that this owner waits for, or null. */
  @Nullable Connection pending();

  /** Sets what {@link #pending()} tells; called by the connection alone. */
  void pending(@Nullable Connection connection);

  /** The endpoint of the present attempt, to be attached to the mux once there is one. */
  StreamEndpoint endpoint();

  /**
   * The mux is installed and the endpoint attached; the connection is no longer pending. From the
   * loop's dispatch.
   */
  void onConnectionReady(Connection connection);

  /**
   * There will be no mux on this connection; it is no longer pending, and closed. From the loop's
   * dispatch, once at most.
   */
  void onConnectionFailed(Connection connection, Failure failure);
}
