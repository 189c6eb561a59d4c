package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.DrainReport;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Over real sockets: clients that never rest lose nothing while the engine is drained. */
class DrainUnderLoadTest {
  private static final int CLIENTS = 8;
  private static final int REQUESTS_BEFORE = 500;
  private static final byte[] REQUEST = "GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(ISO_8859_1);

  private final AtomicInteger answered = new AtomicInteger();

  /** As behind a load balancer: new connections as long as the engine is ready. */
  private int load(ProxyEngine engine) throws IOException {
    InetSocketAddress address = engine.address("web", 0);
    int connections = 0;
    while (engine.ready()) {
      try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
        socket.setSoTimeout(60_000);
        connections++;
        boolean more = true;
        while (more) {
          socket.getOutputStream().write(REQUEST);
          String head = head(socket.getInputStream());
          assertThat(head).startsWith("HTTP/1.1 200 ");
          answered.incrementAndGet();
          more = !head.toLowerCase(Locale.ROOT).contains("connection: close");
        }
        assertThat(socket.getInputStream().read()).as("what follows the last answer").isEqualTo(-1);
      }
    }
    return connections;
  }

  /** A head, and behind it the content of four bytes. */
  private static String head(InputStream in) throws IOException {
    StringBuilder text = new StringBuilder();
    while (text.indexOf("\r\n\r\n") < 0) {
      int next = in.read();
      assertThat(next).as("an answer that is cut short: %s", text).isNotNegative();
      text.append((char) next);
    }
    assertThat(new String(in.readNBytes(4), ISO_8859_1)).isEqualTo("well");
    return text.toString();
  }

  @Test
  void noRequestIsLost() throws Exception {
    ListenerConfig listener =
        ListenerConfig.clear(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    ExecutorService threads = Executors.newFixedThreadPool(CLIENTS);
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend(
                new FrontendConfig(
                    "web", ProxyMode.HTTP, List.of(listener), FixedResponse.text(200, "well")))
            .loops(2)
            .build()) {
      engine.start();
      List<CompletableFuture<Integer>> clients = new ArrayList<>();
      for (int i = 0; i < CLIENTS; i++) {
        clients.add(
            CompletableFuture.supplyAsync(
                () -> {
                  try {
                    return load(engine);
                  } catch (IOException e) {
                    throw new UncheckedIOException(e);
                  }
                },
                threads));
      }
      while (answered.get() < REQUESTS_BEFORE) {
        for (CompletableFuture<Integer> client : clients) {
          assertThat(client).isNotCompletedExceptionally();
        }
        Thread.onSpinWait();
      }
      DrainReport report =
          engine
              .drain(DrainConfig.within(Duration.ofSeconds(60)).withWindow(Duration.ofSeconds(3)))
              .toCompletableFuture()
              .get(90, TimeUnit.SECONDS);

      int connections = 0;
      for (CompletableFuture<Integer> client : clients) {
        connections += client.get(90, TimeUnit.SECONDS);
      }
      assertThat(report.complete()).as(report.toString()).isTrue();
      assertThat(report.exchangesFinished()).isPositive();
      assertThat(report.finished()).isLessThanOrEqualTo(connections);
      assertThat(engine.snapshot().exchanges().ended()).isEqualTo(answered.get());
    } finally {
      threads.shutdownNow();
    }
  }
}
