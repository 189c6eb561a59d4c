package dev.sluice.core.backend;

import dev.sluice.core.backend.pool.ConnectionPool;
import dev.sluice.core.backend.pool.Permits;
import dev.sluice.core.backend.pool.PoolKey;
import dev.sluice.core.backend.pool.PoolListener;
import dev.sluice.core.backend.pool.Waiter;
import dev.sluice.core.backend.pool.WaitingLine;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionOwner;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import java.util.List;

/**
 * One address with its limits, its waiting line, and a pool on each loop. The permits, the line and
 * the counters belong to all loops; everything else is called on the loop of the caller.
 *
 * <p>How a request gets a connection: {@link #acquire} takes a request permit, then a pooled
 * connection with room, then a connection permit to dial with. What it can't get, it waits for in
 * the line; whatever becomes free wakes the first of the line.
 */
public final class Server implements PoolListener {
  private final ServerConfig config;
  private final ConnectionSettings settings;
  private final PoolKey defaultKey;
  private final Permits connections;
  private final Permits requests;
  private final WaitingLine line;
  private final List<ConnectionPool> pools;
  private final ServerCounters counters = new ServerCounters();

  /**
   * A server with an empty pool on each loop.
   *
   * @param loops the engine's loops, in the order of their indexes
   */
  public Server(
      ServerConfig config,
      ConnectionSettings settings,
      PoolKey defaultKey,
      List<EventLoop> loops,
      boolean reuses,
      int idlePerLoopMax) {
    this.config = config;
    this.settings = settings;
    this.defaultKey = defaultKey;
    this.connections = new Permits(config.maxConnections());
    this.requests = new Permits(config.maxRequests());
    this.line = new WaitingLine(config.queueMax());
    long idleNanos = settings.timeouts().idle().toNanos();
    this.pools =
        loops.stream()
            .map(loop -> new ConnectionPool(loop, this, reuses, idlePerLoopMax, idleNanos))
            .toList();
  }

  /** Its name within the backend. */
  public String name() {
    return config.name();
  }

  /** Its configuration. */
  public ServerConfig config() {
    return config;
  }

  /** What its connections share. */
  public ConnectionSettings settings() {
    return settings;
  }

  /** The pool key of a request that says nothing special. */
  public PoolKey defaultKey() {
    return defaultKey;
  }

  /** Its counters. */
  public ServerCounters counters() {
    return counters;
  }

  /** Connections, those being made included. Any thread. */
  public int connectionCount() {
    return connections.taken();
  }

  /** Requests under way. Any thread. */
  public int requestCount() {
    return requests.taken();
  }

  /** Requests that wait. Any thread. */
  public int waitingCount() {
    return line.length();
  }

  /** Idle connections on all loops. Any thread. */
  public int idleCount() {
    int sum = 0;
    for (int i = 0; i < pools.size(); i++) {
      sum += pools.get(i).idleCount();
    }
    return sum;
  }

  /** Whether a request would have to wait now. Any thread. */
  public boolean saturated() {
    return line.length() > 0 || requests.exhausted();
  }

  /** Whether not even the line has room. Any thread. */
  public boolean full() {
    return saturated() && line.length() >= config.queueMax();
  }

  /** The pool of a loop. */
  public ConnectionPool pool(EventLoop loop) {
    return pools.get(loop.index());
  }

  /**
   * Tries to get a connection for a request. On READY, PENDING and FAILED the caller holds a
   * request permit, which it gives back by {@link #releaseRequest()}, once. A caller that must wait
   * joins the line by {@link #join}.
   *
   * @param waiter the caller's waiter; it may try although others wait, if it is the first of them
   * @param mayReuse whether a connection that another request opened will do
   * @param acquisition receives the result
   */
  public void acquire(
      EventLoop loop,
      PoolKey key,
      ConnectionOwner owner,
      Waiter waiter,
      boolean mayReuse,
      Acquisition acquisition) {
    acquisition.mustWait();
    if (line.length() > 0 && !line.isFirst(waiter)) {
      return;
    }
    if (!requests.tryTake()) {
      return;
    }
    ConnectionPool pool = pool(loop);
    Connection pooled = mayReuse ? pool.attach(key, owner.endpoint()) : null;
    if (pooled != null) {
      counters.onReuse();
      acquisition.reused(pooled);
      return;
    }
    if (!connections.tryTake()) {
      requests.giveBack();
      // An idle connection of another key, or one that may not be reused, holds a permit. Its end
      // wakes the line.
      pool.yieldIdle();
      return;
    }
    counters.onDial();
    acquisition.dialled(pool.dial(settings, key, owner));
  }

  /**
   * Joins the line, and looks once more whether something has become free meanwhile.
   *
   * @return false if the line is full
   */
  public boolean join(Waiter waiter, EventLoop loop) {
    if (!line.join(waiter, loop)) {
      return false;
    }
    if (connections.exhausted()) {
      yieldElsewhere(loop);
    }
    line.wake();
    return true;
  }

  /** Leaves the line; the next one tries. Does nothing if the waiter isn't in it. */
  public void leave(Waiter waiter) {
    line.leave(waiter);
  }

  /** A request is over: its permit is free. */
  public void releaseRequest() {
    requests.giveBack();
    line.wake();
  }

  @Override
  public void onConnectionClosed(ConnectionPool pool, Failure failure, boolean hadMux) {
    connections.giveBack();
    if (!hadMux) {
      counters.onConnectFailed(failure.cause());
    }
    line.wake();
  }

  @Override
  public void onRoom(ConnectionPool pool) {
    if (line.length() == 0) {
      return;
    }
    if (line.firstIsOn(pool.loop()) || !connections.exhausted()) {
      line.wake();
    } else {
      // The first waiter lives on another loop and can't dial: an idle connection here is of no use
      // to it, its permit is.
      pool.yieldIdle();
    }
  }

  private void yieldElsewhere(EventLoop loop) {
    for (int i = 0; i < pools.size(); i++) {
      ConnectionPool pool = pools.get(i);
      if (pool.loop() != loop && pool.idleCount() > 0) {
        pool.loop().execute(pool::yieldIdle);
      }
    }
  }

  /**
   * The engine drains: closes what is idle, and what is busy when it is done. On the pool's loop.
   */
  public void drain(EventLoop loop) {
    pool(loop).drain();
  }

  /** Closes all connections of a loop at once. On that loop. */
  public void closeAll(EventLoop loop, CloseCause cause) {
    pool(loop).closeAll(cause);
  }
}
