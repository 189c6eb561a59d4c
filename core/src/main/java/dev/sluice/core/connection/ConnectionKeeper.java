package dev.sluice.core.connection;

import dev.sluice.core.observe.Failure;

/**
 * Who keeps a connection for all of its life: a pool at the back, a frontend at the front. Confined
 * to the connection's loop; called from the loop's dispatch.
 */
public interface ConnectionKeeper {
  /**
   * The mux is installed; the owner, if there was one, has been told. Serves those who wait, takes
   * the connection idle, or closes it.
   */
  void onReady(Connection connection);

  /** The mux has more or fewer streams to give than before, or has become idle or unusable. */
  void onCapacityChanged(Connection connection);

  /** The connection is closed, whatever it was before. Called once for each connection. */
  void onClosed(Connection connection, Failure failure);
}
