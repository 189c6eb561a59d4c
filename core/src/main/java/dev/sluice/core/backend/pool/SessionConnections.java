package dev.sluice.core.backend.pool;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The private connections of one client connection: those on which the server has authenticated
 * that client (NTLM, Negotiate: RFC 4559 6), and all of its connections where reuse is never.
 * Nobody else uses them, and they end with the client's. Confined to the client's loop.
 */
public final class SessionConnections {
  private final List<PooledConnection> all = new ArrayList<>(0);
  private int idle;
  private boolean ended;

  /** Without connections. */
  public SessionConnections() {}

  /**
   * The server that has authenticated the client last, or null: requests go there as long as that
   * connection stands, since another one would refuse them.
   */
  public @Nullable PoolListener authenticatedBy() {
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      if (pooled.authenticated) {
        return pooled.pool.listener();
      }
    }
    return null;
  }

  /** The client's connection is over: so are these, when their last streams are. */
  public void end() {
    ended = true;
    for (int i = all.size() - 1; i >= 0; i--) {
      PooledConnection pooled = all.get(i);
      pooled.pool.onClientLeft(pooled);
    }
  }

  boolean ended() {
    return ended;
  }

  List<PooledConnection> all() {
    return all;
  }

  /** How many are idle. */
  int idle() {
    return idle;
  }

  void add(PooledConnection pooled) {
    assert pooled.session == null : "a connection is private once";
    pooled.session = this;
    all.add(pooled);
  }

  void remove(PooledConnection pooled) {
    all.remove(pooled);
  }

  void idleChanged(int by) {
    idle += by;
    assert idle >= 0 && idle <= all.size() : "idle ones are counted right";
  }
}
