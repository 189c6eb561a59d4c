package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ServerConfig;
import dev.sluice.mux.h2.frame.Settings;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Scenario H2-6: a websocket through every pairing, to servers that have it (RFC 8441, RFC 6455 4).
 * What a server of h2 without the setting gets is another test's.
 */
class WebSocketPairingsTest {
  private static final int MESSAGES = 100;
  private static final String KEY = "dGhlIHNhbXBsZSBub25jZQ==";
  private static final String ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo=";

  private final H2Scene scene = new H2Scene();
  private String seenProtocol = "";

  private static String accept(String key) {
    try {
      byte[] joined = (key + "258EAFA5-E914-47DA-95CA-C5AB0DC85B11").getBytes(ISO_8859_1);
      return Base64.getEncoder().encodeToString(MessageDigest.getInstance("SHA-1").digest(joined));
    } catch (NoSuchAlgorithmException e) {
      throw new AssertionError(e);
    }
  }

  /** A server of h1 that switches, and then sends everything back behind an exclamation mark. */
  private ServerConfig h1Server() {
    H1Origin origin = scene.stage.origin();
    origin.answering(
        (request, on) -> {
          String key = request.message.field("sec-websocket-key");
          if (key == null) {
            on.ok("plain");
            return;
          }
          seenProtocol = String.valueOf(request.message.field("sec-websocket-protocol"));
          on.respond(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
                  + "Sec-WebSocket-Protocol: p\r\nSec-WebSocket-Accept: "
                  + accept(key)
                  + "\r\n\r\n");
          on.tunnel(text -> on.wire().write("!" + text));
          on.whenEnded(() -> on.wire().finish());
        });
    return Stage.clear(Stage.B);
  }

  /** A server of h2 with the setting, which does the same. */
  private ServerConfig h2Server() {
    int[] told = {0};
    scene
        .h2Origin(true)
        .settings(Settings.ENABLE_CONNECT_PROTOCOL, 1)
        .atHead(
            request -> {
              if (request.field(":protocol").equals("websocket")) {
                seenProtocol = request.field("sec-websocket-protocol");
                assertThat(request.field(":method")).isEqualTo("CONNECT");
                assertThat(request.names()).doesNotContain("upgrade", "connection");
                assertThat(request.field("sec-websocket-key")).isEmpty();
                told[0] = 0;
                request.head(false, ":status", "200", "sec-websocket-protocol", "p");
              }
            })
        .atContent(
            request -> {
              String text = request.content.substring(told[0]);
              told[0] = request.content.length();
              if (!text.isEmpty()) {
                request.send("!" + text, false);
              }
            })
        .answering(
            request -> {
              if (request.field(":protocol").isEmpty()) {
                request.ok("plain");
              } else {
                request.send("", true);
              }
            });
    return H2Scene.h2Server(true);
  }

  private ServerConfig server(String version) {
    return version.equals("h1") ? h1Server() : h2Server();
  }

  private static H2Client.Answer ask(H2Client client) {
    return client.ask(
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
  }

  private static String upgrade() {
    return "GET /ws HTTP/1.1\r\nHost: "
        + Pki.NAME
        + "\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\n"
        + "Sec-WebSocket-Key: "
        + KEY
        + "\r\nSec-WebSocket-Protocol: p\r\n\r\n";
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2"})
  void clientOfH2SpeaksThroughIt(String version) {
    scene.start(server(version));
    H2Client client = scene.client();
    assertThat(scene.await(client.get("/before")).content.toString()).isEqualTo("plain");
    assertThat(client.frames().connectProtocol()).as("RFC 8441 3").isTrue();

    H2Client.Answer answer = ask(client);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < MESSAGES; i++) {
      client.content(answer, "m" + i, false);
      expected.append("!m").append(i);
      scene
          .stage
          .simulation()
          .runUntil(() -> answer.content.length() >= expected.length() || answer.over());
    }
    H2Client.Answer plain = scene.await(client.get("/between"));
    client.content(answer, "", true);
    scene.await(answer);

    assertThat(answer.heads).as("never 101").hasSize(1);
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.field("sec-websocket-protocol")).isEqualTo("p");
    assertThat(answer.field("sec-websocket-accept")).isEmpty();
    assertThat(seenProtocol).isEqualTo("p");
    assertThat(answer.content.toString()).isEqualTo(expected.toString());
    assertThat(answer.ended).as("half-closes are passed on").isTrue();
    assertThat(plain.status()).isEqualTo(200);
    assertThat(plain.content.toString()).isEqualTo("plain");
    scene.leak();
  }

