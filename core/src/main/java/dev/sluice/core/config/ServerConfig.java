package dev.sluice.core.config;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One server of a backend.
 *
 * @param name unique within its backend
 * @param address where it listens; resolved
 * @param transport the settings of its transport, or null for clear TCP
 * @param serverName the host name to ask for and to verify in the handshake, or null for none
 * @param mux the name of the mux to force, or null to choose by what the handshake agrees on
 * @param proxyHeader the PROXY header that each connection begins with, ahead of its handshake, or
 *     null for none; connections with one serve the client that it names, and no other
 * @param maxConnections connections that may be open to it at a time, those being opened included
 * @param maxRequests requests that may be with it at a time
 * @param queueMax requests that may wait for it at a time
 */
public record ServerConfig(
    String name,
    InetSocketAddress address,
    @Nullable TransportConfig transport,
    @Nullable String serverName,
    @Nullable String mux,
    @Nullable ProxyProtocolVersion proxyHeader,
    int maxConnections,
    int maxRequests,
    int queueMax) {

  /** Stands for "no limit". */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Rejects nulls. */
  public ServerConfig {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, "address");
  }

  /** A clear server without limits. */
  public static ServerConfig clear(String name, InetSocketAddress address) {
    return new ServerConfig(name, address, null, null, null, null, UNLIMITED, UNLIMITED, 1024);
  }

  /** A server behind a transport, without limits. */
  public static ServerConfig with(
      String name,
      InetSocketAddress address,
      TransportConfig transport,
      @Nullable String serverName) {
    return new ServerConfig(
        name, address, transport, serverName, null, null, UNLIMITED, UNLIMITED, 1024);
  }

  /** This server with a forced mux. */
  public ServerConfig withMux(String muxName) {
    return new ServerConfig(
        name,
        address,
        transport,
        serverName,
        muxName,
        proxyHeader,
        maxConnections,
        maxRequests,
        queueMax);
  }

  /** This server with a PROXY header ahead of each connection. */
  public ServerConfig withProxyHeader(ProxyProtocolVersion version) {
    return new ServerConfig(
        name, address, transport, serverName, mux, version, maxConnections, maxRequests, queueMax);
  }

  /** This server with limits. */
  public ServerConfig withLimits(int connections, int requests, int waiting) {
    return new ServerConfig(
        name, address, transport, serverName, mux, proxyHeader, connections, requests, waiting);
  }
}
