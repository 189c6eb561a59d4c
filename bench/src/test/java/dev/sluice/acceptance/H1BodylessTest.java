package dev.sluice.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Scenario H1-2: messages without a body (RFC 9112 6.3, RFC 9110 6.4.1). */
class H1BodylessTest {
  private static final String DELIMITER = "|";

  /**
   * All answers of the setup, each on L1 and L2: the response is complete with its head, and both
   * connections are used again.
   *
   * @param method of the first request
   * @param answer start line and fields, divided by bars
   * @param length the Content-Length that the client must see; "-" for none
   */
  @ParameterizedTest(name = "{0} {1}, TLS {3}")
  @CsvSource({
    "HEAD, HTTP/1.1 200 OK|Content-Length: 5, 5, false",
    "HEAD, HTTP/1.1 200 OK|Content-Length: 5, 5, true",
    "HEAD, HTTP/1.1 200 OK|Transfer-Encoding: chunked, -, false",
    "HEAD, HTTP/1.1 200 OK|Transfer-Encoding: chunked, -, true",
    "GET, HTTP/1.1 204 No Content, -, false",
    "GET, HTTP/1.1 204 No Content, -, true",
    "GET, HTTP/1.1 304 Not Modified|Content-Length: 5, 5, false",
    "GET, HTTP/1.1 304 Not Modified|Content-Length: 5, 5, true",
    "GET, HTTP/1.1 304 Not Modified, -, false",
    "GET, HTTP/1.1 304 Not Modified, -, true",
    "GET, HTTP/1.1 304 Not Modified|Transfer-Encoding: chunked, -, false",
    "GET, HTTP/1.1 304 Not Modified|Transfer-Encoding: chunked, -, true",
    "GET, HTTP/1.1 205 Reset Content|Content-Length: 0, 0, false",
    "GET, HTTP/1.1 205 Reset Content|Content-Length: 0, 0, true",
    "GET, HTTP/1.1 200 OK|Content-Length: 0, 0, false",
    "GET, HTTP/1.1 200 OK|Content-Length: 0, 0, true",
  })
  void responseIsWholeWithItsHeadAndBothConnectionsGoOn(
      String method, String answer, String length, boolean secure) {
    Stage stage = new Stage();
    H1Origin origin = stage.origin();
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/first")) {
            on.respond(answer.replace(DELIMITER, "\r\n") + "\r\n\r\n");
          } else {
            on.ok("second");
          }
        });
    stage.start(Stage.clear(Stage.B));
    H1Client client = secure ? stage.secureClient() : stage.client();

    client.ask(method, "/first", null);
    stage.await(client, 1);
    client.get("/second");
    stage.await(client, 2);

    Message first = client.response(0);
    int status = first.status();
    assertThat(first.startLine()).startsWith(answer.substring(0, 12));
    assertThat(first.field("content-length")).isEqualTo(length.equals("-") ? null : length);
    if (status == 204 || status == 304) {
      assertThat(first.fieldNames()).doesNotContain("transfer-encoding");
    }
    assertThat(first.fieldNames()).doesNotContain("connection");
    assertThat(client.response(1).status()).isEqualTo(200);
    assertThat(client.response(1).bodyText()).isEqualTo("second");
    assertThat(client.wire().over()).isFalse();
    assertThat(origin.connections()).as("connections to the server").hasSize(1);
    stage.leak();
  }

  /**
   * "204 with chunked": a 204 has no content whatever its fields say (RFC 9112 6.1 forbids the
   * field), so it goes out without the coding; the server's connection may be given up, since
   * nobody knows whether chunks follow.
   */
  @ParameterizedTest
  @CsvSource({"false", "true"})
  void codingOfAResponseThatCannotHaveContentIsNotPassedOn(boolean secure) {
    Stage stage = new Stage();
    H1Origin origin = stage.origin();
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/first")) {
            on.respond("HTTP/1.1 204 No Content\r\nTransfer-Encoding: chunked\r\n\r\n");
          } else {
            on.ok("second");
          }
        });
    stage.start(Stage.clear(Stage.B));
    H1Client client = secure ? stage.secureClient() : stage.client();

    client.get("/first");
    stage.await(client, 1);
    client.get("/second");
    stage.await(client, 2);

    assertThat(client.response(0).status()).isEqualTo(204);
    assertThat(client.response(0).fieldNames())
        .doesNotContain("transfer-encoding", "content-length");
    assertThat(client.response(1).bodyText()).isEqualTo("second");
    assertThat(origin.connections()).as("connections to the server").hasSize(1);
    stage.leak();
  }
}
