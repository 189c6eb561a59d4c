package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import com.example.line.LineMuxProvider;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.ExchangeRecord;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** The sample mux in whole engines: forced, and agreed on by its own token. */
class LineProtocolTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final BlockingQueue<ExchangeRecord> records = new LinkedBlockingQueue<>();

  /** An engine that answers by itself, behind TLS. */
  private static ProxyEngine server(String protocol, FixedResponse answer) {
    return ProxyEngine.builder()
        .mux(new LineMuxProvider())
        .frontend(
            new FrontendConfig(
                "server",
                ProxyMode.HTTP,
                List.of(ListenerConfig.with(ANY, Pki.server(protocol))),
                answer))
        .build();
  }

  private ProxyEngine proxy(ProxyEngine server) {
    return ProxyEngine.builder()
        .mux(new LineMuxProvider())
        .frontend("lines", ProxyMode.HTTP, "app", ListenerConfig.clear(ANY).withMux("line"))
        .backend(
            BackendConfig.of(
                "app",
                ServerConfig.with(
                    "a", server.address("server", 0), Pki.client("line/1", "http/1.1"), Pki.NAME)))
        .observer(record -> records.add(record.snapshot()))
        .build();
  }

  @ParameterizedTest
  @CsvSource({"line/1, line", "http/1.1, h1"})
  void protocolOfTheServerIsWhatTheHandshakeAgreesOn(String token, String mux) throws Exception {
    try (ProxyEngine server = server(token, FixedResponse.text(203, "two\nlines\\"))) {
      server.start();
      try (ProxyEngine proxy = proxy(server)) {
        proxy.start();
        try (Socket socket = new Socket()) {
          socket.connect(proxy.address("lines", 0));
          OutputStream out = socket.getOutputStream();
          BufferedReader in =
              new BufferedReader(new InputStreamReader(socket.getInputStream(), US_ASCII));
          for (int i = 0; i < 3; i++) {
            out.write("/path content\n".getBytes(US_ASCII));
            assertThat(in.readLine()).isEqualTo("203 two\\nlines\\\\");
          }
        }
        ExchangeRecord record = records.poll(30, TimeUnit.SECONDS);
        assertThat(record).isNotNull();
        assertThat(record.frontProtocol()).isEqualTo("line");
        assertThat(record.backProtocol()).isEqualTo(mux);
      }
    }
  }

  @Test
  void wordThatIsNoPathEndsTheConnection() throws Exception {
    try (ProxyEngine server = server("line/1", FixedResponse.text(200, ""))) {
      server.start();
      try (ProxyEngine proxy = proxy(server);
          Socket socket = new Socket()) {
        proxy.start();
        socket.connect(proxy.address("lines", 0));
        socket.getOutputStream().write("what\n".getBytes(US_ASCII));

        assertThat(socket.getInputStream().readAllBytes()).isEmpty();
      }
    }
  }
}
