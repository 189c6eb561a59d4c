package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario H1-2 for a client of h2: messages without a body (RFC 9113 8.1, RFC 9110 6.4.1). */
class H2BodylessTest {
  /**
   * All answers of the setup: the stream ends with the head, and both connections are used again.
   *
   * @param method of the first request
   * @param answer start line and fields, divided by bars
   * @param length the content-length that the client must see; "-" for none
   */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({
    "HEAD, HTTP/1.1 200 OK|Content-Length: 5, 5",
    "HEAD, HTTP/1.1 200 OK|Transfer-Encoding: chunked, -",
    "GET, HTTP/1.1 204 No Content, -",
    "GET, HTTP/1.1 204 No Content|Transfer-Encoding: chunked, -",
    "GET, HTTP/1.1 304 Not Modified|Content-Length: 5, 5",
    "GET, HTTP/1.1 304 Not Modified, -",
    "GET, HTTP/1.1 304 Not Modified|Transfer-Encoding: chunked, -",
    "GET, HTTP/1.1 205 Reset Content|Content-Length: 0, 0",
    "GET, HTTP/1.1 200 OK|Content-Length: 0, 0",
  })
  void responseEndsWithItsHeadAndBothConnectionsGoOn(String method, String answer, String length) {
    H2Scene scene = new H2Scene();
    H1Origin origin = scene.stage.origin();
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/first")) {
            on.respond(answer.replace("|", "\r\n") + "\r\n\r\n");
          } else {
            on.ok("second");
          }
        });
    scene.start(Stage.clear(Stage.B));
    H2Client client = scene.client();

    H2Client.Answer first =
        scene.await(
            client.ask(
                true,
                ":method",
                method,
                ":scheme",
                "https",
                ":path",
                "/first",
                ":authority",
                Pki.NAME));
    H2Client.Answer second = scene.await(client.get("/second"));

    assertThat(first.status()).isEqualTo(Integer.parseInt(answer.substring(9, 12)));
    assertThat(first.endedWithHead).as("END_STREAM with the head").isTrue();
    assertThat(first.field("content-length")).isEqualTo(length.equals("-") ? "" : length);
    assertThat(first.field("transfer-encoding")).isEmpty();
    assertThat(second.status()).isEqualTo(200);
    assertThat(second.content.toString()).isEqualTo("second");
    assertThat(client.goneAway()).isFalse();
    assertThat(origin.connections()).as("connections to the server").hasSize(1);
    scene.leak();
  }

  /** The mirror image: a server of h2 that answers without content, to a client of h1. */
  @ParameterizedTest(name = "{0} {1}")
  @CsvSource({"HEAD, 200, 5", "GET, 204, -", "GET, 304, 5", "GET, 304, -", "GET, 200, 0"})
  void serverOfH2AnswersWithoutContent(String method, String status, String length) {
    H2Scene scene = new H2Scene();
    H2Origin origin = scene.h2Origin(true);
    origin.answering(
        request -> {
          if (request.field(":path").equals("/second")) {
            request.ok("second");
          } else if (length.equals("-")) {
            request.head(true, ":status", status);
          } else {
            request.head(true, ":status", status, "content-length", length);
          }
        });
    scene.start(H2Scene.h2Server(true));
    H1Client client = scene.stage.client();

    client.ask(method, "/first", null);
    scene.stage.await(client, 1);
    client.get("/second");
    scene.stage.await(client, 2);

    assertThat(client.response(0).status()).isEqualTo(Integer.parseInt(status));
    assertThat(client.response(0).field("content-length"))
        .isEqualTo(length.equals("-") ? null : length);
    assertThat(client.response(0).fieldNames()).doesNotContain("transfer-encoding", "connection");
    assertThat(client.response(1).bodyText()).isEqualTo("second");
    assertThat(origin.connections()).as("connections to the server").hasSize(1);
    scene.leak();
  }
}
