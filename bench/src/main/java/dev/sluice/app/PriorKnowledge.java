package dev.sluice.app;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import java.io.IOException;
import java.net.InetSocketAddress;

/**
 * A client that speaks HTTP/2 without TLS and without asking first (RFC 9113 3.3), which that of
 * the JDK can't: another engine turns its HTTP/1.1 into that.
 */
final class PriorKnowledge implements AutoCloseable {
  private static final String FRONTEND = "h1";

  private final ProxyEngine engine;

  private PriorKnowledge(ProxyEngine engine) {
    this.engine = engine;
  }

  /**
   * Starts it on a free port.
   *
   * @param proxy what it speaks HTTP/2 to
   */
  static PriorKnowledge start(InetSocketAddress proxy) throws CommandFailure {
    InetSocketAddress anyPort = new InetSocketAddress(proxy.getAddress(), 0);
    try {
      ProxyEngine engine =
          ProxyEngine.builder()
              .frontend(FRONTEND, ProxyMode.HTTP, "proxy", ListenerConfig.clear(anyPort))
              .backend(BackendConfig.of("proxy", ServerConfig.clear("proxy", proxy).withMux("h2")))
              .build();
      engine.start();
      return new PriorKnowledge(engine);
    } catch (ConfigurationException | IOException e) {
      throw new CommandFailure("the client for clear HTTP/2 can't start: " + e.getMessage(), e);
    }
  }

  /** Where it takes HTTP/1.1. */
  int port() {
    return engine.address(FRONTEND, 0).getPort();
  }

  @Override
  public void close() {
    engine.stop();
  }
}
