package dev.sluice.core.backend.pool;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionOwner;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.connection.ConnectionState;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.time.Deadline;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * The connections of one server on one loop. Confined to that loop, the counts for gauges apart.
 * Takes only connections with a mux; gives out the one that was used last, so that what is not
 * needed grows old and is retired at its idle limit.
 */
public final class ConnectionPool {
  private final EventLoop loop;
  private final PoolListener listener;
  private final boolean reuses;
  private final int idleMax;
  private final long idleNanos;
  private final IdleBoard board;
  private final Relocation relocation;
  private final int requestsMax;
  private final long maxAgeNanos;
  private final RandomGenerator random;
  private final Map<PoolKey, Shelf> shelves = new HashMap<>();
  private final List<PooledConnection> all = new ArrayList<>();
  private volatile int idleCount;
  private volatile int connectingCount;
  private boolean draining;

  /**
   * An empty pool.
   *
   * @param config how many idle connections are kept, and what a connection may come to
   * @param reuses whether a connection serves a second stream at all
   * @param idleNanos for how long an idle one is kept, in nanoseconds
   * @param board where the other loops see what is here
   * @param random of this loop alone
   */
  public ConnectionPool(
      EventLoop loop,
      PoolListener listener,
      PoolConfig config,
      boolean reuses,
      long idleNanos,
      IdleBoard board,
      RandomGenerator random) {
    this.loop = loop;
    this.listener = listener;
    this.reuses = reuses;
    this.idleMax = config.idlePerLoopMax();
    this.idleNanos = idleNanos;
    this.board = board;
    this.relocation = new Relocation(this, listener);
    this.requestsMax = config.requestsMax();
    this.maxAgeNanos = config.maxAge().toNanos();
    this.random = random;
  }

  /** The loop of the pool. */
  public EventLoop loop() {
    return loop;
  }

  /** How many connections are idle. Any thread. */
  public int idleCount() {
    return idleCount;
  }

  /** How many connections are being made. Any thread. */
  public int connectingCount() {
    return connectingCount;
  }

  /** How many connections there are, those being made included. */
  public int size() {
    return all.size();
  }

  /**
   * Whether another connection may be begun, as far as its hint tells; if so, it has to be dialled.
   *
   * @param waiting how many requests wait for such a one on this loop
   */
  public boolean mayDial(Demand demand, ProtocolHint hint, int waiting) {
    if (demand.sharing() != Demand.Sharing.ANY) {
      // None of those that are being made will do.
      hint.beginOwn();
      return true;
    }
    Shelf shelf = shelves.get(demand.key());
    return hint.begin(shelf == null ? 0 : shelf.connecting, waiting);
  }

  /**
   * Dials, after {@link #mayDial}. Whether the mux is chosen now or after the handshake follows
   * from the settings and from what this one handshake agrees on; nothing that is remembered of
   * earlier connections has a part in it. The listener hears of the end of the connection in any
   * case, also when dialling fails at once.
   */
  public Connection dial(
      ConnectionSettings settings, PoolKey key, ProtocolHint hint, ConnectionOwner owner) {
    PooledConnection pooled = new PooledConnection(this, key, hint, settings.transport());
    add(pooled);
    setConnectingCount(connectingCount + 1);
    shelf(key).connecting++;
    Connection connection =
        Connection.dial(
            loop, settings, key.target(), key.source(), key.proxyHeader(), owner, pooled);
    if (connection.state() != ConnectionState.CLOSED) {
      pooled.connection = connection;
    }
    return connection;
  }

  /**
   * Attaches an endpoint to a connection that is here already: to a busy one before an idle one, so
   * that what is not needed grows old.
   *
   * @param full whether the limit of connections is reached, so that no new one can be had
   * @return the connection, or null if there is none that will do; the endpoint is dropped if a mux
   *     has failed while it took it
   */
  public @Nullable Connection attach(Demand demand, boolean full, StreamEndpoint endpoint) {
    Shelf shelf = shelves.get(demand.key());
    if (shelf == null) {
      return null;
    }
    return switch (demand.sharing()) {
      case NONE -> null;
      case WHEN_FULL -> full ? attachTo(shelf.available, demand, Proof.HEARD, endpoint) : null;
      case PROVEN ->
          full
              ? attachTo(shelf.available, demand, Proof.HEARD, endpoint)
              : attachToAny(shelf, demand, Proof.PROVEN, endpoint);
      case ANY -> attachToAny(shelf, demand, Proof.NONE, endpoint);
    };
  }

