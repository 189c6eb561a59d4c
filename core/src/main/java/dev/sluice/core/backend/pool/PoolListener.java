package dev.sluice.core.backend.pool;

import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.Retirement;

/** Told by a pool of what its server must know. Called on the pool's loop. */
public interface PoolListener {
  /**
   * A connection is closed: its permit is free.
   *
   * @param hadMux whether it ever got a mux; if not, its connect or its handshake has failed
   */
  void onConnectionClosed(ConnectionPool pool, Failure failure, boolean hadMux);

  /** A connection takes no further stream, although it could: it is closed, now or soon. */
  void onRetired(Retirement reason);

  /** It is known what a connection carries: others may be made that waited to see. */
  void onKnown(ConnectionPool pool);

  /** A connection was shared, or could have been, and serves one client connection from now on. */
  void onPrivate();

  /** How many connections the server has on all loops, those being made included. */
  int connectionCount();

  /**
   * Dials a connection that no request waits for, unless permits or requests say no.
   *
   * @return whether it was dialled; it may have failed already
   */
  boolean dialSpare(ConnectionPool pool, PoolKey key);

  /** A connection of that key has room for another stream, or is idle. */
  void onRoom(ConnectionPool pool, PoolKey key);

  /** An idle connection has come to this pool from another loop. */
  void onMoved(ConnectionPool pool);

  /** A connection that this pool has asked another loop for does not come. */
  void onNoneCame(ConnectionPool pool, PoolKey key);

  /** Whether somebody waits for a connection of that key on the loop of this pool. */
  boolean wanted(ConnectionPool pool, PoolKey key);

  /** Whether somebody on another loop waits for one, who came before all those of this loop. */
  boolean wantedElsewhere(ConnectionPool pool, PoolKey key);

  /** The pool of the loop with that index. Any thread. */
  ConnectionPool pool(int loop);
}
