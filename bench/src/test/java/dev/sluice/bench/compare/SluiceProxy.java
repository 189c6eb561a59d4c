package dev.sluice.bench.compare;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsIdentities;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Sluice as it is compared: one loop, no access log. A program; runs until it is killed. */
public final class SluiceProxy {
  /**
   * As long as the other proxies are told to wait: a cold JVM on a busy machine shakes hands
   * slowly.
   */
  private static final TimeoutConfig PATIENT =
      new TimeoutConfig(
          Duration.ofSeconds(5),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofSeconds(60),
          Duration.ofHours(1),
          Duration.ofSeconds(60),
          Duration.ofSeconds(1));

  private SluiceProxy() {}

  /** Arguments: the case, the port to listen on, the origin's port, the folder of certificates. */
  public static void main(String[] arguments) throws IOException {
    CompareCase what = CompareCase.valueOf(arguments[0]);
    Path folder = Path.of(arguments[3]);
    InetSocketAddress front = address(arguments[1]);
    InetSocketAddress origin = address(arguments[2]);
    ListenerConfig listener =
        what.frontH2
            ? ListenerConfig.with(
                front,
                TlsServerConfig.builder()
                    .identity(
                        TlsIdentities.pemFiles(
                            folder.resolve("cert.pem"), folder.resolve("key.pem"), null))
                    .applicationProtocols("h2")
                    .build())
            : ListenerConfig.clear(front);
    ServerConfig server =
        what.backH2
            ? ServerConfig.with(
                "origin",
                origin,
                TlsClientConfig.builder()
                    .trust(TlsTrust.pemFile(folder.resolve("cert.pem")))
                    .applicationProtocols("h2")
                    .build(),
                "localhost")
            : ServerConfig.clear("origin", origin);
    ProxyEngine engine =
        ProxyEngine.builder()
            .loops(1)
            .timeouts(PATIENT)
            .frontend("front", ProxyMode.HTTP, "back", listener)
            .backend(BackendConfig.of("back", server).withPool(PoolConfig.reuse(Reuse.ALWAYS)))
            .build();
    engine.start();
    while (true) {
      LockSupport.park();
    }
  }

  private static InetSocketAddress address(String port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(port));
  }
}