  /** What a connection must have shown. */
  private enum Proof {
    NONE,
    /** The peer has said something. */
    HEARD,
    /** It was used again before, or carries many. */
    PROVEN
  }

  private static boolean shows(Proof proof, PooledConnection pooled, Mux mux) {
    return switch (proof) {
      case NONE -> true;
      case HEARD -> mux.limitKnown();
      case PROVEN ->
          pooled.proven || (mux.limitKnown() && mux.availableStreams() + mux.openStreams() > 1);
    };
  }

  private @Nullable Connection attachToAny(
      Shelf shelf, Demand demand, Proof proof, StreamEndpoint endpoint) {
    Connection busy = attachTo(shelf.available, demand, proof, endpoint);
    return busy != null || endpoint.dropped()
        ? busy
        : attachTo(shelf.idle, demand, proof, endpoint);
  }

  private @Nullable Connection attachTo(
      List<PooledConnection> candidates, Demand demand, Proof proof, StreamEndpoint endpoint) {
    for (int i = candidates.size() - 1; i >= 0; i--) {
      PooledConnection pooled = candidates.get(i);
      Connection connection = pooled.connection;
      Mux mux = connection == null ? null : connection.mux();
      if (connection == null
          || mux == null
          || !connection.usable()
          || !demand.accepts(connection, mux)
          || !shows(proof, pooled, mux)) {
        continue;
      }
      Retirement due = due(pooled);
      if (due != null) {
        // It leaves the list, behind those that are still to be looked at.
        retireDue(pooled, connection, due);
        continue;
      }
      if (!attach(mux, endpoint, connection)) {
        if (endpoint.dropped()) {
          return null;
        }
        continue;
      }
      place(pooled, PooledConnection.Place.NOWHERE);
      pooled.proven = true;
      pooled.requests++;
      if (connection.state() == ConnectionState.IDLE) {
        connection.becomeActive();
      }
      if (pooled.requests >= requestsMax) {
        leave(pooled, Retirement.REQUESTS);
      } else if (mux.availableStreams() > 0) {
        place(pooled, PooledConnection.Place.AVAILABLE);
      }
      return connection;
    }
    return null;
  }

  /** A mux that throws costs its connection, not the request: that dials. */
  private boolean attach(Mux mux, StreamEndpoint endpoint, Connection connection) {
    try {
      return mux.attach(endpoint);
    } catch (RuntimeException e) {
      loop.report("mux \"" + mux.name() + "\" failed to attach a stream", e);
      endpoint.drop(ResetCode.INTERNAL_ERROR);
      connection.closeNow(CloseCause.INTERNAL_ERROR);
      return false;
    }
  }

  /**
   * Closes an idle connection, whatever its key, so that its permit becomes free.
   *
   * @return whether there was one
   */
  public boolean yieldIdle() {
    for (Shelf shelf : shelves.values()) {
      if (!shelf.idle.isEmpty()) {
        PooledConnection oldest = shelf.idle.get(0);
        Connection connection = oldest.connection;
        if (connection != null) {
          retire(oldest, connection, CloseCause.RESOURCE_LIMIT, Retirement.YIELDED);
          return true;
        }
      }
    }
    return false;
  }

  /**
   * A request was not answered in time. If its server has not been heard of on that connection for
   * as long, it may be dead without anyone having told: it takes no further stream, and is closed
   * when the last one is over.
   *
   * @param silentNanos how long the request was waited for
   */
  public void onUnanswered(Connection connection, long silentNanos) {
    if (loop.nowNanos() - connection.times().lastReadNanos() < silentNanos) {
      return;
    }
    if (connection.keeper() instanceof PooledConnection pooled && pooled.pool == this) {
      leave(pooled, Retirement.UNANSWERED);
    }
  }

