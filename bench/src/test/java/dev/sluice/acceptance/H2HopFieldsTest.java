package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.peers.H2Peer.Field;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** Scenario H2-3: fields that belong to one hop (RFC 9110 7.6.1, RFC 9113 8.2.2). */
class H2HopFieldsTest {
  private static final String[] HOP = {
    "connection",
    "x-hop",
    "keep-alive",
    "proxy-connection",
    "upgrade",
    "http2-settings",
    "transfer-encoding"
  };

  private static final String REQUEST =
      """
      POST / HTTP/1.1\r
      Host: h\r
      Connection: keep-alive, X-Hop, TE\r
      Keep-Alive: timeout=5\r
      Proxy-Connection: keep-alive\r
      X-Hop: 1\r
      TE: trailers, gzip\r
      Upgrade: h2c\r
      HTTP2-Settings: AAA\r
      Transfer-Encoding: chunked\r
      X-Keep: 1\r
      \r
      3\r
      abc\r
      0\r
      \r
      """;

  private static final String RESPONSE =
      """
      HTTP/1.1 200 OK\r
      Connection: keep-alive, X-Hop\r
      Keep-Alive: timeout=5\r
      Proxy-Connection: keep-alive\r
      X-Hop: 1\r
      Upgrade: h2c\r
      Transfer-Encoding: chunked\r
      X-Keep: 1\r
      \r
      3\r
      abc\r
      0\r
      \r
      """;

  private final H2Scene scene = new H2Scene();

  @Test
  void serverOfH2GetsNoneOfThem() {
    H2Origin origin = scene.h2Origin(true);
    scene.start(H2Scene.h2Server(true));
    H1Client client = scene.stage.client();

    client.raw("POST", REQUEST);
    scene.stage.await(client, 1);

    assertThat(client.response(0).status()).isEqualTo(200);
    H2Origin.Request seen = origin.requests().get(0);
    assertThat(seen.content.toString()).isEqualTo("abc");
    assertThat(seen.names()).doesNotContain(HOP);
    assertThat(seen.names()).allSatisfy(n -> assertThat(n).isEqualTo(n.toLowerCase(Locale.ROOT)));
    assertThat(seen.values("te")).containsExactly("trailers");
    assertThat(seen.field("x-keep")).isEqualTo("1");
    assertThat(seen.reset).isNull();
    scene.leak();
  }

  @Test
  void serverOfH1GetsNoneOfThemButTheProxysOwn() {
    H1Origin origin = scene.stage.origin();
    scene.start(Stage.clear(Stage.B));
    H1Client client = scene.stage.client();

    client.raw("POST", REQUEST);
    scene.stage.await(client, 1);

    Message seen = origin.request(0).message;
    assertThat(seen.bodyText()).isEqualTo("abc");
    assertThat(seen.fieldNames())
        .doesNotContain("x-hop", "keep-alive", "proxy-connection", "upgrade", "http2-settings")
        .contains("x-keep");
    assertThat(String.valueOf(seen.field("connection")).toLowerCase(Locale.ROOT))
        .doesNotContain("x-hop", "keep-alive");
    scene.leak();
  }

  @Test
  void clientOfH2GetsNoneOfThem() {
    H1Origin origin = scene.stage.origin();
    origin.answering((request, on) -> on.respond(RESPONSE));
    scene.start(Stage.clear(Stage.B));

    H2Client.Answer answer = scene.await(scene.client().get("/"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content.toString()).isEqualTo("abc");
    assertThat(answer.fields()).extracting(Field::name).doesNotContain(HOP).contains("x-keep");
    scene.leak();
  }

  /** A Connection field must not take away what the message is made of, or what the proxy adds. */
  @Test
  void connectionCannotNameWhatTheMessageNeeds() {
    H2Origin origin = scene.h2Origin(true);
    scene.start(H2Scene.h2Server(true));
    H1Client client = scene.stage.client();

    client.raw(
        "POST",
        "POST / HTTP/1.1\r\nHost: h\r\nConnection: Host, Content-Length, X-Forwarded-For\r\n"
            + "Content-Length: 3\r\n\r\nabc");
    scene.stage.await(client, 1);

    assertThat(client.response(0).status()).isEqualTo(200);
    H2Origin.Request seen = origin.requests().get(0);
    assertThat(seen.field(":authority")).isEqualTo("h");
    assertThat(seen.field("content-length")).isEqualTo("3");
    assertThat(seen.content.toString()).isEqualTo("abc");
    scene.leak();
  }

  /** RFC 9113 8.2.2: a client of h2 that sends one of them has sent a malformed request. */
  @Test
  void clientOfH2MaySendNoneOfThem() {
    H1Origin origin = scene.stage.origin();
    scene.start(Stage.clear(Stage.B));
    H2Client client = scene.client();

    H2Client.Answer answer =
        scene.await(
            client.ask(
                true,
                ":method",
                "GET",
                ":scheme",
                "https",
                ":path",
                "/",
                ":authority",
                Pki.NAME,
                "connection",
                "x-hop"));

    assertThat(answer.reset != null || answer.status() == 400).isTrue();
    assertThat(scene.await(client.get("/next")).status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(1);
    scene.leak();
  }
}
