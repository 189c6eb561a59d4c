package dev.sluice.core.backend;

import dev.sluice.core.backend.pool.PoolKey;
import dev.sluice.core.backend.pool.ProtocolHint;
import dev.sluice.core.backend.pool.ProtocolHints;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.Side;
import dev.sluice.core.transport.ApplicationProtocol;
import org.jspecify.annotations.Nullable;

/**
 * A way to connect to a server: what its connections share, and their key. A server has one, and
 * may have a second one that offers fewer protocols. Any thread.
 */
public final class Approach {
  private final ConnectionSettings settings;
  private final PoolKey key;
  private final ProtocolHints hints;

  /**
   * A way to connect.
   *
   * @param key of a request that says nothing special
   */
  public Approach(ConnectionSettings settings, PoolKey key, PoolConfig pool) {
    this.settings = settings;
    this.key = key;
    this.hints = new ProtocolHints(pool.handshakesMax(), !mayMultiplex(settings));
  }

  /** What its connections share. */
  public ConnectionSettings settings() {
    return settings;
  }

  /** The pool key of a request that says nothing special. */
  public PoolKey key() {
    return key;
  }

  /** What is remembered of the protocol spoken by connections of a key, whosever they are. */
  public ProtocolHint hint(PoolKey of) {
    return hints.of(of.proxyHeader() == null ? of : of.withProxyHeader(null));
  }

  private static boolean mayMultiplex(ConnectionSettings settings) {
    if (settings.mode() == Mode.TCP) {
      return false;
    }
    MuxProvider forced = settings.forced();
    if (forced != null) {
      return multiplexes(forced);
    }
    if (settings.transport().offered().isEmpty()) {
      return multiplexes(settings.registry().defaultOf(Side.BACK, settings.mode()));
    }
    for (ApplicationProtocol offered : settings.transport().offered()) {
      if (multiplexes(settings.registry().speaking(offered, Side.BACK, settings.mode()))) {
        return true;
      }
    }
    return false;
  }

  private static boolean multiplexes(@Nullable MuxProvider provider) {
    return provider != null && provider.traits().contains(MuxTrait.MULTIPLEX);
  }
}
