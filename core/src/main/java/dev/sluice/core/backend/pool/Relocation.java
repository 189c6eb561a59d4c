package dev.sluice.core.backend.pool;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionMove;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.time.Deadline;

/**
 * How idle connections get from the pool of one loop to that of another, where somebody wants them.
 * Part of a pool, and confined to its loop. A busy connection never moves; at most it rests, so
 * that it may become idle.
 *
 * <p>A connection leaves in a task of the loop that it is on, and arrives in a task of the other
 * one. Whoever is not told of an arrival in time goes on without it.
 */
public final class Relocation {
  private final ConnectionPool pool;
  private final PoolListener listener;

  Relocation(ConnectionPool pool, PoolListener listener) {
    this.pool = pool;
    this.listener = listener;
  }

  /** Another loop with a connection of that key that has room, or -1. */
  public int sharedElsewhere(PoolKey key) {
    IdleBoard.Row row = pool.shelf(key).row;
    return row == null ? -1 : row.sharedElsewhere(pool.loop().index());
  }

  /** How many connections of a key were asked of other loops, and have not come. */
  public int expected(PoolKey key) {
    Shelf shelf = pool.findShelf(key);
    return shelf == null ? 0 : shelf.expected();
  }

  /**
   * Asks the loop that has most of them for an idle connection, unless none has any.
   *
   * @param patienceNanos for how long an answer is waited for
   * @return whether one was asked for
   */
  public boolean ask(PoolKey key, long patienceNanos) {
    Shelf shelf = pool.shelf(key);
    IdleBoard.Row row = shelf.row;
    int from = row == null ? -1 : row.idleElsewhere(pool.loop().index());
    if (row == null || from < 0) {
      return false;
    }
    ConnectionPool other = listener.pool(from);
    row.claim(from);
    if (!other.loop().tryExecute(() -> other.relocation().answer(row, key, pool))) {
      row.unclaim(from);
      return false;
    }
    shelf.expect(patienceNanos, () -> listener.onNoneCame(pool, key));
    return true;
  }

  private void answer(IdleBoard.Row row, PoolKey key, ConnectionPool to) {
    give(key, to);
    row.unclaim(pool.loop().index());
  }

  /** Another pool asks for an idle connection, and is told if it does not get one. */
  private void give(PoolKey key, ConnectionPool to) {
    Shelf shelf = pool.findShelf(key);
    if (shelf != null && !listener.wanted(pool, key)) {
      for (int i = shelf.idle.size() - 1; i >= 0; i--) {
        if (send(shelf.idle.get(i), to)) {
          return;
        }
      }
    }
    // If it takes no tasks, the patience of those who wait ends it.
    to.loop().tryExecute(() -> to.relocation().onNoneCame(key));
  }

  private void onNoneCame(PoolKey key) {
    pool.shelf(key).answered();
    listener.onNoneCame(pool, key);
  }

  /**
   * Sends an idle connection to another pool, where somebody waits who came before all those who
   * could use it here; from now on it is out of their reach.
   *
   * @return false if there is none
   */
  public boolean promise(PoolKey key, ConnectionPool to) {
    Shelf shelf = pool.findShelf(key);
    if (shelf == null || shelf.idle.isEmpty()) {
      return false;
    }
    PooledConnection pooled = shelf.idle.get(shelf.idle.size() - 1);
    if (!pool.loop().tryExecute(() -> keepPromise(pooled, to))) {
      return false;
    }
    pool.place(pooled, PooledConnection.Place.NOWHERE);
    pooled.handover = PooledConnection.Handover.PROMISED;
    return true;
  }

  private void keepPromise(PooledConnection pooled, ConnectionPool to) {
    pooled.handover = PooledConnection.Handover.NONE;
    Connection connection = pooled.connection;
    if (connection != null && !send(pooled, to)) {
      // Who waits there can dial with its permit.
      pool.retire(pooled, connection, CloseCause.RESOURCE_LIMIT, Retirement.YIELDED);
    }
  }

  private boolean send(PooledConnection pooled, ConnectionPool to) {
    Connection connection = pooled.connection;
    if (connection == null || !pool.mayServe(pooled, connection)) {
      return false;
    }
    ConnectionMove move = ConnectionMove.begin(connection);
    if (move == null) {
      return false;
    }
    pool.place(pooled, PooledConnection.Place.NOWHERE);
    pool.remove(pooled);
    if (!to.loop().tryExecute(() -> to.relocation().receive(pooled, move))) {
      receive(pooled, move);
    }
    return true;
  }

  private void receive(PooledConnection pooled, ConnectionMove move) {
    pooled.pool = pool;
    pool.add(pooled);
    pool.shelf(pooled.key).answered();
    if (move.end(pool.loop())) {
      listener.onMoved(pool);
      pool.keep(pooled, move.connection());
    }
  }

  /**
   * Somebody on another loop waits for a connection, and none is idle: one that carries requests
   * takes no more for a while, so that it may become idle and go there.
   *
   * @param restNanos for how long at most
   */
  public void rest(PoolKey key, long restNanos) {
    Shelf shelf = pool.findShelf(key);
    if (shelf == null || shelf.available.isEmpty() || !listener.wantedElsewhere(pool, key)) {
      return;
    }
    PooledConnection pooled = shelf.available.get(0);
    pool.place(pooled, PooledConnection.Place.NOWHERE);
    pooled.handover = PooledConnection.Handover.RESTING;
    pool.loop().timers().arm(pooled, Deadline.after(pool.loop().nowNanos(), restNanos));
  }

  void endRest(PooledConnection pooled) {
    if (pooled.handover == PooledConnection.Handover.RESTING) {
      pooled.handover = PooledConnection.Handover.NONE;
      pool.loop().timers().cancel(pooled);
    }
  }

  /** It did not become idle in time, and takes streams again. */
  void onRested(PooledConnection pooled, Connection connection) {
    endRest(pooled);
    pool.settle(pooled, connection);
  }
}
