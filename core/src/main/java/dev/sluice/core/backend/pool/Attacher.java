package dev.sluice.core.backend.pool;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionState;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Which of the connections that are here a stream is put on: one that is private to its client
 * first; otherwise a busy one before an idle one, and the one that was used last, so that what is
 * not needed grows old. Where streams are spread, a busy one with few of them, then an idle one,
 * then the one with the fewest. Confined to the loop of its pool.
 */
final class Attacher {
  /** From when on an idle connection is looked at before it is used. */
  private static final long LONG_IDLE_NANOS = 10_000_000L;

  private final ConnectionPool pool;
  private final PoolListener listener;
  private final PoolPolicy policy;
  private final Spares spares;

  Attacher(ConnectionPool pool, PoolListener listener, PoolPolicy policy, Spares spares) {
    this.pool = pool;
    this.listener = listener;
    this.policy = policy;
    this.spares = spares;
  }

  /** What a connection must have shown. */
  private enum Proof {
    NONE,
    /** The peer has said something. */
    HEARD,
    /** It was used again before, or carries many. */
    PROVEN
  }

  /**
   * Attaches an endpoint.
   *
   * @param shelf the connections of the key of the demand, or null if there are none
   * @param full whether the limit of connections is reached, so that no new one can be had
   * @return the connection, or null if there is none that will do; the endpoint is dropped if a mux
   *     has failed while it took it
   */
  @Nullable Connection attach(
      @Nullable Shelf shelf, Demand demand, boolean full, StreamEndpoint endpoint) {
    Connection own = attachToOwn(demand, endpoint);
    if (own != null || endpoint.dropped() || shelf == null) {
      return own;
    }
    return switch (demand.sharing()) {
      case NONE -> null;
      case WHEN_FULL -> full ? attachToHeard(shelf, demand, endpoint) : null;
      case PROVEN ->
          full
              ? attachToHeard(shelf, demand, endpoint)
              : attachToAny(shelf, demand, Proof.PROVEN, endpoint);
      case ANY -> attachToAny(shelf, demand, Proof.NONE, endpoint);
    };
  }

  private @Nullable Connection attachToOwn(Demand demand, StreamEndpoint endpoint) {
    SessionConnections session = demand.session();
    if (session == null) {
      return null;
    }
    List<PooledConnection> candidates = session.all();
    for (int i = candidates.size() - 1; i >= 0; i--) {
      PooledConnection pooled = candidates.get(i);
      if (pooled.pool == pool && pooled.key.equals(demand.key())) {
        Connection got = attachTo(pooled, demand, Proof.NONE, Integer.MAX_VALUE, endpoint);
        if (got != null || endpoint.dropped()) {
          return got;
        }
      }
    }
    return null;
  }

  private @Nullable Connection attachToHeard(Shelf shelf, Demand demand, StreamEndpoint endpoint) {
    return attachToLast(shelf.available, demand, Proof.HEARD, Integer.MAX_VALUE, endpoint);
  }

  private @Nullable Connection attachToAny(
      Shelf shelf, Demand demand, Proof proof, StreamEndpoint endpoint) {
    if (policy.spreads) {
      return spread(shelf, demand, proof, endpoint);
    }
    Connection busy = attachToLast(shelf.available, demand, proof, Integer.MAX_VALUE, endpoint);
    return busy != null || endpoint.dropped()
        ? busy
        : attachToLast(shelf.idle, demand, proof, Integer.MAX_VALUE, endpoint);
  }

