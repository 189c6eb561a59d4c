package dev.sluice.core.backend.pool;

import org.jspecify.annotations.Nullable;

/**
 * Idle connections of one pool whatever their keys, in the order in which they became idle. Linked
 * through the connections, so that it allocates nothing. Confined to the loop of its pool.
 */
final class IdleQueue {
  private @Nullable PooledConnection oldest;
  private @Nullable PooledConnection newest;
  private int size;

  /** How many there are. */
  int size() {
    return size;
  }

  /** The one that has been idle for the longest time, or null. */
  @Nullable PooledConnection oldest() {
    return oldest;
  }

  void add(PooledConnection pooled) {
    PooledConnection before = newest;
    pooled.older = before;
    if (before == null) {
      oldest = pooled;
    } else {
      before.newer = pooled;
    }
    newest = pooled;
    size++;
  }

  void remove(PooledConnection pooled) {
    PooledConnection before = pooled.older;
    PooledConnection after = pooled.newer;
    if (before == null) {
      assert oldest == pooled : "not in this queue";
      oldest = after;
    } else {
      before.newer = after;
    }
    if (after == null) {
      assert newest == pooled : "not in this queue";
      newest = before;
    } else {
      after.older = before;
    }
    pooled.older = null;
    pooled.newer = null;
    size--;
  }
}
