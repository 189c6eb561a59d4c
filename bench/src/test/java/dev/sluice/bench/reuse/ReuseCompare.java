package dev.sluice.bench.reuse;

import dev.sluice.bench.compare.Programs;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import java.io.IOException;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;

/**
 * Runs every load through both proxies, with four threads each, in two modes of reuse, and prints
 * what came of it. A program.
 */
public final class ReuseCompare {
  private static final int THREADS = 4;

  private final PrintStream out;
  private final Path folder;

  private ReuseCompare(PrintStream out, Path folder) {
    this.out = out;
    this.folder = folder;
  }

  /** Arguments: the loads, or none for all. */
  public static void main(String[] arguments) throws IOException, InterruptedException {
    Path folder = Files.createTempDirectory("sluice-reuse");
    ReuseCompare compare = new ReuseCompare(System.out, folder);
    compare.out.println(
        "| load | reuse | proxy | requests | failed | sent | connections | reused |");
    compare.out.println("| --- | --- | --- | --- | --- | --- | --- | --- |");
    List<String> chosen = List.of(arguments);
    for (ReuseLoad load : ReuseLoad.values()) {
      if (chosen.isEmpty() || chosen.contains(load.name())) {
        for (Reuse reuse : List.of(Reuse.SAFE, Reuse.ALWAYS)) {
          compare.haproxy(load, reuse);
          compare.sluice(load, reuse);
        }
      }
    }
  }

  private void sluice(ReuseLoad load, Reuse reuse) throws IOException, InterruptedException {
    try (ReuseOrigin origin = new ReuseOrigin(load.manner())) {
      int port = Programs.freePort();
      int most = load.requestsMax == Integer.MAX_VALUE ? ServerConfig.UNLIMITED : load.requestsMax;
      ProxyEngine engine =
          ProxyEngine.builder()
              .loops(THREADS)
              .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(loopback(port)))
              .backend(
                  BackendConfig.of(
                          "back",
                          ServerConfig.clear("s", loopback(origin.port()))
                              .withLimits(ServerConfig.UNLIMITED, most, 1024))
                      .withPool(PoolConfig.reuse(reuse))
                      .withRetry(new RetryConfig(3, 3)))
              .build();
      engine.start();
      try {
        measure(load, reuse, "Sluice", port, origin);
      } finally {
        engine.stop();
      }
    }
  }

  private void haproxy(ReuseLoad load, Reuse reuse) throws IOException, InterruptedException {
    try (ReuseOrigin origin = new ReuseOrigin(load.manner())) {
      int port = Programs.freePort();
      Path config = folder.resolve("haproxy-" + port + ".cfg");
      Files.writeString(config, haproxyConfig(load, reuse, port, origin.port()));
      Process process =
          Programs.start(
              List.of(Programs.located("haproxy"), "-db", "-f", config.toString()),
              port,
              folder.resolve("haproxy-" + port + ".log"));
      try {
        measure(load, reuse, "HAProxy", port, origin);
      } finally {
        process.destroy();
        process.waitFor();
      }
    }
  }

  private static String haproxyConfig(ReuseLoad load, Reuse reuse, int port, int originPort) {
    return """
    global
      nbthread %d
      maxconn 2000
    defaults
      mode http
      timeout client 30s
      timeout server 30s
      timeout connect 1s
      timeout queue 5s
      retries 3
      option redispatch
      retry-on conn-failure empty-response
      http-reuse %s
    frontend front
      bind 127.0.0.1:%d
      default_backend back
    backend back
      server s 127.0.0.1:%d %s
    """
        .formatted(
            THREADS,
            reuse.name().toLowerCase(Locale.ROOT),
            port,
            originPort,
            load.requestsMax == Integer.MAX_VALUE ? "" : "maxconn " + load.requestsMax);
  }

  private void measure(ReuseLoad load, Reuse reuse, String proxy, int port, ReuseOrigin origin)
      throws InterruptedException {
    ReuseLoad.Statuses statuses = new ReuseLoad.Statuses();
    load.run(port, statuses);
    int sent = origin.requests();
    int connections = origin.connections();
    out.printf(
        Locale.ROOT,
        "| %s | %s | %s | %d | %d | %d | %d | %.1f %% |%n",
        load.name(),
        reuse.name().toLowerCase(Locale.ROOT),
        proxy,
        statuses.count(),
        statuses.failed(),
        sent,
        connections,
        sent == 0 ? 0 : 100.0 * (sent - connections) / sent);
  }

  private static InetSocketAddress loopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }
}
