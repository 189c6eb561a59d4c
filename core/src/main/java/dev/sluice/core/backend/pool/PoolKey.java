package dev.sluice.core.backend.pool;

import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.transport.ProxyHeader;
import dev.sluice.core.transport.TransportTarget;
import java.net.SocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What makes connections to a server interchangeable: a request may use a connection that another
 * one has opened only if their keys are equal. Immutable; any thread.
 *
 * @param server the name of the server within its backend
 * @param target the destination address and the host name asked for (SNI)
 * @param source the local address, or null for any
 * @param proxyHeader the PROXY header that the connection began with, or null
 * @param transport the TLS configuration, or null for clear TCP
 * @param offered the ALPN list that was offered
 * @param forcedMux the mux that configuration forces, or null
 */
public record PoolKey(
    String server,
    TransportTarget target,
    @Nullable SocketAddress source,
    @Nullable ProxyHeader proxyHeader,
    @Nullable TransportConfig transport,
    List<String> offered,
    @Nullable String forcedMux) {

  /** Copies the list. */
  public PoolKey {
    offered = List.copyOf(offered);
  }

  /** The same key for another destination. */
  public PoolKey withTarget(TransportTarget newTarget) {
    return new PoolKey(server, newTarget, source, proxyHeader, transport, offered, forcedMux);
  }

  /** The same key for connections that begin with this PROXY header, or with none if it is null. */
  public PoolKey withProxyHeader(@Nullable ProxyHeader header) {
    return new PoolKey(server, target, source, header, transport, offered, forcedMux);
  }
}
