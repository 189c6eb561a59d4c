package dev.sluice.core.backend.pool;

import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/**
 * The hints of a server, by the keys of its connections: servers of different destinations, or
 * offered different protocols, may speak different ones. Any thread.
 */
public final class ProtocolHints {
  /** Keys beyond so many share one hint; a router may make up any number of destinations. */
  private static final int KEYS_MAX = 256;

  private final int handshakesMax;
  private final ConcurrentMap<PoolKey, ProtocolHint> hints = new ConcurrentHashMap<>();
  private final boolean single;
  private final ProtocolHint others;

  /**
   * Without a hint.
   *
   * @param handshakesMax connections of a key made at a time while nothing is known of it
   * @param single whether it is certain that a connection carries one stream
   */
  public ProtocolHints(int handshakesMax, boolean single) {
    this.handshakesMax = handshakesMax;
    this.single = single;
    this.others = new ProtocolHint(Integer.MAX_VALUE, true);
  }

  /** The hint of a key. */
  public ProtocolHint of(PoolKey key) {
    if (single) {
      return others;
    }
    ProtocolHint known = hints.get(key);
    if (known != null) {
      return known;
    }
    if (hints.size() >= KEYS_MAX) {
      return others;
    }
    return hints.computeIfAbsent(key, added -> new ProtocolHint(handshakesMax, false));
  }
}
