package dev.sluice.core.backend.pool;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionKeeper;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import dev.sluice.core.transport.TransportFactory;
import org.jspecify.annotations.Nullable;

/**
 * What the pool keeps beside a connection: its key, its place, and its idle limit. The keeper of
 * that connection for all of its life. Confined to its loop.
 */
final class PooledConnection extends Timer implements ConnectionKeeper {
  /** The pool of the loop that it is on, or on its way to. */
  ConnectionPool pool;

  final PoolKey key;
  final ProtocolHint hint;
  @Nullable Connection connection;

  /** In which of the pool's lists it stands. */
  Place place = Place.NOWHERE;

  /** Where it stands in the pool's list of all. */
  int index;

  /** Whether it ever got a mux. */
  boolean ready;

  /** Whether the peer has said how many streams it takes, or it is over. */
  boolean known;

  /** Whether it has served a stream before the present ones. */
  boolean proven;

  /** Whether it takes no further stream, and is closed when the last one is over. */
  boolean leaving;

  /** Whether it is counted as one that the pool is to keep warm. */
  boolean warm;

  /** Whether it carries streams, or is being made. */
  boolean inUse;

  /** Whose private connection it is, or null. */
  @Nullable SessionConnections session;

  /** Whether the server has authenticated that client on it. */
  boolean authenticated;

  /** Those that became idle just before and just after it; in an {@link IdleQueue} alone. */
  @Nullable PooledConnection older;

  @Nullable PooledConnection newer;

  /** How many streams it has been given. */
  int requests;

  /** When it is too old for another stream; set when it is ready. */
  long oldAtNanos = Deadline.NONE;

  /** Since when it has been idle. */
  long idleSinceNanos;

  /** Until when it may be idle. */
  long idleUntilNanos;

  /** Whether it is to go to another loop, or rests for that, and takes no stream here meanwhile. */
  Handover handover = Handover.NONE;

  /** What another loop has to do with it. */
  enum Handover {
    /** Nothing. */
    NONE,
    /** It is idle and will leave with the next task. */
    PROMISED,
    /** It is busy, and leaves if its streams end within its time. */
    RESTING
  }

  /** Where a connection is kept. */
  enum Place {
    /** Being made, or busy without room for another stream, or gone. */
    NOWHERE,
    /** Busy with room for another stream. */
    AVAILABLE,
    /** Without streams. */
    IDLE,
    /** Without streams, and kept for one client connection. */
    PRIVATE_IDLE;

    boolean isIdle() {
      return this == IDLE || this == PRIVATE_IDLE;
    }
  }

  private final TransportFactory transport;
  private final int generation;

  PooledConnection(
      ConnectionPool pool, PoolKey key, ProtocolHint hint, TransportFactory transport) {
    this.pool = pool;
    this.transport = transport;
    // Before the transport is made: should the settings change in between, this is only too early.
    this.generation = transport.generation();
    this.key = key;
    this.hint = hint;
  }

  /** Whether it was begun with settings that were renewed since. */
  boolean isOutdated() {
    return transport.generation() != generation;
  }

  @Override
  public void onReady(Connection ready) {
    pool.settle(this, ready);
  }

  @Override
  public void onCapacityChanged(Connection changed) {
    pool.settle(this, changed);
  }

  @Override
  public void onClosed(Connection closed, Failure failure) {
    pool.onClosed(this, failure);
  }

  @Override
  protected void onTimer(long nowNanos) {
    Connection held = connection;
    if (held != null && handover == Handover.RESTING) {
      pool.relocation().onRested(this, held);
    } else {
      pool.onIdleLimit(this, nowNanos);
    }
  }
}
