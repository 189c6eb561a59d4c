package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.observe.CloseCause;
import org.junit.jupiter.api.Test;

/** Scenario H1-5: a client ends its half of the connection. */
class H1HalfClosesTest {
  private static final String BIG = "0123456789abcdef".repeat(65_536);

  private final Stage stage = new Stage();
  private final H1Origin origin = stage.origin();

  private static H1Origin.Connection only(H1Origin origin) {
    assertThat(origin.connections()).hasSize(1);
    return origin.connections().get(0);
  }

  /** Step a. */
  @Test
  void endBehindAWholeRequestStillGetsTheWholeResponse() {
    origin.answering((request, on) -> on.after(500 * MILLI, () -> on.ok(BIG)));
    stage.start(Stage.clear(Stage.B));
    H1Client client = stage.client().get("/slow");
    client.wire().finish();

    stage.simulation().runUntil(client::ended);

    assertThat(client.status()).isEqualTo(200);
    assertThat(client.response(0).bodyText()).isEqualTo(BIG);
    assertThat(client.wire().cleanlyEnded()).isTrue();
    assertThat(client.wire().socket().wasReset()).isFalse();
    stage.leak();
  }

  /** Step a, behind several requests. */
  @Test
  void endBehindSeveralRequestsStillGetsAllResponses() {
    stage.start(Stage.clear(Stage.B));
    H1Client client = stage.client();
    for (int i = 0; i < 200; i++) {
      client.get("/" + i);
    }
    client.wire().finish();

    stage.simulation().runUntil(client::ended);

    assertThat(client.responses()).hasSize(200).allMatch(each -> each.status() == 200);
    assertThat(client.response(199).bodyText()).isEqualTo("/199");
    stage.leak();
  }

  /** Step b. */
  @Test
  void endBehindWholeContentStillGetsTheWholeResponse() {
    origin.answering((request, on) -> on.ok(request.message.bodyText()));
    stage.start(Stage.clear(Stage.B));
    H1Client client = stage.client().ask("POST", "/", "0123456789");
    client.wire().finish();

    stage.simulation().runUntil(client::ended);

    assertThat(client.status()).isEqualTo(200);
    assertThat(client.response(0).bodyText()).isEqualTo("0123456789");
    assertThat(client.wire().socket().wasReset()).isFalse();
    stage.leak();
  }

  /** Step c. */
  @Test
  void endInsideContentNeverBecomesAWholeRequest() {
    stage.start(Stage.clear(Stage.B));
    H1Client client =
        stage.client().raw("POST", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 10\r\n\r\n0123");
    client.wire().finish();

    stage.simulation().runUntil(() -> client.wire().over() || client.ended());

    assertThat(client.status()).isIn(0, 400);
    stage.runFor(SECOND);
    assertThat(origin.requests()).noneMatch(H1Origin.Request::complete);
    assertThat(origin.open()).isZero();
    stage.leak();
  }

  /** Step d. */
  @Test
  void resetCancelsTheExchangeWithTheServer() {
    origin.answering((request, on) -> {});
    stage.start(Stage.clear(Stage.B));
    H1Client client = stage.client().get("/");
    stage.simulation().runUntil(() -> !origin.requests().isEmpty());
    client.wire().reset();

    stage.runFor(100 * MILLI);

    assertThat(only(origin).ended()).isTrue();
    assertThat(stage.records()).hasSize(1);
    assertThat(stage.records().get(0).cause()).isEqualTo(CloseCause.CLIENT_ABORT);
    assertThat(stage.server().requests()).isZero();
    stage.leak();
  }

  /** Step e. */
  @Test
  void endsOfAnUpgradedConnectionPassOneByOne() {
    origin.answering(
        (request, on) -> {
          on.upgrade();
          on.whenEnded(
              () ->
                  on.after(
                      300 * MILLI,
                      () -> {
                        on.wire().write("def");
                        on.wire().finish();
                      }));
          on.respond(
              "HTTP/1.1 101 Switching Protocols\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
        });
    stage.start(Stage.clear(Stage.B));
    H1Client client =
        stage
            .client()
            .raw("GET", "GET /up HTTP/1.1\r\nHost: h\r\nUpgrade: x\r\nConnection: Upgrade\r\n\r\n");
    stage.await(client, 1);
    assertThat(client.status()).isEqualTo(101);
    client.wire().write("abc");
    client.wire().finish();
    long finished = stage.now();

    stage.simulation().runUntil(() -> only(origin).ended());
    assertThat(only(origin).tunnel()).isEqualTo("abc");
    assertThat(client.ended()).isFalse();
    stage.simulation().runUntil(client::ended);

    assertThat(client.tunnel()).isEqualTo("def");
    assertThat(client.endNanos() - finished).isBetween(300 * MILLI, 400 * MILLI);
    assertThat(client.wire().socket().wasReset()).isFalse();
    stage.runFor(10 * MILLI);
    assertThat(stage.engine().snapshot().clientConnections()).isZero();
    assertThat(stage.server().connections()).isZero();
    stage.leak();
  }
}
