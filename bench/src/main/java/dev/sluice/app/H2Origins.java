package dev.sluice.app;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.message.HttpVersion;
import dev.sluice.core.stream.RoutingCall;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;

/**
 * Gives origins the HTTP/2 that the JDK has no server for: another engine in front of them, which
 * shares nothing with the one that is shown.
 */
final class H2Origins implements AutoCloseable {
  private final ProxyEngine engine;

  private H2Origins(ProxyEngine engine) {
    this.engine = engine;
  }

  /**
   * Starts it on free ports.
   *
   * @param behind the origins that are to speak HTTP/2
   */
  static H2Origins start(InetAddress host, DemoCertificates certificates, List<Origin> behind)
      throws IOException {
    InetSocketAddress anyPort = new InetSocketAddress(host, 0);
    ProxyEngineBuilder builder = ProxyEngine.builder().router(H2Origins::tellWhatWasAgreed);
    for (Origin origin : behind) {
      OriginKind kind = origin.kind();
      ListenerConfig listener =
          kind.tls()
              ? ListenerConfig.with(anyPort, certificates.h2Origin(kind.offers()))
              : ListenerConfig.clear(anyPort).withMux(kind.protocol());
      builder
          .frontend(kind.key(), ProxyMode.HTTP, kind.key(), listener)
          .backend(BackendConfig.of(kind.key(), ServerConfig.clear("origin", origin.address())));
    }
    try {
      ProxyEngine engine = builder.build();
      engine.start();
      return new H2Origins(engine);
    } catch (ConfigurationException e) {
      throw new IOException(e.getMessage(), e);
    }
  }

  /** The origin behind knows nothing of the handshake in front of it. */
  private static void tellWhatWasAgreed(RoutingCall call) {
    OriginKind kind = OriginKind.of(call.frontend());
    boolean h2 = call.request().version() == HttpVersion.HTTP_2;
    if (kind != null && kind.tls()) {
      call.request().fields().set(OriginConnection.ALPN_FIELD, h2 ? "h2" : "http/1.1");
    }
  }

  /** Where an origin is reached by HTTP/2. */
  InetSocketAddress address(OriginKind kind) {
    return engine.address(kind.key(), 0);
  }

  @Override
  public void close() {
    engine.stop();
  }
}
