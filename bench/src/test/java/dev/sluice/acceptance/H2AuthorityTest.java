package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.peers.H2Peer.Field;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario H2-2: :authority and Host (RFC 9113 8.3.1, RFC 9110 7.2, RFC 9112 3.2). */
class H2AuthorityTest {
  private final H2Scene scene = new H2Scene();

  private static List<Field> request(String authority, String host) {
    List<Field> fields =
        new ArrayList<>(Field.list(":method", "GET", ":scheme", "https", ":path", "/"));
    if (!authority.equals("-")) {
      fields.add(new Field(":authority", authority));
    }
    if (!host.equals("-")) {
      fields.add(new Field("host", host));
    }
    return fields;
  }

  /** a, b, c. */
  @ParameterizedTest
  @CsvSource({"h:8443, -, h:8443", "-, h, h", "h, h, h"})
  void serverOfH1SeesExactlyOneHost(String authority, String host, String expected) {
    H1Origin origin = scene.stage.origin();
    scene.start(Stage.clear(Stage.B));

    H2Client.Answer answer = scene.await(scene.client().ask(true, request(authority, host)));

    assertThat(answer.status()).isEqualTo(200);
    Message message = origin.request(0).message;
    assertThat(message.head().lines().filter(line -> line.regionMatches(true, 0, "host:", 0, 5)))
        .hasSize(1);
    assertThat(message.field("host")).isEqualTo(expected);
    scene.leak();
  }

  /** a, b, c. */
  @ParameterizedTest
  @CsvSource({"h:8443, -, h:8443", "-, h, h", "h, h, h"})
  void serverOfH2SeesOneAuthority(String authority, String host, String expected) {
    H2Origin origin = scene.h2Origin(true);
    scene.start(H2Scene.h2Server(true));

    H2Client.Answer answer = scene.await(scene.client().ask(true, request(authority, host)));

    assertThat(answer.status()).isEqualTo(200);
    assertAuthority(origin.requests().get(0), expected);
    scene.leak();
  }

  /** d, e, f: nobody could say whom the request is for. */
  @ParameterizedTest
  @CsvSource({"h, other", "-, -", "user@h, -"})
  void requestThatIsForNobodyInParticularIsRefused(String authority, String host) {
    H1Origin origin = scene.stage.origin();
    scene.start(Stage.clear(Stage.B));
    H2Client client = scene.client();

    H2Client.Answer answer = scene.await(client.ask(true, request(authority, host)));
    H2Client.Answer next = scene.await(client.get("/next"));

    assertThat(answer.reset != null || answer.status() == 400)
        .as("stream error or 400: " + answer.reset + " " + answer.status())
        .isTrue();
    assertThat(next.status()).as("the connection goes on").isEqualTo(200);
    assertThat(origin.requests()).hasSize(1);
    scene.leak();
  }

  /** g: treated as CONNECT, by servers of either version. */
  @Test
  void connectHasNeitherSchemeNorPath() {
    H2Origin origin = scene.h2Origin(true);
    origin.atHead(request -> request.head(false, ":status", "200"));
    origin.atContent(request -> request.send(request.content.toString(), true));
    scene.start(H2Scene.h2Server(true));
    H2Client client = scene.client();

    H2Client.Answer answer = client.ask(false, ":method", "CONNECT", ":authority", "h:443");
    client.content(answer, "through", true);
    scene.await(answer);

    H2Origin.Request seen = origin.requests().get(0);
    assertThat(seen.fields).contains(new Field(":method", "CONNECT"));
    assertThat(seen.field(":authority")).isEqualTo("h:443");
    assertThat(seen.names()).doesNotContain(":scheme", ":path", ":protocol");
    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.content.toString()).isEqualTo("through");
    scene.leak();
  }

  /** g, to a server of h1. */
  @Test
  void connectGoesToAServerOfH1InItsOwnForm() {
    H1Origin origin = scene.stage.origin();
    origin.answering((request, on) -> on.respond("HTTP/1.1 405 No\r\nContent-Length: 0\r\n\r\n"));
    scene.start(Stage.clear(Stage.B));

    H2Client.Answer answer =
        scene.await(scene.client().ask(true, ":method", "CONNECT", ":authority", "h:443"));

    assertThat(answer.status()).isEqualTo(405);
    assertThat(origin.request(0).message.startLine()).isEqualTo("CONNECT h:443 HTTP/1.1");
    assertThat(origin.request(0).message.field("host")).isEqualTo("h:443");
    scene.leak();
  }

  /** h, i. */
  @ParameterizedTest
  @CsvSource({"/, h", "http://h/, other"})
  void requestOfH1HasOneAuthorityToAServerOfH2(String target, String host) {
    H2Origin origin = scene.h2Origin(true);
    scene.start(H2Scene.h2Server(true));
    H1Client client = scene.stage.client();

    client.raw("GET", "GET " + target + " HTTP/1.1\r\nHost: " + host + "\r\n\r\n");
    scene.stage.await(client, 1);

    assertThat(client.response(0).status()).isEqualTo(200);
    assertAuthority(origin.requests().get(0), "h");
    scene.leak();
  }

  private static void assertAuthority(H2Origin.Request request, String expected) {
    List<String> said = new ArrayList<>(request.values(":authority"));
    said.addAll(request.values("host"));
    assertThat(said).isNotEmpty().containsOnly(expected);
  }
}