  /** The engine drains: idle connections are closed, busy ones when they are done. */
  public void drain() {
    draining = true;
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      Connection connection = pooled.connection;
      if (pooled.place == PooledConnection.Place.IDLE && connection != null) {
        evict(pooled, connection, CloseCause.DRAINING);
      } else if (pooled.place == PooledConnection.Place.AVAILABLE) {
        place(pooled, PooledConnection.Place.NOWHERE);
      }
    }
  }

  /** Closes all connections at once. */
  public void closeAll(CloseCause cause) {
    draining = true;
    for (int i = all.size() - 1; i >= 0; i--) {
      Connection connection = all.get(i).connection;
      if (connection != null) {
        connection.closeNow(cause);
      }
    }
  }

  /** A connection is ready, or its room has changed: decides where it belongs. */
  void settle(PooledConnection pooled, Connection connection) {
    Mux mux = connection.mux();
    if (mux == null || !connection.state().hasMux()) {
      return;
    }
    if (pooled.handover == PooledConnection.Handover.PROMISED) {
      return;
    }
    int room = mux.availableStreams();
    int open = mux.openStreams();
    if (!pooled.ready) {
      pooled.ready = true;
      pooled.requests = open;
      pooled.oldAtNanos = oldAt(connection.times().readyNanos());
      handshakeEnded(pooled);
    }
    if (mux.limitKnown()) {
      learn(pooled, Math.min(room + open, requestsMax));
    }
    Retirement due = pooled.requests >= requestsMax ? Retirement.REQUESTS : due(pooled);
    if (due != null) {
      leave(pooled, due);
    }
    if (open == 0) {
      relocation.endRest(pooled);
      settleUnused(pooled, connection, room);
    } else if (room > 0 && mayServe(pooled, connection)) {
      place(pooled, PooledConnection.Place.AVAILABLE);
      listener.onRoom(this, pooled.key);
    } else {
      place(pooled, PooledConnection.Place.NOWHERE);
    }
  }

  /** Whether another stream may be put on it, if it has room. */
  boolean mayServe(PooledConnection pooled, Connection connection) {
    return reuses
        && !draining
        && !pooled.leaving
        && pooled.handover == PooledConnection.Handover.NONE
        && connection.usable();
  }

  private void settleUnused(PooledConnection pooled, Connection connection, int room) {
    if (pooled.place == PooledConnection.Place.IDLE && room > 0) {
      return;
    }
    if (room <= 0 || !mayServe(pooled, connection)) {
      close(pooled, connection);
      return;
    }
    if (idleCount >= idleMax) {
      leave(pooled, Retirement.SURPLUS);
      close(pooled, connection);
      return;
    }
    pooled.idleUntilNanos = Deadline.after(loop.nowNanos(), idleNanos);
    connection.becomeIdle();
    shelve(pooled);
  }

  /** An idle connection comes from another loop: keeps it or closes it. */
  void keep(PooledConnection pooled, Connection connection) {
    if (mayServe(pooled, connection) && due(pooled) == null && idleCount < idleMax) {
      shelve(pooled);
    } else {
      close(pooled, connection);
    }
  }

  private void shelve(PooledConnection pooled) {
    place(pooled, PooledConnection.Place.IDLE);
    loop.timers().arm(pooled, Deadline.earlier(pooled.idleUntilNanos, pooled.oldAtNanos));
    listener.onRoom(this, pooled.key);
  }

  private void learn(PooledConnection pooled, int streams) {
    pooled.hint.learned(streams);
    if (!pooled.known) {
      pooled.known = true;
      pooled.hint.ended();
      listener.onKnown(this);
    }
  }

  private void handshakeEnded(PooledConnection pooled) {
    setConnectingCount(connectingCount - 1);
    Shelf shelf = shelf(pooled.key);
    shelf.connecting--;
    forgetIfEmpty(pooled.key, shelf);
  }

  private void close(PooledConnection pooled, Connection connection) {
    place(pooled, PooledConnection.Place.NOWHERE);
    connection.closeGracefully(CloseCause.COMPLETE);
  }

  private long oldAt(long readyNanos) {
    if (maxAgeNanos == 0) {
      return Deadline.NONE;
    }
    long earlier = random.nextLong(maxAgeNanos / 10 + 1);
    return Deadline.after(readyNanos, maxAgeNanos - earlier);
  }

  /** Why it may take no further stream, whatever it is doing; null if it may. */
  private @Nullable Retirement due(PooledConnection pooled) {
    if (pooled.isOutdated()) {
      return Retirement.RENEWED;
    }
    return loop.nowNanos() >= pooled.oldAtNanos ? Retirement.AGE : null;
  }

  private void retireDue(PooledConnection pooled, Connection connection, Retirement reason) {
    if (pooled.place == PooledConnection.Place.IDLE) {
      retire(pooled, connection, CloseCause.IDLE_TIMEOUT, reason);
    } else {
      leave(pooled, reason);
    }
  }

  /** The settings of a transport were renewed: what was begun with the earlier ones goes. */
  public void retireOutdated() {
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      Connection connection = pooled.connection;
      if (connection != null
          && pooled.place != PooledConnection.Place.NOWHERE
          && pooled.isOutdated()) {
        retireDue(pooled, connection, Retirement.RENEWED);
      }
    }
  }

  /** It takes no further stream, and is closed when the last one is over. */
  private void leave(PooledConnection pooled, Retirement reason) {
    if (!pooled.leaving && reuses) {
      pooled.leaving = true;
      listener.onRetired(reason);
    }
    place(pooled, PooledConnection.Place.NOWHERE);
  }

  /** Closes an idle connection that could serve on. */
  void retire(PooledConnection pooled, Connection connection, CloseCause cause, Retirement reason) {
    listener.onRetired(reason);
    evict(pooled, connection, cause);
  }

  private void evict(PooledConnection pooled, Connection connection, CloseCause cause) {
    place(pooled, PooledConnection.Place.NOWHERE);
    connection.evict(cause);
  }

  void onClosed(PooledConnection pooled, Failure failure) {
    place(pooled, PooledConnection.Place.NOWHERE);
    relocation.endRest(pooled);
    pooled.connection = null;
    remove(pooled);
    if (!pooled.ready) {
      handshakeEnded(pooled);
    }
    if (!pooled.known) {
      pooled.known = true;
      pooled.hint.ended();
    }
    listener.onConnectionClosed(this, failure, pooled.ready);
  }

  void add(PooledConnection pooled) {
    pooled.index = all.size();
    all.add(pooled);
  }

  void remove(PooledConnection pooled) {
    int gap = pooled.index;
    assert all.get(gap) == pooled : "a connection leaves once";
    PooledConnection last = all.remove(all.size() - 1);
    if (last != pooled) {
      all.set(gap, last);
      last.index = gap;
    }
  }

  /** What has to do with other loops. */
  public Relocation relocation() {
    return relocation;
  }

  // ---- places ----

  void place(PooledConnection pooled, PooledConnection.Place next) {
    PooledConnection.Place now = pooled.place;
    if (now == next) {
      return;
    }
    Shelf shelf = shelf(pooled.key);
    switch (now) {
      case IDLE -> {
        removeLast(shelf.idle, pooled);
        setIdleCount(idleCount - 1);
        loop.timers().cancel(pooled);
      }
      case AVAILABLE -> removeLast(shelf.available, pooled);
      case NOWHERE -> {
        // In no list.
      }
    }
    pooled.place = next;
    switch (next) {
      case IDLE -> {
        shelf.idle.add(pooled);
        setIdleCount(idleCount + 1);
      }
      case AVAILABLE -> shelf.available.add(pooled);
      case NOWHERE -> {
        // In no list.
      }
    }
    shelf.publish();
    if (next == PooledConnection.Place.NOWHERE) {
      forgetIfEmpty(pooled.key, shelf);
    }
  }

  private void forgetIfEmpty(PoolKey key, Shelf shelf) {
    if (shelf.isEmpty() && shelves.size() > SHELVES_KEPT) {
      shelves.remove(key);
    }
  }

  @Nullable Shelf findShelf(PoolKey key) {
    return shelves.get(key);
  }

  Shelf shelf(PoolKey key) {
    Shelf shelf = shelves.get(key);
    if (shelf == null) {
      shelf = new Shelf(key, loop, board.row(key));
      shelves.put(key, shelf);
    }
    return shelf;
  }

  /** Keys without connections that are kept all the same, so that steady traffic allocates none. */
  private static final int SHELVES_KEPT = 16;

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone, read by any thread
  private void setIdleCount(int count) {
    idleCount = count;
  }

  @SuppressWarnings("NonAtomicVolatileUpdate") // written by the loop alone, read by any thread
  private void setConnectingCount(int count) {
    connectingCount = count;
  }

  /** Removes from the end, where what was added last is found first. */
  private static void removeLast(List<PooledConnection> list, PooledConnection pooled) {
    int i = list.lastIndexOf(pooled);
    assert i >= 0 : "not in its list";
    list.remove(i);
  }
}
