package dev.sluice.core.config;

import java.net.InetSocketAddress;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One server of a backend.
 *
 * @param name unique within its backend
 * @param address where it listens; if it is not resolved ({@link
 *     InetSocketAddress#createUnresolved}), the engine looks its host up and follows it
 * @param transport the settings of its transport, or null for clear TCP
 * @param serverName the host name to ask for and to verify in the handshake, or null for none
 * @param mux the name of the mux to force, or null to choose by what the handshake agrees on
 * @param proxyHeader the PROXY header that each connection begins with, ahead of its handshake, or
 *     null for none; connections with one serve the client that it names, and no other
 * @param maxConnections connections that may be open to it at a time, those being opened included
 * @param maxRequests requests that may be with it at a time
 * @param queueMax requests that may wait for it at a time
 * @param initialAddress whether its name must be resolved for the engine to start; of no meaning
 *     where the address is resolved
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
    int queueMax,
    InitialAddress initialAddress) {

  /** Stands for "no limit". */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  /** Rejects nulls. */
  public ServerConfig {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(address, "address");
    Objects.requireNonNull(initialAddress, "initialAddress");
  }

  /** A clear server without limits. */
  public static ServerConfig clear(String name, InetSocketAddress address) {
    return of(name, address, null, null);
  }

  /** A server behind a transport, without limits. */
  public static ServerConfig with(
      String name,
      InetSocketAddress address,
      TransportConfig transport,
      @Nullable String serverName) {
    return of(name, address, transport, serverName);
  }

  /**
   * A clear server without limits, whose host is looked up by the engine, and followed.
   *
   * @param host a name; an IP address is taken for one too, and costs its lookups
   */
  public static ServerConfig named(String name, String host, int port) {
    return of(name, InetSocketAddress.createUnresolved(host, port), null, null);
  }

  /** The same behind a transport, which asks for that host and verifies it. */
  public static ServerConfig named(String name, String host, int port, TransportConfig transport) {
    return of(name, InetSocketAddress.createUnresolved(host, port), transport, host);
  }

  private static ServerConfig of(
      String name,
      InetSocketAddress address,
      @Nullable TransportConfig transport,
      @Nullable String serverName) {
    return new ServerConfig(
        name,
        address,
        transport,
        serverName,
        null,
        null,
        UNLIMITED,
        UNLIMITED,
        1024,
        InitialAddress.REQUIRED);
  }

  /** Whether it is given by name. */
  public boolean named() {
    return address.isUnresolved();
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
        queueMax,
        initialAddress);
  }

  /** This server with a PROXY header ahead of each connection. */
  public ServerConfig withProxyHeader(ProxyProtocolVersion version) {
    return new ServerConfig(
        name,
        address,
        transport,
        serverName,
        mux,
        version,
        maxConnections,
        maxRequests,
        queueMax,
        initialAddress);
  }

  /** This server with limits. */
  public ServerConfig withLimits(int connections, int requests, int waiting) {
    return new ServerConfig(
        name,
        address,
        transport,
        serverName,
        mux,
        proxyHeader,
        connections,
        requests,
        waiting,
        initialAddress);
  }

  /** This server, with what happens if its name can't be resolved at the start. */
  public ServerConfig withInitialAddress(InitialAddress initial) {
    return new ServerConfig(
        name,
        address,
        transport,
        serverName,
        mux,
        proxyHeader,
        maxConnections,
        maxRequests,
        queueMax,
        initial);
  }
}
