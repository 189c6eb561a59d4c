package dev.sluice.core.backend.pool;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.mux.Mux;
import org.jspecify.annotations.Nullable;

/**
 * What a request asks of a server: of which key its connection must be, and which of those that are
 * there already will do. Belongs to the request, and is used again. Confined to its loop.
 */
public final class Demand {
  private @Nullable PoolKey key;
  private Sharing sharing = Sharing.NONE;
  private boolean fresh;
  private long freshSinceNanos;
  private boolean certain;
  private @Nullable Connection avoided;
  private @Nullable SessionConnections session;
  private int asks;

  /** How often one request asks another loop for a connection, before it dials. */
  private static final int ASKS_MAX = 2;

  /** Which connections of others a request may use. */
  public enum Sharing {
    /** None. */
    NONE,
    /**
     * A new one; if the server's limit of connections is reached, one that others use right now, so
     * that it is known to live.
     */
    WHEN_FULL,
    /** One that was used again before, or that carries many; otherwise as {@link #WHEN_FULL}. */
    PROVEN,
    /** Any. */
    ANY
  }

  /** A demand of nothing yet. */
  public Demand() {}

  /**
   * A new request.
   *
   * @param own the private connections of its client
   */
  public void begin(SessionConnections own) {
    session = own;
    fresh = false;
    certain = false;
    avoided = null;
  }

  /** The key, and what may be shared, of the next attempt. */
  public void set(PoolKey newKey, Sharing newSharing) {
    key = newKey;
    sharing = newSharing;
    asks = 0;
  }

  /** From now on only connections that became ready at that time or later. */
  public void freshSince(long nanos) {
    fresh = true;
    freshSinceNanos = nanos;
  }

  /**
   * From now on no stream that the server has not promised to take; and for the next attempt, as
   * long as it doesn't have to wait, another connection than this one.
   */
  public void refusedBy(@Nullable Connection connection) {
    certain = true;
    avoided = connection;
  }

  /** It has to wait: whatever becomes free will do. */
  public void waits() {
    avoided = null;
  }

  /** The key. */
  public PoolKey key() {
    PoolKey k = key;
    assert k != null : "a demand without a key";
    return k;
  }

  /** The private connections of its client. */
  public @Nullable SessionConnections session() {
    return session;
  }

  Sharing sharing() {
    return sharing;
  }

  /** Which connections of a key will do. */
  enum Taste {
    /** All that have room. */
    ANY,
    /** Those that are idle, or whose server has said how much it takes. */
    SURE,
    /** Some of them, or none. */
    PARTICULAR
  }

  Taste taste() {
    if (sharing != Sharing.ANY || fresh) {
      return Taste.PARTICULAR;
    }
    return certain ? Taste.SURE : Taste.ANY;
  }

  /** Whether any idle connection of the key will do, so that one may come from another loop. */
  public boolean takesMoved() {
    return taste() != Taste.PARTICULAR && asks <= ASKS_MAX;
  }

  /** From now on it waits for no connection of another loop. */
  public void staysHere() {
    asks = ASKS_MAX + 1;
  }

  /** Whether it may ask another loop for one once more. */
  public boolean mayAsk() {
    return asks < ASKS_MAX;
  }

  /** It has asked another loop for one. */
  public void asked() {
    asks++;
  }

  /** Whether a connection with room will do. */
  boolean accepts(Connection connection, Mux mux) {
    return connection != avoided
        && (!fresh || connection.times().readyNanos() - freshSinceNanos >= 0)
        && (!certain || mux.openStreams() == 0 || mux.limitKnown());
  }
}
