package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L2;
import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.WireCounts;
import dev.sluice.core.observe.WireEvent;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** Scenario OB1: where the time went, when every delay is known. */
class WhereTheTimeWentTest {
  private static final long ONE_WAY_MILLIS = 25;
  private static final long ROUND_TRIP_MILLIS = 2 * ONE_WAY_MILLIS;

  private static final long QUEUE_MILLIS = 100;
  private static final long CONNECT_MILLIS = ROUND_TRIP_MILLIS;

  /** TLS 1.3 takes one round trip, and the origin hesitates. */
  private static final long HANDSHAKE_MILLIS = ROUND_TRIP_MILLIS + 30;

  /** On its way, thought about, and on its way back. */
  private static final long FIRST_BYTE_MILLIS = 200;

  private static final long BODY_MILLIS = 300;
  private static final long TOLERANCE_NANOS = 20 * MILLI;

  private final Stage stage =
      new Stage(
          1,
          SimOptions.calm()
              .withLatency(ONE_WAY_MILLIS * MILLI, ONE_WAY_MILLIS * MILLI)
              .withExecutorDelay(0),
          1);

  private static void answerSlowly(H1Origin.Connection on) {
    on.after(
        (FIRST_BYTE_MILLIS - ROUND_TRIP_MILLIS) * MILLI,
        () -> {
          on.respond("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
          on.after(BODY_MILLIS * MILLI, () -> on.respond("cd"));
        });
  }

  private static void took(String what, long nanos, long millis) {
    assertThat(nanos).as(what).isCloseTo(millis * MILLI, within(TOLERANCE_NANOS));
  }

  private static void sumsUp(ExchangeRecord record) {
    assertThat(
            record.requestNanos()
                + record.routingNanos()
                + record.queueNanos()
                + record.lostNanos()
                + record.connectNanos()
                + record.handshakeNanos()
                + record.waitNanos()
                + record.responseNanos())
        .isEqualTo(record.totalNanos());
    assertThat(
            record.routingNanos()
                + record.queueNanos()
                + record.lostNanos()
                + record.connectNanos()
                + record.handshakeNanos()
                + record.waitNanos())
        .isEqualTo(record.firstByteNanos());
  }

  private void complete(ExchangeRecord record, String front, String back, int retries) {
    sumsUp(record);
    assertThat(record.cause()).isEqualTo(CloseCause.COMPLETE);
    assertThat(record.endedBy()).isEqualTo(CloseCause.Origin.NOBODY);
    assertThat(record.status()).isEqualTo(200);
    assertThat(record.frontProtocol()).isEqualTo(front);
    assertThat(record.backProtocol()).isEqualTo(back);
    assertThat(record.retries()).isEqualTo(retries);
    assertThat(record.backSession().version()).isEqualTo("TLSv1.3");
    took("first byte", record.waitNanos(), FIRST_BYTE_MILLIS);
    took("body", record.responseNanos(), BODY_MILLIS);
  }

  private void newConnection(ExchangeRecord record, long handshakeMillis) {
    assertThat(record.reused()).isFalse();
    took("connect", record.connectNanos(), CONNECT_MILLIS);
    took("handshake", record.handshakeNanos(), handshakeMillis);
  }

  private void reusedConnection(ExchangeRecord record) {
    assertThat(record.reused()).isTrue();
    assertThat(record.connectNanos()).isZero();
    assertThat(record.handshakeNanos()).isZero();
  }

  @Test
  void newReusedAndRetriedRequestsAreToldStageByStage() {
    AtomicBoolean dies = new AtomicBoolean();
    H1Origin origin =
        stage
            .origin(Pki.server("http/1.1"))
            // From the accept; the first words of the handshake come a round trip later.
            .handshakesAfter(HANDSHAKE_MILLIS * MILLI)
            .answering(
                (request, on) -> {
                  if (request.path().equals("/dies") && dies.getAndSet(false)) {
                    on.wire().closeNow();
                  } else if (!request.path().equals("/holds")) {
                    answerSlowly(on);
                  }
                });
    ServerConfig server = Stage.secure(B, Pki.client("http/1.1")).withLimits(8, 1, 8);
    stage.start(Pki.server("h2", "http/1.1"), server, UnaryOperator.identity());

    // One request holds the only permit, and loses it 100 ms after the next one has come.
    H1Client client = stage.client();
    H1Client holder = stage.client().ask("POST", "/holds", "x");
    stage.simulation().runUntil(() -> origin.requests().size() == 1);
    client.get("/first");
    stage.runFor(QUEUE_MILLIS * MILLI);
    origin.connections().get(0).wire().reset();
    stage.await(client, 1);
    stage.await(client.get("/again"), 2);
    dies.set(true);
    stage.await(client.get("/dies"), 3);
    stage.runFor(100 * MILLI);

    assertThat(holder.status()).isEqualTo(502);
    List<ExchangeRecord> records = stage.records();
    assertThat(records).hasSize(4);
    ExchangeRecord first = records.get(1);
    complete(first, "h1", "h1", 0);
    newConnection(first, HANDSHAKE_MILLIS);
    assertThat(records.get(0).backSession().resumed()).isFalse();
    assertThat(first.backSession().resumed()).as("the session of the first connection").isTrue();
    took("queue", first.queueNanos(), QUEUE_MILLIS);
    assertThat(first.lostNanos()).isZero();
    assertThat(first.bytesToClient()).isEqualTo(4);
    took(
        "all of it",
        first.totalNanos(),
        QUEUE_MILLIS + CONNECT_MILLIS + HANDSHAKE_MILLIS + FIRST_BYTE_MILLIS + BODY_MILLIS);

    ExchangeRecord again = records.get(2);
    complete(again, "h1", "h1", 0);
    reusedConnection(again);
    assertThat(again.queueNanos()).isZero();
    assertThat(again.backSession()).isSameAs(first.backSession());

    ExchangeRecord retried = records.get(3);
    complete(retried, "h1", "h1", 1);
    newConnection(retried, HANDSHAKE_MILLIS);
    took("what the first attempt took", retried.lostNanos(), ROUND_TRIP_MILLIS);

    ServerSnapshot counted = stage.server();
    assertThat(counted.dials()).isEqualTo(origin.connections().size()).isEqualTo(3);
    assertThat(counted.reuses()).isEqualTo(2);
    assertThat(counted.retries()).isEqualTo(1);
    assertThat(counted.connections()).isEqualTo(origin.open()).isEqualTo(1);
    assertThat(counted.idle()).isEqualTo(1);
    assertThat(counted.busy()).isZero();
    EngineSnapshot snapshot = stage.engine().snapshot();
    assertThat(snapshot.exchanges().attempts()).isEqualTo(origin.requests().size()).isEqualTo(5);
    assertThat(snapshot.wire().servers(WireEvent.HANDSHAKE_FULL)).isEqualTo(1);
    assertThat(snapshot.wire().servers(WireEvent.HANDSHAKE_RESUMED)).isEqualTo(2);
    assertThat(snapshot.wire().servers(WireEvent.HANDSHAKE_FAILED)).isZero();
    assertThat(snapshot.wire().servers(WireEvent.CONNECTION_RESET_RECEIVED)).isEqualTo(1);
    stage.leak();
  }

  @Test
  void requestsThatShareAConnectionAreToldEachForItself() {
    TlsServerConfig tls = Pki.server("h2");
    H2Origin origin =
        H2Origin.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()))
            .answering(
                request ->
                    stage
                        .simulation()
                        .network()
                        .schedule(
                            (FIRST_BYTE_MILLIS - ROUND_TRIP_MILLIS) * MILLI,
                            () -> {
                              request.head(false, ":status", "200");
                              stage
                                  .simulation()
                                  .network()
                                  .schedule(BODY_MILLIS * MILLI, () -> request.send("abcd", true));
                            }));
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, Pki.client("h2", "http/1.1")),
        UnaryOperator.identity());
    H2Client client = secureH2Client();
    List<H2Client.Answer> answers = new ArrayList<>();
    answers.add(client.get("/0"));
    stage.simulation().runUntil(() -> origin.requests().size() == 1);
    answers.add(client.get("/1"));
    answers.add(client.get("/2"));
    stage.simulation().runUntil(() -> answers.stream().allMatch(H2Client.Answer::over));
    H2Client.Answer late = client.get("/late");
    stage.simulation().runUntil(late::over);
    stage.runFor(100 * MILLI);

    assertThat(origin.connections()).hasSize(1);
    assertThat(stage.records()).hasSize(4);
    ExchangeRecord opened = stage.records().get(0);
    complete(opened, "h2", "h2", 0);
    newConnection(opened, ROUND_TRIP_MILLIS);
    assertThat(opened.queueNanos()).isZero();
    for (ExchangeRecord shared : stage.records().subList(1, 3)) {
      complete(shared, "h2", "h2", 0);
      reusedConnection(shared);
      assertThat(shared.queueNanos()).isZero();
    }
    ExchangeRecord last = stage.records().get(3);
    complete(last, "h2", "h2", 0);
    reusedConnection(last);
    assertThat(last.queueNanos()).isZero();
    ServerSnapshot counted = stage.server();
    assertThat(counted.dials()).isEqualTo(1);
    assertThat(counted.reuses()).isEqualTo(3);
    assertThat(stage.engine().snapshot().wire().servers(WireEvent.HANDSHAKE_FULL)).isEqualTo(1);
    assertThat(stage.engine().snapshot().wire().clients(WireEvent.HANDSHAKE_FULL)).isEqualTo(1);
    client.close();
    stage.leak();
  }

  @Test
  void gaugesFollowARequestThroughItsStages() {
    H1Origin origin = stage.origin(Pki.server("http/1.1")).answering((r, on) -> answerSlowly(on));
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, Pki.client("http/1.1")).withLimits(1, ServerConfig.UNLIMITED, 1),
        builder -> builder);
    stage.client().get("/1");
    stage.runFor((3 * ONE_WAY_MILLIS + 20) * MILLI);
    assertThat(stage.server().connecting()).isEqualTo(1);
    assertThat(stage.server().busy()).isZero();
    stage.client().get("/2");
    H1Client refused = stage.client();
    stage.runFor(100 * MILLI);
    refused.get("/3");
    stage.await(refused, 1);

    assertThat(refused.status()).isEqualTo(503);
    assertThat(stage.server().connecting()).isZero();
    assertThat(stage.server().busy()).isEqualTo(1);
    assertThat(stage.server().idle()).isZero();
    assertThat(stage.server().waiting()).isEqualTo(1);
    assertThat(stage.server().refused()).containsOnlyKeys(CloseCause.QUEUE_FULL).containsValue(1L);
    stage.simulation().runUntil(() -> origin.requests().size() == 2);
    assertThat(stage.server().waiting()).isZero();
    stage.simulation().runUntil(() -> stage.records().size() == 3);
    stage.runFor(MILLI);
    assertThat(stage.server().busy()).isZero();
    assertThat(stage.server().idle()).isEqualTo(1);
    stage.leak();
  }

  @Test
  void failuresResetsAndGoAwaysAreCountedAsThePeersSawThem() {
    TlsServerConfig tls = Pki.server("h2");
    H2Origin origin =
        H2Origin.listen(stage.simulation(), B, () -> new EngineEnd(tls.newEngine()))
            .answering(
                request -> {
                  switch (request.field(":path")) {
                    case "/reset" ->
                        request.connection.frames.reset(request.stream, H2ErrorCode.INTERNAL_ERROR);
                    case "/last" -> {
                      request.connection.frames.goAway(request.stream, H2ErrorCode.NO_ERROR);
                      request.ok("last");
                    }
                    case "/silent" -> {
                      // Until the client has enough of it.
                    }
                    default -> request.ok("ok");
                  }
                });
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.secure(B, Pki.client("h2", "http/1.1")),
        builder -> builder);
    // Speaks no TLS.
    H1Client clear = stage.client(L2, null).get("/");
    // Says nothing at all.
    H1Client mute = stage.client(L2, null);
    H2Client client = secureH2Client();
    over(client.get("/ok"));
    H2Client.Answer reset = over(client.ask(true, post("/reset")));
    H2Client.Answer left = client.get("/silent");
    stage.runFor(300 * MILLI);
    client.frames().reset(left.stream, H2ErrorCode.CANCEL);
    stage.runFor(300 * MILLI);
    over(client.get("/last"));
    stage.runFor(300 * MILLI);
    mute.wire().close();
    clear.wire().close();
    stage.runFor(300 * MILLI);

    WireCounts wire = stage.engine().snapshot().wire();
    assertThat(reset.status()).isEqualTo(502);
    assertThat(wire.clients(WireEvent.HANDSHAKE_FULL)).isEqualTo(1);
    assertThat(wire.clients(WireEvent.HANDSHAKE_FAILED)).isEqualTo(1);
    assertThat(wire.servers(WireEvent.HANDSHAKE_FULL)).isEqualTo(origin.connections().size());
    assertThat(wire.servers(WireEvent.HANDSHAKE_FAILED)).isZero();
    assertThat(wire.servers(WireEvent.STREAM_RESET_RECEIVED)).isEqualTo(1);
    assertThat(wire.clients(WireEvent.STREAM_RESET_RECEIVED)).isEqualTo(1);
    long resetsSeen = origin.requests().stream().filter(request -> request.reset != null).count();
    assertThat(wire.servers(WireEvent.STREAM_RESET_SENT)).isEqualTo(resetsSeen).isEqualTo(1);
    assertThat(wire.clients(WireEvent.STREAM_RESET_SENT)).isZero();
    assertThat(wire.servers(WireEvent.GO_AWAY_RECEIVED)).isEqualTo(1);
    assertThat(wire.clients(WireEvent.GO_AWAY_SENT)).isEqualTo(client.goAways().size()).isZero();

    stage.engine().drain(Duration.ofSeconds(5));
    stage.runFor(2_000 * MILLI);
    wire = stage.engine().snapshot().wire();
    assertThat(client.goAways()).hasSize(2);
    assertThat(wire.clients(WireEvent.GO_AWAY_SENT)).isEqualTo(2);
    stage.leak();
  }

  @Test
  void connectsThatFailAreCountedByTheirCause() {
    stage.start(Pki.server("h2", "http/1.1"), Stage.clear(B), UnaryOperator.identity());
    H1Client client = stage.client().get("/");
    stage.await(client, 1);
    stage.runFor(100 * MILLI);

    assertThat(client.status()).isEqualTo(502);
    ServerSnapshot counted = stage.server();
    assertThat(counted.connectFailures())
        .containsOnlyKeys(CloseCause.CONNECT_REFUSED)
        .containsValue(counted.dials());
    assertThat(counted.dials()).isEqualTo(stage.connectFailures().size()).isPositive();
    stage.leak();
  }

  private H2Client.Answer over(H2Client.Answer answer) {
    stage.simulation().runUntil(answer::over);
    return answer;
  }

  private static String[] post(String path) {
    return new String[] {
      ":method", "POST", ":scheme", "https", ":path", path, ":authority", Pki.NAME
    };
  }

  private H2Client secureH2Client() {
    TlsClientConfig tls = Pki.client("h2");
    return H2Client.connect(stage.simulation(), L2, () -> new EngineEnd(tls.newEngine(Pki.NAME)));
  }
}
