package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.peers.H2Peer.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario H2-1: cookies, which come in pieces and go to h1 in one (RFC 9113 8.2.3). */
class H2CookiesTest {
  private final H2Scene scene = new H2Scene();

  private static List<Field> request(List<String> cookies) {
    List<Field> fields =
        new ArrayList<>(
            Field.list(":method", "GET", ":scheme", "https", ":path", "/", ":authority", Pki.NAME));
    fields.add(new Field("accept", "*/*"));
    for (String cookie : cookies) {
      fields.add(new Field("cookie", cookie));
      if (fields.size() == 7) {
        fields.add(new Field("x-between", "1"));
      }
    }
    return fields;
  }

  private static List<String> many() {
    return IntStream.range(0, 200).mapToObj(i -> "c" + i + "=" + i).toList();
  }

  @Test
  void serverOfH1GetsThemInOneField() {
    H1Origin origin = scene.stage.origin();
    scene.start(Stage.clear(Stage.B));

    scene.await(scene.client().ask(true, request(List.of("a=1", "b=2; c=3", "d="))));

    assertThat(cookieLines(origin.request(0).message)).containsExactly("cookie: a=1; b=2; c=3; d=");
    scene.leak();
  }

  @Test
  void twoHundredOfThemBecomeOneFieldToo() {
    H1Origin origin = scene.stage.origin();
    scene.start(Stage.clear(Stage.B));

    H2Client.Answer answer = scene.await(scene.client().ask(true, request(many())));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(cookieLines(origin.request(0).message))
        .containsExactly("cookie: " + String.join("; ", many()));
    scene.leak();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void serverOfH2GetsTheSamePairsInTheSameOrder(boolean secure) {
    H2Origin origin = scene.h2Origin(secure);
    scene.start(H2Scene.h2Server(secure));
    H2Client client = scene.client();

    scene.await(client.ask(true, request(List.of("a=1", "b=2; c=3", "d="))));
    scene.await(client.ask(true, request(many())));

    assertThat(pairs(origin.requests().get(0))).containsExactly("a=1", "b=2", "c=3", "d=");
    assertThat(pairs(origin.requests().get(1))).isEqualTo(many());
    scene.leak();
  }

  @Test
  void setCookieIsNeverJoined() {
    H1Origin origin = scene.stage.origin();
    origin.answering(
        (request, on) ->
            on.respond(
                "HTTP/1.1 200 OK\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Length: 0\r\n\r\n"));
    scene.start(Stage.clear(Stage.B));

    H2Client.Answer answer = scene.await(scene.client().get("/"));

    assertThat(answer.fields().stream().filter(f -> f.name().equals("set-cookie")))
        .extracting(Field::value)
        .containsExactly("a=1", "b=2");
    scene.leak();
  }

  private static List<String> cookieLines(Message message) {
    return message
        .head()
        .lines()
        .filter(line -> line.toLowerCase(java.util.Locale.ROOT).startsWith("cookie:"))
        .map(line -> "cookie:" + line.substring(7))
        .collect(Collectors.toList());
  }

  private static List<String> pairs(H2Origin.Request request) {
    return List.of(String.join("; ", request.values("cookie")).split("; "));
  }
}
