package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.backend.resolve.NameAnswer;
import dev.sluice.core.backend.resolve.NameResolver;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.NameCounts;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server by name, over real sockets on addresses of the loopback. */
class NamedServerSocketsTest {
  private static final int READ_MILLIS_MAX = 30_000;
  private static final int PORT_TRIES = 50;

  /** Blocks no longer than it takes, and notes which threads ask. */
  private static final class Resolver implements NameResolver {
    final Set<String> threads = ConcurrentHashMap.newKeySet();
    private volatile List<InetAddress> addresses = List.of();
    private volatile CountDownLatch askedAgain = new CountDownLatch(0);

    void answer(String... texts) throws IOException {
      InetAddress[] parsed = new InetAddress[texts.length];
      for (int i = 0; i < texts.length; i++) {
        parsed[i] = InetAddress.getByName(texts[i]);
      }
      addresses = List.of(parsed);
      // The first lookup may have read the old answer; when the third begins, the second is known.
      askedAgain = new CountDownLatch(3);
    }

    void awaitKnown() throws InterruptedException {
      assertThat(askedAgain.await(60, TimeUnit.SECONDS)).isTrue();
    }

    @Override
    public CompletionStage<NameAnswer> resolve(String host) {
      threads.add(Thread.currentThread().getName());
      askedAgain.countDown();
      return CompletableFuture.completedFuture(new NameAnswer(addresses, Duration.ofMillis(20)));
    }
  }

  private static ProxyEngine start(Resolver resolver, int port) throws IOException {
    ProxyEngine engine =
        ProxyEngine.builder()
            .frontend(
                "front",
                ProxyMode.HTTP,
                "b",
                ListenerConfig.clear(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
            .backend(
                BackendConfig.of("b", ServerConfig.named("s", "app.example", port))
                    .withPool(PoolConfig.reuse(Reuse.ALWAYS)))
            .resolver(resolver)
            .resolve(
                ResolveConfig.defaults()
                    .withTtl(Duration.ofMillis(1), Duration.ofSeconds(1))
                    .withAttemptDelay(Duration.ofSeconds(5)))
            .build();
    engine.start();
    return engine;
  }

  private static void get(ProxyEngine engine) throws IOException {
    InetSocketAddress address = engine.address("front", 0);
    try (Socket socket = new Socket(address.getAddress(), address.getPort())) {
      socket.setSoTimeout(READ_MILLIS_MAX);
      socket
          .getOutputStream()
          .write("GET / HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n".getBytes(ISO_8859_1));
      String response = new String(socket.getInputStream().readAllBytes(), ISO_8859_1);
      assertThat(response).startsWith("HTTP/1.1 200 ");
    }
  }

  /** On another address with the same port. */
  private static SocketOrigin twin(String host, SocketOrigin of) throws IOException {
    return new SocketOrigin(new InetSocketAddress(host, of.address().getPort()));
  }

  /** Two origins that differ only in their addresses. */
  private static SocketOrigin[] pair() throws IOException {
    for (int i = 0; i < PORT_TRIES; i++) {
      SocketOrigin first = new SocketOrigin(new InetSocketAddress("127.0.0.2", 0));
      try {
        return new SocketOrigin[] {first, twin("127.0.0.3", first)};
      } catch (IOException e) {
        // Somebody else has that port there.
        first.close();
      }
    }
    throw new IOException("no port is free on both addresses");
  }

  @Test
  void nameThatMovesIsFollowedAndLookedUpOffTheLoops() throws Exception {
    SocketOrigin[] origins = pair();
    Resolver resolver = new Resolver();
    resolver.answer("127.0.0.2");
    try (SocketOrigin old = origins[0];
        SocketOrigin next = origins[1];
        ProxyEngine engine = start(resolver, old.address().getPort())) {
      get(engine);
      get(engine);
      assertThat(old.accepted()).as("the second one reuses").isEqualTo(1);

      resolver.answer("127.0.0.3");
      resolver.awaitKnown();
      get(engine);

      assertThat(old.accepted()).isEqualTo(1);
      assertThat(next.accepted()).isEqualTo(1);
      NameCounts counts = engine.snapshot().server("b", "s").nameCounts();
      assertThat(counts.changes()).isEqualTo(1);
      assertThat(counts.failures()).isZero();
      assertThat(resolver.threads).allMatch(name -> name.startsWith("sluice-lookup-"));
    }
  }

  @Test
  void addressThatRefusesIsFollowedByTheNextAtOnce() throws Exception {
    SocketOrigin[] origins = pair();
    int port = origins[0].address().getPort();
    origins[0].close();
    Resolver resolver = new Resolver();
    resolver.answer("127.0.0.2", "127.0.0.3");
    try (SocketOrigin next = origins[1];
        ProxyEngine engine = start(resolver, port)) {
      for (int i = 0; i < 4; i++) {
        get(engine);
      }

      assertThat(next.accepted()).as("kept and used again").isEqualTo(1);
      NameCounts counts = engine.snapshot().server("b", "s").nameCounts();
      assertThat(counts.races()).isEqualTo(1);
      assertThat(counts.fallbacks()).isEqualTo(1);
      assertThat(engine.snapshot().server("b", "s").connectFailures()).isEmpty();
    }
  }

  /** The JDK answers for a name that every machine has. */
  @Test
  void withoutAResolverTheJdkIsAsked() throws Exception {
    try (SocketOrigin origin = new SocketOrigin();
        ProxyEngine engine =
            ProxyEngine.builder()
                .frontend(
                    "front",
                    ProxyMode.HTTP,
                    "b",
                    ListenerConfig.clear(
                        new InetSocketAddress(InetAddress.getLoopbackAddress(), 0)))
                .backend(
                    BackendConfig.of(
                        "b", ServerConfig.named("s", "localhost", origin.address().getPort())))
                .build()) {
      engine.start();
      get(engine);

      assertThat(origin.accepted()).isEqualTo(1);
      assertThat(engine.snapshot().server("b", "s").nameCounts().addresses()).isPositive();
    }
  }
}
