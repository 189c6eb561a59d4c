package dev.sluice.core.config;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One listening socket.
 *
 * @param address where to listen; port 0 takes a free one
 * @param transport the settings of its transport, or null for clear TCP
 * @param mux the name of the mux to force, or null to choose by ALPN, by the first bytes, or by
 *     mode
 * @param backlog the length of the kernel's accept queue
 * @param proxyHeader whether every connection begins with a PROXY header, of either version; only
 *     for listeners that nobody but trusted proxies can reach, since the client's address is taken
 *     from it
 * @param reusePort whether several processes may listen on the address (SO_REUSEPORT)
 */
public record ListenerConfig(
    InetSocketAddress address,
    @Nullable TransportConfig transport,
    @Nullable String mux,
    int backlog,
    boolean proxyHeader,
    boolean reusePort) {

  /** Rejects nulls. */
  public ListenerConfig {
    Objects.requireNonNull(address, "address");
  }

  /** A clear listener. */
  public static ListenerConfig clear(InetSocketAddress address) {
    return new ListenerConfig(address, null, null, 1024, false, false);
  }

  /** A listener with a transport. */
  public static ListenerConfig with(InetSocketAddress address, TransportConfig transport) {
    return new ListenerConfig(address, transport, null, 1024, false, false);
  }

  /** This listener, for connections that begin with a PROXY header. */
  public ListenerConfig withProxyHeader() {
    return new ListenerConfig(address, transport, mux, backlog, true, reusePort);
  }

  /** This listener with a forced mux. */
  public ListenerConfig withMux(String muxName) {
    return new ListenerConfig(address, transport, muxName, backlog, proxyHeader, reusePort);
  }
}
