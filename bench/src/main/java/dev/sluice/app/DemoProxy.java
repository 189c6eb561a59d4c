package dev.sluice.app;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.DrainReport;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.tls.TlsClientConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletionStage;

/** The engine of the demo: a clear and a TLS listener, and a backend for each pairing. */
final class DemoProxy implements AutoCloseable {
  private final ProxyEngine engine;
  private final RecordFeed feed = new RecordFeed();

  /**
   * Builds and starts it.
   *
   * @param clearPort the port of the clear listener; 0 for any
   * @param tlsPort the port of the TLS listener; 0 for any
   */
  DemoProxy(
      InetAddress host,
      int clearPort,
      int tlsPort,
      DemoCertificates certificates,
      Map<OriginKind, InetSocketAddress> origins,
      Reuse reuse)
      throws CommandFailure {
    TlsClientConfig outgoing = certificates.outgoing();
    ProxyEngineBuilder builder =
        ProxyEngine.builder()
            .frontend(
                frontend(
                    Entrance.CLEAR, ListenerConfig.clear(new InetSocketAddress(host, clearPort))))
            .frontend(
                frontend(
                    Entrance.TLS,
                    ListenerConfig.with(
                        new InetSocketAddress(host, tlsPort), certificates.listener())))
            .router(new DemoRouter())
            .observer(feed);
    for (Pairing pairing : Pairing.all()) {
      ServerConfig server = server(pairing.origin(), origins, outgoing);
      builder.backend(
          BackendConfig.of(pairing.backend(), server).withPool(PoolConfig.reuse(reuse)));
    }
    try {
      engine = builder.build();
      engine.start();
    } catch (ConfigurationException | IOException e) {
      throw new CommandFailure("the engine can't start: " + e.getMessage(), e);
    }
  }

  private static ServerConfig server(
      OriginKind kind, Map<OriginKind, InetSocketAddress> origins, TlsClientConfig outgoing) {
    InetSocketAddress address = Objects.requireNonNull(origins.get(kind), kind.key());
    if (kind.tls()) {
      return ServerConfig.with("origin", address, outgoing, Origin.HOST_NAME);
    }
    ServerConfig clear = ServerConfig.clear("origin", address);
    // Without a handshake nothing tells that it is HTTP/2.
    return kind.h2() ? clear.withMux(kind.protocol()) : clear;
  }

  /** The router decides everything; this is for what it says nothing about. */
  private static FrontendConfig frontend(Entrance entrance, ListenerConfig listener) {
    return new FrontendConfig(
        entrance.frontend(),
        ProxyMode.HTTP,
        List.of(listener),
        FixedResponse.text(404, "Not found.\n"));
  }

  /** Where a listener is. */
  InetSocketAddress address(Entrance entrance) {
    return engine.address(entrance.frontend(), 0);
  }

  /** The port of a listener. */
  int port(Entrance entrance) {
    return address(entrance).getPort();
  }

  /** Where a client finds something. */
  URI uri(Entrance entrance, String path) {
    return URI.create(entrance.scheme() + "://localhost:" + port(entrance) + path);
  }

  /** What it tells of itself. */
  RecordFeed feed() {
    return feed;
  }

  /** Lets what is under way finish. */
  CompletionStage<DrainReport> drain(Duration deadline) {
    return engine.drain(deadline);
  }

  @Override
  public void close() {
    engine.stop();
  }
}
