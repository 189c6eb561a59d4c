package dev.sluice.core.backend.pool;

import dev.sluice.core.connection.AddressBook;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionOwner;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.connection.ConnectionState;
import dev.sluice.core.connection.ConnectionVisitor;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.time.Deadline;
import java.util.ArrayList;
import java.util.List;
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
  private final PoolPolicy policy;
  private final RandomGenerator random;
  private final Purge purge;
  private final Spares spares;
  private final Attacher attacher;
  private final Shelves shelves;
  private final Relocation relocation;
  private final List<PooledConnection> all = new ArrayList<>();
  private boolean draining;

  /**
   * An empty pool.
   *
   * @param policy what all pools of the server share
   * @param board where the other loops see what is here
   * @param random of this loop alone
   */
  public ConnectionPool(
      EventLoop loop,
      PoolListener listener,
      PoolPolicy policy,
      IdleBoard board,
      RandomGenerator random) {
    this.loop = loop;
    this.listener = listener;
    this.policy = policy;
    this.random = random;
    this.shelves = new Shelves(loop, board);
    this.relocation = new Relocation(this, listener);
    this.purge = new Purge(this, policy.purgeNanos);
    this.spares = new Spares(this, listener, policy, random);
    this.attacher = new Attacher(this, listener, policy, spares);
  }

  /** The engine runs: from now on connections may be made that no request waits for. */
  public void start() {
    spares.start();
  }

  /** The loop of the pool. */
  public EventLoop loop() {
    return loop;
  }

  PoolListener listener() {
    return listener;
  }

  /** How many connections are idle, private ones included. Any thread. */
  public int idleCount() {
    return shelves.idleCount();
  }

  /** How many connections are being made. Any thread. */
  public int connectingCount() {
    return shelves.connectingCount();
  }

  /** Shows its connections, those being made included. */
  public void forEachConnection(ConnectionVisitor visitor) {
    for (PooledConnection pooled : all) {
      Connection connection = pooled.connection;
      if (connection != null) {
        visitor.visit(connection, pooled.requests);
      }
    }
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
    return hint.begin(shelves.connecting(demand.key()), waiting);
  }

  /** Whether a spare connection may be begun; if so, it has to be dialled. */
  public boolean mayDialSpare(PoolKey key, ProtocolHint hint) {
    if (draining) {
      return false;
    }
    if (hint.streams() > 0) {
      hint.beginOwn();
      return true;
    }
    return hint.begin(shelves.connecting(key), 0);
  }

  /**
   * Dials, after {@link #mayDial}. Whether the mux is chosen now or after the handshake follows
   * from the settings and from what this one handshake agrees on; nothing that is remembered of
   * earlier connections has a part in it. The listener hears of the end of the connection in any
   * case, also when dialling fails at once.
   *
   * @param owner whom it is made for, or null if it is a spare one
   * @param session of the client whose request it is made for, or null
   */
  public Connection dial(
      ConnectionSettings settings,
      PoolKey key,
      ProtocolHint hint,
      @Nullable ConnectionOwner owner,
      @Nullable SessionConnections session) {
    PooledConnection pooled = new PooledConnection(this, key, hint, settings.transport());
    add(pooled);
    purge.use(pooled);
    if (session != null && policy.keeping == PoolPolicy.Keeping.PRIVATE) {
      session.add(pooled);
    }
    shelves.connectingBegun(key);
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
    return attacher.attach(shelves.find(demand.key()), demand, full, endpoint);
  }

  /** A stream was put on a connection. */
  void onAttached(PooledConnection pooled, Connection connection, Mux mux) {
    place(pooled, PooledConnection.Place.NOWHERE);
    purge.use(pooled);
    pooled.proven = true;
    pooled.requests++;
    if (connection.state() == ConnectionState.IDLE) {
      connection.becomeActive();
    }
    if (pooled.requests >= policy.requestsMax) {
      leave(pooled, Retirement.REQUESTS);
    } else if (pooled.session == null && mux.availableStreams() > 0) {
      place(pooled, PooledConnection.Place.AVAILABLE);
    }
  }

  /**
   * Closes an idle connection, whatever its key, so that its permit becomes free.
   *
   * @return whether there was one
   */
  public boolean yieldIdle() {
    PooledConnection oldest = shelves.idle().oldest();
    if (oldest == null) {
      oldest = shelves.privateIdle().oldest();
    }
    Connection connection = oldest == null ? null : oldest.connection;
    if (oldest == null || connection == null) {
      return false;
    }
    retire(oldest, connection, CloseCause.RESOURCE_LIMIT, Retirement.YIELDED);
    return true;
  }

  /** How many connections are kept warm here. */
  int warmShare() {
    return policy.warmShare(loop.index());
  }

  /** How many connections are idle that anybody may use. */
  int sharedIdle() {
    return shelves.idle().size();
  }

  /**
   * Closes so many idle connections, the oldest first, but for those that are kept warm.
   *
   * @return how many there were
   */
  int purge(int count) {
    int closed = 0;
    PooledConnection next = shelves.idle().oldest();
    while (next != null && closed < count) {
      PooledConnection pooled = next;
      next = pooled.newer;
      Connection connection = pooled.connection;
      if (connection != null && !spares.keeps(pooled)) {
        retire(pooled, connection, CloseCause.IDLE_TIMEOUT, Retirement.PURGED);
        closed++;
      }
    }
    return closed;
  }

  /**
   * From now on a connection serves one client alone: its server has authenticated that client on
   * it. Streams of others that are on it go on.
   */
  public void makePrivate(Connection connection, SessionConnections session) {
    if (connection.keeper() instanceof PooledConnection pooled
        && pooled.pool == this
        && policy.keeping != PoolPolicy.Keeping.NONE) {
      if (pooled.session == null) {
        place(pooled, PooledConnection.Place.NOWHERE);
        session.add(pooled);
        spares.onGone(pooled);
        listener.onPrivate();
      }
      pooled.authenticated = pooled.session == session;
    }
  }

  /** The client connection is over whose private connection this is. */
  void onClientLeft(PooledConnection pooled) {
    Connection connection = pooled.connection;
    if (pooled.place == PooledConnection.Place.PRIVATE_IDLE && connection != null) {
      retire(pooled, connection, CloseCause.COMPLETE, Retirement.CLIENT_LEFT);
    } else {
      leave(pooled, Retirement.CLIENT_LEFT);
    }
  }

  /** An idle connection has reached its idle limit, or its age. */
  void onIdleLimit(PooledConnection pooled, long nowNanos) {
    Connection connection = pooled.connection;
    if (connection == null || !pooled.place.isIdle()) {
      return;
    }
    if (nowNanos >= pooled.oldAtNanos) {
      retire(pooled, connection, CloseCause.IDLE_TIMEOUT, Retirement.AGE);
    } else if (spares.keeps(pooled)) {
      startIdleLimit(pooled);
      armIdleLimit(pooled);
    } else {
      retire(pooled, connection, CloseCause.IDLE_TIMEOUT, Retirement.IDLE);
    }
  }

  private void startIdleLimit(PooledConnection pooled) {
    pooled.idleSinceNanos = loop.nowNanos();
    pooled.idleUntilNanos = Deadline.after(pooled.idleSinceNanos, policy.idleNanos);
  }

  private void armIdleLimit(PooledConnection pooled) {
    loop.timers().arm(pooled, Deadline.earlier(pooled.idleUntilNanos, pooled.oldAtNanos));
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

  /**
   * The name of the server stands for other addresses: of the connections elsewhere, those that are
   * idle are closed, and the others when they are done.
   */
  public void retireAstray() {
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      Connection connection = pooled.connection;
      if (connection == null || !AddressBook.isAstray(connection)) {
        continue;
      }
      if (pooled.place.isIdle()) {
        retire(pooled, connection, CloseCause.COMPLETE, Retirement.MOVED_AWAY);
      } else if (pooled.ready) {
        leave(pooled, Retirement.MOVED_AWAY);
      }
    }
  }

  /** The engine drains: idle connections are closed, busy ones when they are done. */
  public void drain() {
    draining = true;
    spares.stop();
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      Connection connection = pooled.connection;
      if (pooled.place.isIdle() && connection != null) {
        evict(pooled, connection, CloseCause.DRAINING);
      } else if (pooled.place == PooledConnection.Place.AVAILABLE) {
        place(pooled, PooledConnection.Place.NOWHERE);
      }
    }
  }

  /** Closes all connections at once. */
  public void closeAll(CloseCause cause) {
    draining = true;
    spares.stop();
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
    boolean first = !pooled.ready;
    if (first) {
      pooled.ready = true;
      pooled.requests = open;
      pooled.oldAtNanos = policy.oldAt(connection.times().readyNanos(), random);
      spares.onReady();
      shelves.connectingEnded(pooled.key);
    }
    if (mux.limitKnown()) {
      learn(pooled, Math.min(room + open, policy.requestsMax));
    }
    Retirement due = due(pooled);
    if (first && AddressBook.isAstray(connection)) {
      // The address has changed while it was made.
      leave(pooled, Retirement.MOVED_AWAY);
    } else if (pooled.requests >= policy.requestsMax) {
      leave(pooled, Retirement.REQUESTS);
    } else if (due != null) {
      leave(pooled, due);
    }
    if (open == 0) {
      relocation.endRest(pooled);
      settleUnused(pooled, connection, room);
    } else if (room > 0 && mayServe(pooled, connection)) {
      place(
          pooled,
          pooled.session == null
              ? PooledConnection.Place.AVAILABLE
              : PooledConnection.Place.NOWHERE);
      listener.onRoom(this, pooled.key);
    } else {
      place(pooled, PooledConnection.Place.NOWHERE);
    }
  }

  /** Whether another stream may be put on it, if it has room. */
  boolean mayServe(PooledConnection pooled, Connection connection) {
    return policy.keeping != PoolPolicy.Keeping.NONE
        && !draining
        && !pooled.leaving
        && pooled.handover == PooledConnection.Handover.NONE
        && connection.usable();
  }

  private void settleUnused(PooledConnection pooled, Connection connection, int room) {
    if (pooled.place.isIdle() && room > 0) {
      return;
    }
    if (room <= 0 || !mayServe(pooled, connection)) {
      close(pooled, connection);
      return;
    }
    SessionConnections session = pooled.session;
    if (session == null ? policy.keeping == PoolPolicy.Keeping.PRIVATE : session.ended()) {
      // There is no client who could use it again.
      close(pooled, connection);
      return;
    }
    if (session == null
        ? !policy.takeIdle(shelves.idle().size())
        : session.idle() >= policy.privateIdleMax) {
      leave(pooled, Retirement.SURPLUS);
      close(pooled, connection);
      return;
    }
    startIdleLimit(pooled);
    connection.becomeIdle();
    shelve(pooled);
  }

  /** An idle connection comes from another loop: keeps it or closes it. */
  void keep(PooledConnection pooled, Connection connection) {
    Retirement due = AddressBook.isAstray(connection) ? Retirement.MOVED_AWAY : due(pooled);
    if (due != null) {
      // The address or the settings have changed on its way.
      leave(pooled, due);
    }
    if (mayServe(pooled, connection) && policy.takeIdle(shelves.idle().size())) {
      shelve(pooled);
    } else {
      close(pooled, connection);
    }
  }

  private void shelve(PooledConnection pooled) {
    place(
        pooled,
        pooled.session == null ? PooledConnection.Place.IDLE : PooledConnection.Place.PRIVATE_IDLE);
    armIdleLimit(pooled);
    purge.onIdle();
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

  private void close(PooledConnection pooled, Connection connection) {
    place(pooled, PooledConnection.Place.NOWHERE);
    connection.closeGracefully(CloseCause.COMPLETE);
  }

  /** Why it may take no further stream, whatever it is doing; null if it may. */
  private @Nullable Retirement due(PooledConnection pooled) {
    if (pooled.isOutdated()) {
      return Retirement.RENEWED;
    }
    return loop.nowNanos() >= pooled.oldAtNanos ? Retirement.AGE : null;
  }

  /** Whether a connection may take no further stream; if so, it is given up. */
  boolean retiredDue(PooledConnection pooled, Connection connection) {
    Retirement reason = due(pooled);
    if (reason == null) {
      return false;
    }
    if (pooled.place.isIdle()) {
      retire(pooled, connection, CloseCause.IDLE_TIMEOUT, reason);
    } else {
      leave(pooled, reason);
    }
    return true;
  }

  /** The settings of a transport were renewed: what was begun with the earlier ones goes. */
  public void retireOutdated() {
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      Connection connection = pooled.connection;
      if (connection != null
          && pooled.place != PooledConnection.Place.NOWHERE
          && pooled.isOutdated()) {
        retiredDue(pooled, connection);
      }
    }
  }

  /** It takes no further stream, and is closed when the last one is over. */
  private void leave(PooledConnection pooled, Retirement reason) {
    if (!pooled.leaving && policy.keeping != PoolPolicy.Keeping.NONE) {
      pooled.leaving = true;
      listener.onRetired(reason);
      spares.onGone(pooled);
    }
    place(pooled, PooledConnection.Place.NOWHERE);
  }

  /** Closes an idle connection that could serve on. */
  void retire(PooledConnection pooled, Connection connection, CloseCause cause, Retirement reason) {
    pooled.leaving = true;
    listener.onRetired(reason);
    spares.onGone(pooled);
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
    purge.unused(pooled);
    if (pooled.session != null) {
      pooled.session.remove(pooled);
    }
    remove(pooled);
    if (!pooled.ready) {
      shelves.connectingEnded(pooled.key);
      spares.onFailed();
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
    spares.onAdded(pooled);
  }

  void remove(PooledConnection pooled) {
    int gap = pooled.index;
    assert all.get(gap) == pooled : "a connection leaves once";
    PooledConnection last = all.remove(all.size() - 1);
    if (last != pooled) {
      all.set(gap, last);
      last.index = gap;
    }
    spares.onGone(pooled);
  }

  /** What has to do with other loops. */
  public Relocation relocation() {
    return relocation;
  }

  @Nullable Shelf findShelf(PoolKey key) {
    return shelves.find(key);
  }

  Shelf shelf(PoolKey key) {
    return shelves.of(key);
  }

  void place(PooledConnection pooled, PooledConnection.Place next) {
    PooledConnection.Place now = pooled.place;
    if (now == next) {
      return;
    }
    if (now.isIdle()) {
      loop.timers().cancel(pooled);
    }
    if (now == PooledConnection.Place.IDLE) {
      policy.giveBackIdle();
    }
    SessionConnections session = pooled.session;
    if (session != null) {
      session.idleChanged((next.isIdle() ? 1 : 0) - (now.isIdle() ? 1 : 0));
    }
    if (next.isIdle()) {
      purge.unused(pooled);
    }
    shelves.place(pooled, next);
  }
}
