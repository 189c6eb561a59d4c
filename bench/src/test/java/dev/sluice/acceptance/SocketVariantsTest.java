package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLSocket;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenarios over real sockets, four loops, and the JDK's TLS: order, outcome, and that nothing is
 * left; never durations.
 */
class SocketVariantsTest {
  private static final int LOOPS = 4;
  private static final int READ_MILLIS_MAX = 30_000;
  private static final int PIPELINED = 200;
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static ProxyEngine start(SocketOrigin origin) throws IOException {
    ProxyEngine engine =
        ProxyEngine.builder()
            .frontend(
                "front",
                ProxyMode.HTTP,
                "b",
                ListenerConfig.clear(ANY),
                ListenerConfig.with(ANY, Pki.server("http/1.1")))
            .backend(
                BackendConfig.of("b", ServerConfig.clear("s", origin.address()))
                    .withPool(PoolConfig.reuse(Reuse.ALWAYS)))
            .loops(LOOPS)
            .build();
    engine.start();
    return engine;
  }

  private static Socket connect(ProxyEngine engine, boolean secure) throws IOException {
    InetSocketAddress address = engine.address("front", secure ? 1 : 0);
    Socket socket = new Socket(address.getAddress(), address.getPort());
    socket.setSoTimeout(READ_MILLIS_MAX);
    if (!secure) {
      return socket;
    }
    SSLSocket tls = Pki.jdkSocket(socket);
    tls.startHandshake();
    return tls;
  }

  private static byte[] readAll(Socket socket) throws IOException {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
      all.write(buffer, 0, n);
    }
    return all.toByteArray();
  }

  private static void abandon(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // TLS could not say goodbye, which nobody waits for.
    }
  }

  private static void expectQuiet(ProxyEngine engine, int exchanges) throws Exception {
    assertThat(
            engine
                .drain(Duration.ofSeconds(30))
                .toCompletableFuture()
                .get(60, TimeUnit.SECONDS)
                .cut())
        .isZero();
    ServerSnapshot server = engine.snapshot().servers().get(0);
    assertThat(engine.snapshot().clientConnections()).isZero();
    assertThat(server.requests()).isZero();
    assertThat(server.waiting()).isZero();
    assertThat(engine.snapshot().exchanges().begun()).isEqualTo(exchanges);
    assertThat(engine.snapshot().exchanges().ended()).isEqualTo(exchanges);
  }

  /** H1-4: all responses, in the order of the requests; and H1-5: behind the client's end. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void pipelinedRequestsAreAnsweredInTheirOrder(boolean secure) throws Exception {
    try (SocketOrigin origin = new SocketOrigin();
        ProxyEngine engine = start(origin)) {
      List<Message> responses = new ArrayList<>();
      MessageReader reader = new MessageReader(true, head -> {}, responses::add);
      StringBuilder requests = new StringBuilder();
      List<String> paths = new ArrayList<>();
      for (int i = 0; i < PIPELINED; i++) {
        reader.expect("GET");
        paths.add("/" + i);
        String last = i == PIPELINED - 1 ? "Connection: close\r\n" : "";
        requests.append("GET /" + i + " HTTP/1.1\r\nHost: h\r\n" + last + "\r\n");
      }
      // Not closed in order: the proxy, which closes first, may be gone.
      Socket socket = connect(engine, secure);
      try {
        socket.getOutputStream().write(requests.toString().getBytes(ISO_8859_1));
        if (!secure) {
          socket.shutdownOutput();
        }
        reader.feed(readAll(socket));
      } finally {
        abandon(socket);
      }

      assertThat(responses).extracting(Message::bodyText).isEqualTo(paths);
      assertThat(responses).extracting(Message::status).containsOnly(200);
      expectQuiet(engine, PIPELINED);
    }
  }

  /** H1-4: a bad request in the middle. */
  @Test
  void badRequestEndsTheConnectionBehindTheAnswersBeforeIt() throws Exception {
    try (SocketOrigin origin = new SocketOrigin();
        ProxyEngine engine = start(origin)) {
      List<Message> responses = new ArrayList<>();
      MessageReader reader = new MessageReader(true, head -> {}, responses::add);
      for (String method : Arrays.asList("GET", "GET", "GET")) {
        reader.expect(method);
      }
      try (Socket socket = connect(engine, false)) {
        String host = " HTTP/1.1\r\nHost: h\r\n\r\n";
        String requests = String.join(host, "GET /1", "GET /2", "GET  /3", "GET /4", "");
        socket.getOutputStream().write(requests.getBytes(ISO_8859_1));
        reader.feed(readAll(socket));
      }

      assertThat(responses).extracting(Message::status).containsExactly(200, 200, 400);
      expectQuiet(engine, 3);
    }
  }
}
