package dev.sluice.core.backend.pool;

import dev.sluice.core.backend.pool.PooledConnection.Place;
import dev.sluice.core.loop.EventLoop;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Where the connections of one pool are found: by key those that take a stream, and in the order in
 * which they became idle those that carry none. Confined to the loop of its pool, the counts for
 * gauges apart.
 */
final class Shelves {
  /** Keys without connections that are kept all the same, so that steady traffic allocates none. */
  private static final int KEPT = 16;

  private final EventLoop loop;
  private final IdleBoard board;
  private final Map<PoolKey, Shelf> shelves = new HashMap<>();
  private final IdleQueue idle = new IdleQueue();
  private final IdleQueue privateIdle = new IdleQueue();
  private volatile int idleCount;
  private volatile int connectingCount;

  Shelves(EventLoop loop, IdleBoard board) {
    this.loop = loop;
    this.board = board;
  }

  /** How many are idle, private ones included. Any thread. */
  int idleCount() {
    return idleCount;
  }

  /** How many are being made. Any thread. */
  int connectingCount() {
    return connectingCount;
  }

  /** Idle ones that anybody may use. */
  IdleQueue idle() {
    return idle;
  }

  /** Idle ones that one client may use. */
  IdleQueue privateIdle() {
    return privateIdle;
  }

  @Nullable Shelf find(PoolKey key) {
    return shelves.get(key);
  }

  /** How many of a key are being made. */
  int connecting(PoolKey key) {
    Shelf shelf = shelves.get(key);
    return shelf == null ? 0 : shelf.connecting;
  }

  void connectingBegun(PoolKey key) {
    setConnectingCount(connectingCount + 1);
    of(key).connecting++;
  }

  void connectingEnded(PoolKey key) {
    setConnectingCount(connectingCount - 1);
    Shelf shelf = of(key);
    shelf.connecting--;
    forgetIfEmpty(key, shelf);
  }

  /** Moves a connection from wherever it stands. */
  void place(PooledConnection pooled, Place next) {
    Place now = pooled.place;
    if (now == next) {
      return;
    }
    Shelf shelf = of(pooled.key);
    switch (now) {
      case IDLE -> {
        removeLast(shelf.idle, pooled);
        idle.remove(pooled);
        setIdleCount(idleCount - 1);
      }
      case PRIVATE_IDLE -> {
        privateIdle.remove(pooled);
        setIdleCount(idleCount - 1);
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
        idle.add(pooled);
        setIdleCount(idleCount + 1);
      }
      case PRIVATE_IDLE -> {
        privateIdle.add(pooled);
        setIdleCount(idleCount + 1);
      }
      case AVAILABLE -> shelf.available.add(pooled);
      case NOWHERE -> {
        // In no list.
      }
    }
    shelf.publish();
    if (next == Place.NOWHERE) {
      forgetIfEmpty(pooled.key, shelf);
    }
  }

  private void forgetIfEmpty(PoolKey key, Shelf shelf) {
    if (shelf.isEmpty() && shelves.size() > KEPT) {
      shelves.remove(key);
    }
  }

  /** The connections of a key. */
  Shelf of(PoolKey key) {
    Shelf shelf = shelves.get(key);
    if (shelf == null) {
      shelf = new Shelf(key, loop, board.row(key));
      shelves.put(key, shelf);
    }
    return shelf;
  }

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