  private @Nullable Connection spread(
      Shelf shelf, Demand demand, Proof proof, StreamEndpoint endpoint) {
    // As long as there are only as many as there should be at least, all of them are used.
    boolean few = listener.connectionCount() <= policy.spreadMin;
    if (!few) {
      Connection free =
          attachToLast(shelf.available, demand, proof, policy.spreadStreams, endpoint);
      if (free != null || endpoint.dropped()) {
        return free;
      }
    }
    Connection idle = attachToLast(shelf.idle, demand, proof, Integer.MAX_VALUE, endpoint);
    if (idle != null || endpoint.dropped()) {
      return idle;
    }
    int fewest = fewestStreams(shelf.available, demand, proof);
    Connection shared =
        fewest == Integer.MAX_VALUE
            ? null
            : attachToLast(shelf.available, demand, proof, fewest + 1, endpoint);
    if (shared != null) {
      spares.onShared(demand.key(), fewest, shelf.connecting);
    }
    return shared;
  }

  private int fewestStreams(List<PooledConnection> candidates, Demand demand, Proof proof) {
    int fewest = Integer.MAX_VALUE;
    for (int i = candidates.size() - 1; i >= 0; i--) {
      PooledConnection pooled = candidates.get(i);
      Connection connection = pooled.connection;
      Mux mux = connection == null ? null : connection.mux();
      if (connection != null && mux != null && willDo(pooled, connection, mux, demand, proof)) {
        fewest = Math.min(fewest, mux.openStreams());
      }
    }
    return fewest;
  }

  /**
   * Attaches to that of some connections which was added last and has fewer streams than so many.
   */
  private @Nullable Connection attachToLast(
      List<PooledConnection> candidates,
      Demand demand,
      Proof proof,
      int streamsBelow,
      StreamEndpoint endpoint) {
    // Those that turn out to be too old leave the list, behind those that are still to be looked
    // at.
    for (int i = candidates.size() - 1; i >= 0; i--) {
      Connection got = attachTo(candidates.get(i), demand, proof, streamsBelow, endpoint);
      if (got != null || endpoint.dropped()) {
        return got;
      }
    }
    return null;
  }

  private @Nullable Connection attachTo(
      PooledConnection pooled,
      Demand demand,
      Proof proof,
      int streamsBelow,
      StreamEndpoint endpoint) {
    Connection connection = pooled.connection;
    Mux mux = connection == null ? null : connection.mux();
    if (connection == null
        || mux == null
        || !willDo(pooled, connection, mux, demand, proof)
        || mux.openStreams() >= streamsBelow
        || pool.retiredDue(pooled, connection)
        || !foundOpen(pooled, connection)
        || !attach(mux, endpoint, connection)) {
      return null;
    }
    pool.onAttached(pooled, connection, mux);
    return connection;
  }

  /**
   * The poll of this turn may have been a moment before the server's end came, so one that has been
   * idle for a while is looked at once more. One that is in steady use would pay for a read each
   * time, and has no server that is about to end it.
   */
  private boolean foundOpen(PooledConnection pooled, Connection connection) {
    if (connection.state() != ConnectionState.IDLE
        || pool.loop().nowNanos() - pooled.idleSinceNanos < LONG_IDLE_NANOS) {
      return true;
    }
    connection.lookForInput();
    return pool.mayServe(pooled, connection);
  }

  private boolean willDo(
      PooledConnection pooled, Connection connection, Mux mux, Demand demand, Proof proof) {
    return pool.mayServe(pooled, connection)
        && demand.accepts(connection, mux)
        && shows(proof, pooled, mux);
  }

  private static boolean shows(Proof proof, PooledConnection pooled, Mux mux) {
    return switch (proof) {
      case NONE -> true;
      case HEARD -> mux.limitKnown();
      case PROVEN ->
          pooled.proven || (mux.limitKnown() && mux.availableStreams() + mux.openStreams() > 1);
    };
  }

  /** A mux that throws costs its connection, not the request: that dials. */
  private boolean attach(Mux mux, StreamEndpoint endpoint, Connection connection) {
    try {
      return mux.attach(endpoint);
    } catch (RuntimeException e) {
      pool.loop().report("mux \"" + mux.name() + "\" failed to attach a stream", e);
      endpoint.drop(ResetCode.INTERNAL_ERROR);
      connection.closeNow(CloseCause.INTERNAL_ERROR);
      return false;
    }
  }
}
