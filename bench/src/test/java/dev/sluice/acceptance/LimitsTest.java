package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.SimOptions;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The bounds of what an engine holds, each of them reached. */
class LimitsTest {
  private static final int FIELDS_MAX = 8;
  private static final int DRAIN_BYTES_MAX = 1_000;

  private static void start(Stage stage) {
    LimitConfig usual = LimitConfig.defaults();
    LimitConfig limits =
        new LimitConfig(
            usual.headBytesMax(),
            FIELDS_MAX,
            usual.informationalHeadsMax(),
            usual.outputBytesMax(),
            usual.replayBytesMax(),
            DRAIN_BYTES_MAX,
            usual.connectionsMax(),
            usual.buffersMax(),
            usual.acceptsPerTurnMax());
    stage.start(Pki.server("http/1.1"), Stage.clear(B), builder -> builder.limits(limits));
  }

  private static String fields(int count) {
    return "X: y\r\n".repeat(count);
  }

  @ParameterizedTest
  @ValueSource(ints = {FIELDS_MAX, FIELDS_MAX + 1})
  void requestHasNoMoreFieldsThanItMay(int count) {
    Stage stage = new Stage();
    H1Origin origin = stage.origin();
    start(stage);
    H1Client client = stage.client();
    client.raw("GET", "GET / HTTP/1.1\r\nHost: h\r\n" + fields(count - 1) + "\r\n");
    stage.await(client, 1);

    boolean allowed = count <= FIELDS_MAX;
    assertThat(client.status()).isEqualTo(allowed ? 200 : 431);
    assertThat(origin.requests()).hasSize(allowed ? 1 : 0);
    assertThat(stage.records()).hasSize(1);
    assertThat(stage.records().get(0).cause())
        .isEqualTo(allowed ? CloseCause.COMPLETE : CloseCause.BAD_REQUEST);
    stage.leak();
  }

  @ParameterizedTest
  @ValueSource(ints = {FIELDS_MAX, FIELDS_MAX + 1})
  void responseHasNoMoreFieldsThanItMay(int count) {
    Stage stage = new Stage();
    stage.origin().answering((request, on) -> on.ok("a", fields(count - 1)));
    start(stage);
    H1Client client = stage.client().ask("POST", "/", "x");
    stage.await(client, 1);

    boolean allowed = count <= FIELDS_MAX;
    assertThat(client.status()).isEqualTo(allowed ? 200 : 502);
    assertThat(stage.records().get(0).cause())
        .isEqualTo(allowed ? CloseCause.COMPLETE : CloseCause.RESPONSE_TOO_LARGE);
    stage.leak();
  }

  @ParameterizedTest
  @ValueSource(ints = {DRAIN_BYTES_MAX, DRAIN_BYTES_MAX + 1})
  void noMoreOfAnUnwantedRequestIsDroppedThanMayBe(int left) {
    Stage stage = new Stage();
    stage.origin().atHead((request, on) -> on.ok("early"));
    start(stage);
    H1Client client = stage.client();
    String head = "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: " + left + "\r\n\r\n";
    client.raw("POST", head);
    stage.await(client, 1);
    boolean allowed = left <= DRAIN_BYTES_MAX;
    String connection = client.response(0).field("connection");
    if (allowed) {
      assertThat(connection).isNull();
      client.raw("GET", "z".repeat(left) + "GET /2 HTTP/1.1\r\nHost: h\r\n\r\n");
      stage.await(client, 2);
      assertThat(client.response(1).status()).isEqualTo(200);
    } else {
      assertThat(connection).isEqualTo("close");
      stage.runFor(100 * MILLI);
      assertThat(client.ended()).isTrue();
    }
    stage.leak();
  }

  @Test
  void outputThatFindsNoBufferWaitsUntilOthersAreRead() {
    int bytes = 300_000;
    Stage stage =
        new Stage(
            1,
            SimOptions.calm().withBuffers(4_096, 4_096),
            1,
            LoopLimits.defaults().withDirectBuffers(LoopLimits.TLS_RECORD_BYTES_MAX, 8, 8, 4));
    stage.origin().answering((request, on) -> on.ok("z".repeat(bytes)));
    stage.start(Stage.clear(B));
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < 6; i++) {
      H1Client client = stage.client().get("/" + i);
      client.wire().socket().stopReading();
      clients.add(client);
    }
    stage.runFor(500 * MILLI);
    assertThat(stage.engine().snapshot().loops().get(0).buffersRefused()).isPositive();

    clients.forEach(client -> client.wire().socket().startReading());
    for (H1Client client : clients) {
      stage.await(client, 1);
      assertThat(client.response(0).body.size()).isEqualTo(bytes);
    }
    stage.leak();
  }
}
