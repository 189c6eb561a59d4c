package dev.sluice.pairings;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.AccessLogOptions;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.TerminationState;
import dev.sluice.core.stream.Router;
import dev.sluice.core.stream.Suspension;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where the time of clear h1 exchanges went, to the nanosecond of the simulated clock. */
class RecordsTest {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.1", 80);
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.2", 8080);
  private static final long MILLI = 1_000_000L;
  private static final long ONE_WAY = 10 * MILLI;
  private static final String ENDS = "\r\n\r\n";

  private final Simulation simulation =
      new Simulation(1, SimOptions.calm().withLatency(ONE_WAY, ONE_WAY));
  private final List<ExchangeRecord> records = new ArrayList<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private EngineSnapshot run(BackendConfig backend, Router router) throws IOException {
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, backend.name(), ListenerConfig.clear(FRONT))
            .backend(backend)
            .router(router)
            .observer(record -> records.add(record.snapshot()))
            .accessLog(AccessLogOptions.stream(log))
            .drivenLoops(
                EngineLoops.driven(
                    simulation.addLoops(1, LoopLimits.defaults()), simulation.executor()))
            .build()) {
      engine.start();
      simulation.runFor(120_000 * MILLI);
      return engine.snapshot();
    }
  }

  private EngineSnapshot run(BackendConfig backend) throws IOException {
    return run(backend, call -> {});
  }

  private static BackendConfig backend(Reuse reuse) {
    return BackendConfig.of("app", ServerConfig.clear("a", SERVER))
        .withPool(PoolConfig.reuse(reuse));
  }

  private ExchangeRecord record(int number) {
    ExchangeRecord record = records.get(number - 1);
    long stages =
        record.requestNanos()
            + record.routingNanos()
            + record.queueNanos()
            + record.lostNanos()
            + record.connectNanos()
            + record.handshakeNanos()
            + record.waitNanos()
            + record.responseNanos();
    assertThat(stages).isEqualTo(record.totalNanos());
    return record;
  }

  private static String get(String path) {
    return "GET " + path + " HTTP/1.1\r\nHost: example.org\r\n\r\n";
  }

  private static String ok(String content) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + content.length() + ENDS + content;
  }

  private List<String> logLines() {
    return log.toString(StandardCharsets.US_ASCII).lines().toList();
  }

  @Test
  void eachStageHasItsTimeAndAReusedConnectionNoOldOnes() throws IOException {
    SimServer.listen(
        simulation,
        SERVER,
        peer -> {
          for (int i = 0; i < 2; i++) {
            peer.expectUntil(ENDS)
                .pause(200 * MILLI)
                .send("HTTP/1.1 200 OK\r\nContent-Length: 10" + ENDS + "01234")
                .pause(300 * MILLI)
                .send("56789");
          }
          peer.expectClosed();
        });
    ScriptedPeer.connect(simulation, "client", FRONT)
        .send(get("/one"))
        .expectUntil("56789")
        .send(get("/two"))
        .expectUntil("56789")
        .close();

    EngineSnapshot snapshot = run(backend(Reuse.ALWAYS));

    simulation.verifyScripts();
    assertThat(records).hasSize(2);
    ExchangeRecord first = record(1);
    assertThat(first.reused()).isFalse();
    assertThat(first.path()).isEqualTo("/one");
    assertThat(first.host()).isEqualTo("example.org");
    assertThat(first.requestNanos()).isZero();
    assertThat(first.connectNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(first.handshakeNanos()).isZero();
    assertThat(first.lostNanos()).isZero();
    assertThat(first.waitNanos()).isEqualTo(2 * ONE_WAY + 200 * MILLI);
    assertThat(first.firstByteNanos()).isEqualTo(4 * ONE_WAY + 200 * MILLI);
    assertThat(first.responseNanos()).isEqualTo(300 * MILLI);
    assertThat(first.bytesToClient()).isEqualTo(10);
    assertThat(first.status()).isEqualTo(200);
    ExchangeRecord second = record(2);
    assertThat(second.reused()).isTrue();
    assertThat(second.backProtocol()).isEqualTo("h1");
    assertThat(second.connectNanos()).isZero();
    assertThat(second.handshakeNanos()).isZero();
    assertThat(second.lostNanos()).isZero();
    assertThat(second.waitNanos()).isEqualTo(2 * ONE_WAY + 200 * MILLI);
    assertThat(snapshot.exchanges().reused()).isEqualTo(1);
    assertThat(snapshot.exchanges().byStatusClass(2)).isEqualTo(2);
    assertThat(snapshot.server("app", "a").dials()).isEqualTo(1);
    assertThat(snapshot.server("app", "a").reuses()).isEqualTo(1);
    assertThat(logLines()).hasSize(2);
    assertThat(logLines().get(0))
        .contains(" method=GET host=example.org path=/one status=200 ", " conn=new mux=connect ");
    assertThat(logLines().get(1)).contains(" path=/two status=200 ", " conn=reused mux=connect ");
  }

  @Test
  void headThatComesInPiecesTakesTheTimeBetweenThem() throws IOException {
    SimServer.listen(
        simulation, SERVER, peer -> peer.expectUntil(ENDS).send(ok("x")).expectClosed());
    ScriptedPeer.connect(simulation, "client", FRONT)
        .send("GET / HTT")
        .pause(40 * MILLI)
        .send("P/1.1\r\nHost: h")
        .pause(30 * MILLI)
        .send("\r\n\r\n")
        .expectUntil("x")
        .close();

    run(backend(Reuse.NEVER));

    assertThat(record(1).requestNanos()).isEqualTo(70 * MILLI);
    assertThat(record(1).totalNanos()).isEqualTo(70 * MILLI + 4 * ONE_WAY);
  }

  @Test
  void headThatNeverEndsIsOneRecordWithItsTime() throws IOException {
    ScriptedPeer.connect(simulation, "client", FRONT).send("GET / HTT").expectUntil(ENDS).close();

    EngineSnapshot snapshot = run(backend(Reuse.NEVER));

    assertThat(records).hasSize(1);
    ExchangeRecord record = record(1);
    assertThat(record.termination())
        .isEqualTo(
            new TerminationState(
                ExchangePhase.REQUEST, CloseCause.Origin.CLIENT, CloseCause.CLIENT_TIMEOUT));
    assertThat(record.status()).isEqualTo(408);
    assertThat(record.requestNanos()).isEqualTo(record.totalNanos()).isGreaterThan(1_000 * MILLI);
    assertThat(record.clientAddress()).isNotNull();
    assertThat(snapshot.exchanges().byCause(CloseCause.CLIENT_TIMEOUT)).isEqualTo(1);
    assertThat(snapshot.exchanges().byStatusClass(4)).isEqualTo(1);
  }

  @Test
  void attemptOnADeadConnectionIsLostTimeOfTheOneThatIsAnswered() throws IOException {
    int[] connections = {0};
    SimServer.listen(
        simulation,
        SERVER,
        peer -> {
          if (connections[0]++ == 0) {
            // Gone with the second request in hand: the connection had been used before.
            peer.expectUntil(ENDS).send(ok("x")).expectUntil(ENDS).pause(50 * MILLI).reset();
          } else {
            peer.expectUntil(ENDS).send(ok("y")).expectClosed();
          }
        });
    ScriptedPeer.connect(simulation, "client", FRONT)
        .send(get("/1"))
        .expectUntil("x")
        .send(get("/2"))
        .expectUntil("y")
        .close();

    EngineSnapshot snapshot = run(backend(Reuse.ALWAYS));

    simulation.verifyScripts();
    ExchangeRecord second = record(2);
    assertThat(second.attempts()).isEqualTo(2);
    assertThat(second.retries()).isEqualTo(1);
    assertThat(second.reused()).isFalse();
    assertThat(second.lostNanos()).isEqualTo(2 * ONE_WAY + 50 * MILLI);
    assertThat(second.connectNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(second.waitNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(second.termination().complete()).isTrue();
    assertThat(snapshot.exchanges().retries()).isEqualTo(1);
  }

  @Test
  void answerOfOurOwnKeepsThePhaseInWhichTheExchangeFailed() throws IOException {
    simulation.network().refuse(SERVER);
    ScriptedPeer.connect(simulation, "client", FRONT)
        .send(get("/"))
        .expectUntil(ENDS)
        .expectUntil("Gateway\n")
        .close();

    run(backend(Reuse.NEVER).withRetry(new RetryConfig(0, 0)));

    ExchangeRecord record = record(1);
    assertThat(record.termination())
        .isEqualTo(
            new TerminationState(
                ExchangePhase.CONNECT, CloseCause.Origin.SERVER, CloseCause.CONNECT_REFUSED));
    assertThat(record.status()).isEqualTo(502);
    assertThat(record.lostNanos()).isEqualTo(2 * ONE_WAY).isEqualTo(record.firstByteNanos());
    assertThat(record.bytesToClient()).isEqualTo("502 Bad Gateway\n".length());
    assertThat(logLines()).singleElement().asString().contains(" status=502 backend=app server=a ");
  }

  @Test
  void contentIsCountedOnceAndWithoutItsFraming() throws IOException {
    SimServer.listen(
        simulation,
        SERVER,
        peer -> peer.expectUntil("0\r\n\r\n").send(ok("answer")).expectClosed());
    ScriptedPeer.connect(simulation, "client", FRONT)
        .send("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n")
        .send("5\r\nhello\r\n3\r\nyou\r\n0\r\n\r\n")
        .expectUntil("answer")
        .close();

    run(backend(Reuse.NEVER));

    simulation.verifyScripts();
    assertThat(record(1).bytesFromClient()).isEqualTo(8);
    assertThat(record(1).bytesToClient()).isEqualTo(6);
    assertThat(record(1).method()).isEqualTo("POST");
  }

  @Test
  void routersTimeIsRoutingTime() throws IOException {
    SimServer.listen(
        simulation, SERVER, peer -> peer.expectUntil(ENDS).send(ok("x")).expectClosed());
    ScriptedPeer.connect(simulation, "client", FRONT).send(get("/")).expectUntil("x").close();

    run(
        backend(Reuse.NEVER),
        call -> {
          Suspension suspension = call.suspend(Duration.ofSeconds(1));
          simulation.network().schedule(60 * MILLI, () -> suspension.forward("app"));
        });

    simulation.verifyScripts();
    assertThat(record(1).routingNanos()).isEqualTo(60 * MILLI);
    assertThat(record(1).connectNanos()).isEqualTo(2 * ONE_WAY);
  }
}