  @ParameterizedTest
  @ValueSource(strings = {"h1", "h2"})
  void clientOfH1SpeaksThroughIt(String version) {
    scene.start(server(version));
    H1Client client = scene.stage.client();

    client.raw("GET", upgrade());
    scene.stage.await(client, 1);
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < MESSAGES; i++) {
      client.wire().write("m" + i);
      expected.append("!m").append(i);
      scene
          .stage
          .simulation()
          .runUntil(() -> client.tunnel().length() >= expected.length() || client.ended());
    }
    H1Client other = scene.stage.client();
    other.get("/between");
    scene.stage.await(other, 1);
    client.wire().finish();
    scene.stage.simulation().runUntil(client::ended);

    assertThat(client.response(0).status()).isEqualTo(101);
    assertThat(client.response(0).field("sec-websocket-accept")).isEqualTo(ACCEPT);
    assertThat(client.response(0).field("sec-websocket-protocol")).isEqualTo("p");
    assertThat(seenProtocol).isEqualTo("p");
    assertThat(client.tunnel()).isEqualTo(expected.toString());
    assertThat(other.response(0).bodyText()).isEqualTo("plain");
    scene.leak();
  }

  /** A connection that was a tunnel is none of the pool's. */
  @Test
  void connectionOfAWebSocketIsNotUsedAgain() {
    ServerConfig server = h1Server();
    scene.start(server);
    H2Client client = scene.client();
    H2Client.Answer answer = ask(client);
    scene.stage.simulation().runUntil(() -> !answer.heads.isEmpty());

    client.content(answer, "", true);
    scene.await(answer);
    scene.stage.runFor(Stage.SECOND);

    assertThat(scene.stage.server().connections()).isZero();
    scene.leak();
  }

  @ParameterizedTest
  @CsvSource({"h1", "h2"})
  void refusalIsPassedOnWithItsContent(String version) {
    if (version.equals("h1")) {
      H1Origin origin = scene.stage.origin();
      origin.answering(
          (request, on) -> on.respond("HTTP/1.1 403 No\r\nContent-Length: 3\r\n\r\nno!"));
      scene.start(Stage.clear(Stage.B));
    } else {
      scene
          .h2Origin(true)
          .settings(Settings.ENABLE_CONNECT_PROTOCOL, 1)
          .atHead(
              request -> {
                request.head(false, ":status", "403", "content-length", "3");
                request.send("no!", true);
              });
      scene.start(H2Scene.h2Server(true));
    }

    H2Client.Answer answer = scene.await(ask(scene.client()));
    H1Client h1 = scene.stage.client();
    h1.raw("GET", upgrade());
    scene.stage.await(h1, 1);

    assertThat(answer.status()).isEqualTo(403);
    assertThat(answer.content.toString()).isEqualTo("no!");
    assertThat(h1.response(0).status()).isEqualTo(403);
    assertThat(h1.response(0).bodyText()).isEqualTo("no!");
    scene.leak();
  }

  /** The proxy makes the key towards h1, so it is the one to check the answer. */
  @Test
  void wrongAnswerToTheKeyIsABadGateway() {
    H1Origin origin = scene.stage.origin();
    origin.answering(
        (request, on) ->
            on.respond(
                "HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n"
                    + "Connection: Upgrade\r\nSec-WebSocket-Accept: "
                    + ACCEPT
                    + "\r\n\r\n"));
    scene.start(Stage.clear(Stage.B));

    H2Client.Answer answer = scene.await(ask(scene.client()));

    assertThat(answer.status()).isEqualTo(502);
    scene.stage.runFor(Stage.SECOND);
    assertThat(scene.stage.server().connections()).as("connections to the server").isZero();
    scene.leak();
  }
}
