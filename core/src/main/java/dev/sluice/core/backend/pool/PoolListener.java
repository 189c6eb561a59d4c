package dev.sluice.core.backend.pool;

import dev.sluice.core.observe.Failure;

/** Told by a pool of what its server must know. Called on the pool's loop. */
public interface PoolListener {
  /** A connection is closed: its permit is free. */
  void onConnectionClosed(ConnectionPool pool, Failure failure);

  /** A connection has room for another stream, or is idle. */
  void onRoom(ConnectionPool pool);
}
