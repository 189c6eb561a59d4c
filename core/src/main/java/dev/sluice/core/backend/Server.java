package dev.sluice.core.backend;

import dev.sluice.core.backend.pool.ConnectionPool;
import dev.sluice.core.backend.pool.Demand;
import dev.sluice.core.backend.pool.IdleBoard;
import dev.sluice.core.backend.pool.Permits;
import dev.sluice.core.backend.pool.PoolKey;
import dev.sluice.core.backend.pool.PoolListener;
import dev.sluice.core.backend.pool.PoolPolicy;
import dev.sluice.core.backend.pool.ProtocolHint;
import dev.sluice.core.backend.pool.Shortage;
import dev.sluice.core.backend.pool.Waiter;
import dev.sluice.core.backend.pool.WaitingLine;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.connection.AddressBook;
import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionOwner;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.NameCounts;
import dev.sluice.core.observe.Retirement;
import java.time.Duration;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * One address with its limits, its waiting line, and a pool on each loop. The permits, the line and
 * the counters belong to all loops; everything else is called on the loop of the caller.
 *
 * <p>How a request gets a connection: {@link #acquire} takes a request permit, then a pooled
 * connection with room, then a connection permit to dial with, unless so many are being made that
 * there will be room. What it can't get, it waits for in the line; whatever becomes free wakes the
 * first of those to whom it may be of use.
 */
public final class Server implements PoolListener {
  private final ServerConfig config;
  private final Approach approach;
  private final @Nullable Approach singleApproach;
  private final Permits connections;
  private final Permits requests;
  private final WaitingLine line;
  private final List<ConnectionPool> pools;
  private final long handoverNanos;
  private final ServerCounters counters = new ServerCounters();
  private final Runnable wake;

  /**
   * A server with an empty pool on each loop.
   *
   * @param approach how connections are made to it
   * @param singleApproach how they are made for a request that the protocol agreed on can't carry,
   *     or null if there is no other way
   * @param pool how connections are kept
   * @param http whether a connection may serve more than one request at all
   * @param loops the engine's loops, in the order of their indexes
   * @param random split for each of them
   */
  public Server(
      ServerConfig config,
      Approach approach,
      @Nullable Approach singleApproach,
      PoolConfig pool,
      boolean http,
      List<EventLoop> loops,
      SplittableRandom random) {
    this.config = config;
    this.approach = approach;
    this.singleApproach = singleApproach;
    this.connections = new Permits(config.maxConnections());
    this.requests = new Permits(config.maxRequests());
    this.line = new WaitingLine(config.queueMax());
    this.wake = line::wake;
    this.handoverNanos = pool.handover().toNanos();
    Duration idle = approach.settings().timeouts().idle();
    PoolPolicy policy = new PoolPolicy(pool, http, idle, approach.key(), loops.size());
    IdleBoard board = new IdleBoard(handoverNanos == 0 ? 1 : loops.size());
    this.pools =
        loops.stream()
            .map(loop -> new ConnectionPool(loop, this, policy, board, random.split()))
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

  /** How connections are made to it. */
  public Approach approach() {
    return approach;
  }

  /**
   * How they are made for a request that the protocol agreed on can't carry: offering only what
   * carries one request at a time. Null if there is no other way.
   */
  public @Nullable Approach singleApproach() {
    return singleApproach;
  }

  /** Its counters. */
  public ServerCounters counters() {
    return counters;
  }

  /** Connections, those being made included. Any thread. */
  @Override
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

  /** Connections that are being made, on all loops. Any thread. */
  public int connectingCount() {
    int sum = 0;
    for (int i = 0; i < pools.size(); i++) {
      sum += pools.get(i).connectingCount();
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

  /** Whether it is known where it is: false for a name that was never resolved. Any thread. */
  public boolean located() {
    AddressBook book = approach.settings().addressBook();
    return book == null || book.known();
  }

  /** What has come of its name. Any thread. */
  public NameCounts nameCounts() {
    AddressBook book = approach.settings().addressBook();
    return book == null ? NameCounts.none() : book.counts();
  }

  /**
   * Its name stands for other addresses. Any thread.
   *
   * @return false if a loop could not be told, for want of room
   */
  public boolean onAddressesChanged() {
    boolean told = true;
    for (int i = 0; i < pools.size(); i++) {
      ConnectionPool pool = pools.get(i);
      told &= pool.loop().tryExecute(pool::retireAstray);
    }
    return told;
  }

  /** The pool of a loop. */
  public ConnectionPool pool(EventLoop loop) {
    return pools.get(loop.index());
  }

  /**
   * Tries to get a connection for a request. On READY, PENDING and FAILED the caller holds a
   * request permit, which it gives back by {@link #releaseRequest}, once. A caller that must wait
   * joins the line by {@link #join}, or stays in it.
   *
   * @param approach one of this server's
   * @param demand what will do
   * @param waiter the caller's waiter; it may try although others wait, if nobody before it waits
   *     for the same
   * @param acquisition receives the result
   */
  public void acquire(
      EventLoop loop,
      Approach approach,
      Demand demand,
      ConnectionOwner owner,
      Waiter waiter,
      Acquisition acquisition) {
    boolean crowded = line.length() > 0;
    if (crowded && !line.mayTry(waiter, loop, demand)) {
      acquisition.mustWait(Shortage.TURN);
      return;
    }
    if (!takeRequest(waiter, demand.key(), crowded)) {
      mustWait(waiter, Shortage.REQUEST, acquisition);
      return;
    }
    ConnectionPool pool = pool(loop);
    if (attach(pool, demand, false, owner, acquisition)) {
      return;
    }
    if (awaitsMove(pool, demand, waiter)) {
      mustWait(waiter, Shortage.MOVE, acquisition);
      giveBackUnused(requests, Shortage.REQUEST);
      return;
    }
    PoolKey key = demand.key();
    ProtocolHint hint = approach.hint(key);
    Shortage lacks = takeConnection(pool, hint, demand, waiter, crowded);
    if (lacks == null) {
      counters.onDial();
      acquisition.dialled(pool.dial(approach.settings(), key, hint, owner, demand.session()));
      return;
    }
    if (lacks == Shortage.CONNECTION) {
      if (attach(pool, demand, true, owner, acquisition)) {
        return;
      }
      // An idle connection of another key, or one that will not do, holds a permit. Its end wakes
      // the line.
      pool.yieldIdle();
    }
    mustWait(waiter, lacks, acquisition);
    giveBackUnused(requests, Shortage.REQUEST);
  }

  private boolean attach(
      ConnectionPool pool,
      Demand demand,
      boolean full,
      ConnectionOwner owner,
      Acquisition acquisition) {
    Connection pooled = pool.attach(demand, full, owner.endpoint());
    if (pooled == null) {
      return false;
    }
    counters.onReuse();
    acquisition.reused(pooled);
    return true;
  }

  /** Whether an idle connection of another loop is on its way, or was just asked for. */
  private boolean awaitsMove(ConnectionPool pool, Demand demand, Waiter waiter) {
    if (!demand.takesMoved() || !line.hasRoomFor(waiter)) {
      return false;
    }
    return pool.relocation().expected(demand.key()) > 0 || ask(pool, demand);
  }

  private boolean ask(ConnectionPool pool, Demand demand) {
    if (!demand.mayAsk() || !pool.relocation().ask(demand.key(), handoverNanos)) {
      return false;
    }
    demand.asked();
    return true;
  }

  private boolean takeRequest(Waiter waiter, PoolKey key, boolean crowded) {
    if (crowded
        && config.maxRequests() != ServerConfig.UNLIMITED
        && !line.mayTake(waiter, Shortage.REQUEST, key)) {
      return false;
    }
    return requests.tryTake();
  }

  /** Takes what dialling needs, and tells what was lacking, or null. */
  private @Nullable Shortage takeConnection(
      ConnectionPool pool, ProtocolHint hint, Demand demand, Waiter waiter, boolean crowded) {
    PoolKey key = demand.key();
    if (crowded && !line.mayTake(waiter, Shortage.CONNECTION, key)) {
      return Shortage.CONNECTION;
    }
    if (!connections.tryTake()) {
      return Shortage.CONNECTION;
    }
    boolean may =
        (!crowded || line.mayTake(waiter, Shortage.HANDSHAKE, key))
            && pool.mayDial(demand, hint, line.waitingFor(pool.loop(), key));
    if (may) {
      return null;
    }
    line.lacks(waiter, Shortage.HANDSHAKE);
    giveBackUnused(connections, Shortage.CONNECTION);
    return Shortage.HANDSHAKE;
  }

  private void mustWait(Waiter waiter, Shortage lacks, Acquisition acquisition) {
    line.lacks(waiter, lacks);
    acquisition.mustWait(lacks);
  }

  /** Whoever was refused a permit because this one was held for a moment tries again. */
  private void giveBackUnused(Permits permits, Shortage thing) {
    boolean last = permits.exhausted();
    permits.giveBack();
    if (last) {
      line.wakeLacking(thing);
    }
  }

  /**
   * Joins the line, and looks once more whether something has become free meanwhile.
   *
   * @param lacks what {@link #acquire} could not get
   * @return false if the line is full
   */
  public boolean join(Waiter waiter, EventLoop loop, Demand demand, Shortage lacks) {
    demand.waits();
    if (!line.join(waiter, loop, demand, lacks)) {
      return false;
    }
    if (lacks != Shortage.MOVE && lacks != Shortage.REQUEST) {
      seekElsewhere(pool(loop), demand);
    }
    line.wakeAgain(waiter);
    return true;
  }

  /** What is on other loops may be of use to one who has just joined the line. */
  private void seekElsewhere(ConnectionPool pool, Demand demand) {
    PoolKey key = demand.key();
    boolean moves = demand.takesMoved();
    if (moves && pool.relocation().expected(key) < line.waitingFor(pool.loop(), key)) {
      moves = ask(pool, demand);
    }
    if (moves || !connections.exhausted()) {
      return;
    }
    if (!yieldElsewhere(pool.loop()) && demand.takesMoved()) {
      restElsewhere(pool, key);
    }
  }

  private void restElsewhere(ConnectionPool pool, PoolKey key) {
    int busy = pool.relocation().sharedElsewhere(key);
    if (busy >= 0) {
      ConnectionPool other = pools.get(busy);
      // If its loop takes no tasks now, the waiter keeps its place and its deadline all the same.
      other.loop().tryExecute(() -> other.relocation().rest(key, handoverNanos));
    }
  }

  /** Leaves the line; the next one tries. Does nothing if the waiter isn't in it. */
  public void leave(Waiter waiter) {
    line.leave(waiter);
  }

  /**
   * A request is over: its permit is free. Whoever waits for that is told in the next turn, when
   * its connection has become idle, or they would dial.
   *
   * @param loop the caller's
   */
  public void releaseRequest(EventLoop loop) {
    requests.giveBack();
    if (line.length() > 0 && !loop.tryExecute(wake)) {
      line.wake();
    }
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
  public void onRetired(Retirement reason) {
    counters.onRetired(reason);
  }

  @Override
  public void onPrivate() {
    counters.onPrivate();
  }

  @Override
  public boolean dialSpare(ConnectionPool pool, PoolKey key) {
    if (line.length() > 0 || !connections.tryTake()) {
      return false;
    }
    ProtocolHint hint = approach.hint(key);
    if (!pool.mayDialSpare(key, hint)) {
      giveBackUnused(connections, Shortage.CONNECTION);
      return false;
    }
    counters.onSpareDial();
    pool.dial(approach.settings(), key, hint, null, null);
    return true;
  }

  @Override
  public void onKnown(ConnectionPool pool) {
    line.wake();
  }

  @Override
  public void onRoom(ConnectionPool pool, PoolKey key) {
    WaitingLine.Lane strangers = line.strangersFirst(pool.loop(), key);
    if (strangers != null && serveStrangers(strangers, pool, key)) {
      return;
    }
    line.wake(pool.loop(), key);
  }

  /**
   * To those on another loop, or of another key, an idle connection is of use if it moves, or ends.
   */
  private boolean serveStrangers(WaitingLine.Lane strangers, ConnectionPool pool, PoolKey key) {
    if (!connections.exhausted()) {
      return false;
    }
    ConnectionPool theirs = pool(strangers.loop());
    return (handoverNanos > 0
            && theirs != pool
            && strangers.takes(key)
            && pool.relocation().promise(key, theirs))
        || pool.yieldIdle();
  }

  @Override
  public void onMoved(ConnectionPool pool) {
    counters.onMove();
  }

  @Override
  public void onNoneCame(ConnectionPool pool, PoolKey key) {
    line.wake(pool.loop(), key);
  }

  @Override
  public boolean wanted(ConnectionPool pool, PoolKey key) {
    return line.waitingFor(pool.loop(), key) > 0;
  }

  @Override
  public boolean wantedElsewhere(ConnectionPool pool, PoolKey key) {
    return line.strangersFirst(pool.loop(), key) != null;
  }

  @Override
  public ConnectionPool pool(int loop) {
    return pools.get(loop);
  }

  /** Has another loop close an idle connection; whether one was found. */
  private boolean yieldElsewhere(EventLoop loop) {
    for (int i = 0; i < pools.size(); i++) {
      ConnectionPool pool = pools.get(i);
      if (pool.loop() != loop && pool.idleCount() > 0) {
        // One permit is what is lacking. If that connection is busy again by then, its room is
        // noticed when it is not.
        pool.loop().execute(pool::yieldIdle);
        return true;
      }
    }
    return false;
  }

  /** The engine runs: the pool of that loop may make connections of its own. On that loop. */
  public void start(EventLoop loop) {
    pool(loop).start();
  }

  /**
   * The engine drains: closes what is idle, and what is busy when it is done. On the pool's loop.
   */
  public void drain(EventLoop loop) {
    pool(loop).drain();
  }

  /** The settings of its transport were renewed. On the pool's loop. */
  public void retireOutdated(EventLoop loop) {
    pool(loop).retireOutdated();
  }

  /** Closes all connections of a loop at once. On that loop. */
  public void closeAll(EventLoop loop, CloseCause cause) {
    pool(loop).closeAll(cause);
  }
}
