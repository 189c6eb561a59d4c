package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L2;
import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * Scenario H2-6, third backend: a server that prefers h2, where it knows nothing of RFC 8441, and
 * does websockets over http/1.1 if only that is offered.
 */
class WebSocketDowngradeTest {
  private static final int MESSAGES = 100;
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";

  private final Stage stage = new Stage();
  private final TlsServerConfig tls = Pki.server("h2", "http/1.1");
  private final H2ScriptedServer h2 = H2ScriptedServer.behind(stage.simulation());
  private final List<EchoConnection> h1 = new ArrayList<>();
  private String protocols = "h2,http/1.1";

  @BeforeEach
  void listen() {
    SimServer.listen(
        stage.simulation(),
        B,
        socket -> {
          TlsServerConfig config = protocols.equals("h2") ? Pki.server("h2") : tls;
          Wire.over(socket, () -> new EngineEnd(config.newEngine()), new Negotiated());
        });
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, Pki.client("h2", "http/1.1")),
        builder -> builder.mux(new H2MuxProvider()));
  }

  /** A connection of which the handshake tells what it speaks. */
  private final class Negotiated implements Wire.Handler {
    private Wire.@Nullable Handler handler;

    @Override
    public void onReady(Wire wire) {
      TlsEnd end = wire.tls();
      assert end != null;
      if (end.protocol().equals("h2")) {
        handler = h2.newConnection();
      } else {
        EchoConnection made = new EchoConnection();
        h1.add(made);
        handler = made;
      }
      handler.onReady(wire);
    }

    @Override
    public void onBytes(Wire wire, byte[] bytes) {
      Wire.Handler present = handler;
      assert present != null;
      present.onBytes(wire, bytes);
    }

    @Override
    public void onEnd(Wire wire) {
      Wire.Handler present = handler;
      if (present == null) {
        wire.close();
      } else {
        present.onEnd(wire);
      }
    }
  }

  /** Accepts a websocket, and sends back what comes through it. */
  private static final class EchoConnection implements Wire.Handler {
    private final StringBuilder head = new StringBuilder();
    private boolean open;
    private boolean over;

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      if (open) {
        from.write(bytes);
        return;
      }
      head.append(new String(bytes, StandardCharsets.ISO_8859_1));
      if (head.indexOf("\r\n\r\n") > 0) {
        open = true;
        from.write(
            "HTTP/1.1 101 Switching Protocols\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
                + "Sec-WebSocket-Protocol: p\r\nSec-WebSocket-Accept: "
                + accept(field("sec-websocket-key"))
                + "\r\n\r\n");
      }
    }

    String field(String name) {
      for (String line : head.toString().split("\r\n", -1)) {
        if (line.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
          return line.substring(name.length() + 1).trim();
        }
      }
      return "";
    }

    @Override
    public void onEnd(Wire from) {
      over = true;
      from.close();
    }
  }

  /** RFC 6455 4.2.2. */
  private static String accept(String key) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-1")
              .digest(
                  (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11")
                      .getBytes(StandardCharsets.ISO_8859_1));
      return Base64.getEncoder().encodeToString(digest);
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  private H2ScriptedClient h2Client() {
    TlsClientConfig client = Pki.client("h2");
    return H2ScriptedClient.connect(
        stage.simulation(), "h2", L2, () -> new EngineEnd(client.newEngine(Pki.NAME)));
  }

  private void webSocketOverH2() {
    H2ScriptedClient client = h2Client();
    H2ScriptedClient.Answer answer =
        client.ask(
            false,
            ":method",
            "CONNECT",
            ":protocol",
            "websocket",
            ":scheme",
            "https",
            ":path",
            "/ws",
            ":authority",
            Pki.NAME,
            "sec-websocket-version",
            "13",
            "sec-websocket-protocol",
            "p");
    stage.simulation().runUntil(() -> answer.status() != 0 || answer.over());
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.fields).containsEntry("sec-websocket-protocol", "p");
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < MESSAGES; i++) {
      client.content(answer, "message " + i + ";", false);
      expected.append("message ").append(i).append(';');
      stage.runFor(MILLI);
    }
    client.content(answer, "", true);
    stage.simulation().runUntil(answer::over);
    assertThat(answer.content).hasToString(expected.toString());
    client.wire().close();
  }

  private void webSocketOverH1() {
    H1Client client = stage.client();
    client.raw(
        "GET",
        "GET /ws HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
            + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Protocol: p\r\nSec-WebSocket-Key: "
            + KEY
            + "\r\n\r\n");
    stage.await(client, 1);
    assertThat(client.status()).isEqualTo(101);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < MESSAGES; i++) {
      client.wire().write("message " + i + ";");
      expected.append("message ").append(i).append(';');
      stage.runFor(MILLI);
    }
    stage.runFor(10 * MILLI);
    assertThat(client.tunnel()).isEqualTo(expected.toString());
    client.wire().close();
    stage.runFor(10 * MILLI);
  }

  private void plainGet() {
    H1Client client = stage.client();
    stage.await(client.get("/plain"), 1);
    assertThat(client.status()).isEqualTo(200);
    client.wire().close();
    stage.runFor(MILLI);
  }

  private void expectOneConnectionMore(int webSockets) {
    assertThat(h2.connections()).as("plain requests share one over h2").hasSize(1);
    assertThat(h1).as("each websocket has its own").hasSize(webSockets);
    assertThat(h1).allMatch(connection -> connection.over);
    assertThat(stage.records())
        .filteredOn(r -> r.path().equals("/plain"))
        .extracting(ExchangeRecord::backProtocol)
        .containsOnly("h2");
  }

  @Test
  void webSocketOfAnH2ClientGoesOverAConnectionOfItsOwn() {
    plainGet();
    webSocketOverH2();
    plainGet();
    expectOneConnectionMore(1);
    assertThat(stage.records()).filteredOn(r -> r.path().equals("/ws")).hasSize(1);
    stage.leak();
  }

  @Test
  void webSocketOfAnH1ClientGoesOverAConnectionOfItsOwn() {
    plainGet();
    webSocketOverH1();
    plainGet();
    expectOneConnectionMore(1);
    assertThat(h1.get(0).field("sec-websocket-key")).isEqualTo(KEY);
    stage.leak();
  }

  @Test
  void laterWebSocketsGoThereAtOnce() {
    webSocketOverH1();
    webSocketOverH2();
    webSocketOverH1();
    plainGet();
    expectOneConnectionMore(3);
    assertThat(stage.records())
        .filteredOn(r -> r.path().equals("/ws"))
        .extracting(ExchangeRecord::retries)
        .containsExactly(1, 0, 0);
    stage.leak();
  }

  @Test
  void serverThatDoesNotDoHttp1HasNoCommonProtocolAndTheHintIsForgotten() {
    webSocketOverH1();
    protocols = "h2";
    for (int i = 0; i < 2; i++) {
      H1Client client = stage.client();
      client.raw(
          "GET",
          "GET /ws HTTP/1.1\r\nHost: a.example\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
              + "Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: "
              + KEY
              + "\r\n\r\n");
      stage.await(client, 1);
      assertThat(client.status()).isEqualTo(502);
    }
    stage.runFor(SECOND);
    assertThat(stage.records())
        .filteredOn(r -> r.status() == 502)
        .extracting(ExchangeRecord::cause)
        .containsOnly(CloseCause.NO_COMMON_PROTOCOL);
    stage.leak();
  }
}
