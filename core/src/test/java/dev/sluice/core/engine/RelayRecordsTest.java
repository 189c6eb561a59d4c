package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.EngineLoops;
import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.AccessLogOptions;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.observe.TerminationState;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.Seeds;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** What the records of a relay tell, to the nanosecond of the simulated clock. */
class RelayRecordsTest {
  private static final InetSocketAddress FRONT = new InetSocketAddress("192.0.2.1", 80);
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.2", 8080);
  private static final InetSocketAddress OTHER = new InetSocketAddress("192.0.2.3", 8080);
  private static final InetSocketAddress CLIENT = new InetSocketAddress("192.0.2.99", 5123);

  private static final long MILLI = 1_000_000L;
  private static final long ONE_WAY = 10 * MILLI;

  private final Simulation simulation =
      new Simulation(1, SimOptions.calm().withLatency(ONE_WAY, ONE_WAY));
  private final List<ExchangeRecord> records = new ArrayList<>();
  private final List<String> failures = new ArrayList<>();
  private final ByteArrayOutputStream log = new ByteArrayOutputStream();

  private final ProxyObserver observer =
      new ProxyObserver() {
        @Override
        public void onExchange(ExchangeRecord record) {
          records.add(record.snapshot());
        }

        @Override
        public void onConnectFailed(String server, Failure failure) {
          failures.add(server + " " + failure.cause());
        }
      };

  /** Runs the script, ends the engine, and returns what it has told. */
  private EngineSnapshot run(Simulation in, BackendConfig backend, Consumer<ProxyEngine> script)
      throws IOException {
    TimeoutConfig defaults = TimeoutConfig.defaults();
    TimeoutConfig timeouts =
        new TimeoutConfig(
            Duration.ofMillis(500),
            defaults.handshake(),
            Duration.ofMillis(200),
            defaults.client(),
            defaults.server(),
            defaults.httpRequest(),
            defaults.keepAlive(),
            Duration.ofSeconds(5),
            defaults.idle(),
            defaults.linger());
    EngineLoops loops = EngineLoops.driven(in.addLoops(1, LoopLimits.defaults()), in.executor());
    EngineSnapshot snapshot;
    try (ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("relay", ProxyMode.TCP, backend.name(), ListenerConfig.clear(FRONT))
            .backend(backend)
            .timeouts(timeouts)
            .observer(observer)
            .accessLog(
                AccessLogOptions.stream(log)
                    .withClock(InstantSource.fixed(Instant.parse("2026-11-25T10:25:00Z"))))
            .drivenLoops(loops)
            .build()) {
      engine.start();
      script.accept(engine);
      snapshot = engine.snapshot();
    }
    return snapshot;
  }

  private EngineSnapshot run(BackendConfig backend) throws IOException {
    return run(simulation, backend, engine -> simulation.runFor(20_000 * MILLI));
  }

  private static BackendConfig one() {
    return BackendConfig.tcp("servers", ServerConfig.clear("a", SERVER));
  }

  private ScriptedPeer client() {
    return ScriptedPeer.connect(simulation, "client", FRONT, CLIENT);
  }

  private ExchangeRecord record() {
    assertThat(records).hasSize(1);
    return checked(records.get(0));
  }

  private static ExchangeRecord checked(ExchangeRecord record) {
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
    assertThat(List.of(record.requestNanos(), record.routingNanos(), record.queueNanos()))
        .allMatch(nanos -> nanos >= 0);
    assertThat(List.of(record.lostNanos(), record.connectNanos(), record.handshakeNanos()))
        .allMatch(nanos -> nanos >= 0);
    assertThat(List.of(record.waitNanos(), record.responseNanos())).allMatch(nanos -> nanos >= 0);
    return record;
  }

  private static void assertEnd(
      ExchangeRecord record, ExchangePhase phase, CloseCause.Origin by, CloseCause cause) {
    assertThat(record.termination()).isEqualTo(new TerminationState(phase, by, cause));
  }

  @Test
  void completeExchange() throws IOException {
    SimServer.listen(
        simulation,
        SERVER,
        peer -> peer.expect("hello").pause(200 * MILLI).send("welcome").expectEnd().close());
    client().send("hello").expect("welcome").shutdownOutput().expectEnd().close();

    EngineSnapshot snapshot = run(one());

    simulation.verifyScripts();
    ExchangeRecord record = record();
    assertThat(record.frontend()).isEqualTo("relay");
    assertThat(record.clientAddress()).isEqualTo(CLIENT);
    assertThat(record.backend()).isEqualTo("servers");
    assertThat(record.server()).isEqualTo("a");
    assertThat(record.frontProtocol()).isEqualTo("tcp");
    assertThat(record.backProtocol()).isEqualTo("tcp");
    assertThat(record.reused()).isFalse();
    assertThat(record.muxAfterHandshake()).isFalse();
    assertThat(record.attempts()).isEqualTo(1);
    assertThat(record.retries()).isZero();
    assertThat(record.bytesFromClient()).isEqualTo(5);
    assertThat(record.bytesToClient()).isEqualTo(7);
    assertThat(record.status()).isZero();
    // A connect is a way there and one back; so is the wait, with the server's pause within.
    assertThat(record.connectNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(record.handshakeNanos()).isZero();
    assertThat(record.queueNanos()).isZero();
    assertThat(record.lostNanos()).isZero();
    assertThat(record.waitNanos()).isEqualTo(2 * ONE_WAY + 200 * MILLI);
    assertThat(record.firstByteNanos()).isEqualTo(4 * ONE_WAY + 200 * MILLI);
    assertEnd(record, ExchangePhase.DONE, CloseCause.Origin.NOBODY, CloseCause.COMPLETE);

    assertThat(snapshot.exchanges().ended()).isEqualTo(1);
    assertThat(snapshot.exchanges().byCause(CloseCause.COMPLETE)).isEqualTo(1);
    assertThat(snapshot.exchanges().byStatusClass(0)).isEqualTo(1);
    assertThat(snapshot.exchanges().bytesToClients()).isEqualTo(7);
    assertThat(snapshot.loops().get(0).buffersRefused()).isZero();
    assertThat(log.toString(StandardCharsets.US_ASCII).lines())
        .singleElement()
        .asString()
        .contains(" client=192.0.2.99:5123 frontend=relay method=- host=- path=- status=0 ")
        .contains(" backend=servers server=a front=tcp back=tcp conn=new mux=connect retries=0 ")
        .contains(" in=5 out=7 ", " t_connect=20000 t_handshake=0 t_wait=220000 ")
        .contains(" t_first=240000 ", " phase=DONE by=NOBODY cause=COMPLETE ");
  }

  @Test
  void refusedServerIsLostTimeOfTheNextOne() throws IOException {
    simulation.network().refuse(SERVER);
    SimServer.listen(simulation, OTHER, peer -> peer.expect("x").send("y").expectEnd().close());
    client().send("x").expect("y").shutdownOutput().expectEnd().close();

    BackendConfig two =
        BackendConfig.tcp(
            "servers", ServerConfig.clear("a", SERVER), ServerConfig.clear("b", OTHER));
    EngineSnapshot snapshot = run(two);

    simulation.verifyScripts();
    ExchangeRecord record = record();
    assertThat(record.attempts()).isEqualTo(2);
    assertThat(record.retries()).isEqualTo(1);
    assertThat(record.server()).isEqualTo("b");
    assertThat(record.lostNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(record.connectNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(failures).containsExactly("a CONNECT_REFUSED");
    assertThat(snapshot.exchanges().retries()).isEqualTo(1);
    assertThat(snapshot.exchanges().attempts()).isEqualTo(2);
    assertThat(snapshot.exchanges().connectFailures(CloseCause.CONNECT_REFUSED)).isEqualTo(1);
    assertThat(snapshot.server("servers", "a").connectFailures())
        .containsOnly(org.assertj.core.api.Assertions.entry(CloseCause.CONNECT_REFUSED, 1L));
  }

  @Test
  void noServerThatAnswersEndsInThePhaseOfTheConnect() throws IOException {
    simulation.network().blackhole(SERVER);
    client().expectClosed();

    EngineSnapshot snapshot = run(one().withRetry(new RetryConfig(0, 0)));

    ExchangeRecord record = record();
    assertEnd(record, ExchangePhase.CONNECT, CloseCause.Origin.SERVER, CloseCause.CONNECT_TIMEOUT);
    assertThat(record.totalNanos()).isEqualTo(500 * MILLI);
    assertThat(record.lostNanos()).isEqualTo(500 * MILLI);
    assertThat(record.connectNanos()).isZero();
    assertThat(record.waitNanos()).isZero();
    assertThat(record.firstByteNanos()).isZero();
    assertThat(record.backProtocol()).isEmpty();
    assertThat(snapshot.exchanges().byCause(CloseCause.CONNECT_TIMEOUT)).isEqualTo(1);
  }

  @Test
  void clientThatLeavesWhileTheServerIsConnectedIsTold() throws IOException {
    simulation.network().blackhole(SERVER);
    client().send("x").pause(100 * MILLI).reset();

    run(one());

    ExchangeRecord record = record();
    assertEnd(record, ExchangePhase.CONNECT, CloseCause.Origin.CLIENT, CloseCause.CLIENT_ABORT);
    assertThat(record.bytesFromClient()).isZero();
  }

  @Test
  void queueIsCountedOnceAndNotAsConnect() throws IOException {
    SimServer.listen(
        simulation,
        SERVER,
        peer -> peer.expect("x").pause(100 * MILLI).send("y").expectEnd().close());
    for (int i = 0; i < 2; i++) {
      ScriptedPeer.connect(simulation, "client-" + i, FRONT)
          .send("x")
          .expect("y")
          .shutdownOutput()
          .expectEnd()
          .close();
    }

    run(BackendConfig.tcp("servers", ServerConfig.clear("a", SERVER).withLimits(1, 1, 10)));

    simulation.verifyScripts();
    assertThat(records).hasSize(2);
    ExchangeRecord first = checked(records.get(0));
    ExchangeRecord second = checked(records.get(1));
    assertThat(first.queueNanos()).isZero();
    assertThat(second.queueNanos()).isGreaterThanOrEqualTo(first.connectNanos() + 100 * MILLI);
    assertThat(second.connectNanos()).isEqualTo(2 * ONE_WAY);
    assertThat(second.lostNanos()).isZero();
    assertThat(second.attempts()).isEqualTo(1);
  }

  @Test
  void queueThatLastsTooLongIsAllTheTimeThereWas() throws IOException {
    SimServer.listen(simulation, SERVER, peer -> peer.expect("x").expectClosed());
    ScriptedPeer.connect(simulation, "holder", FRONT).send("x").expectClosed();
    ScriptedPeer.connect(simulation, "waiter", FRONT).send("x").expectClosed();

    EngineSnapshot snapshot =
        run(BackendConfig.tcp("servers", ServerConfig.clear("a", SERVER).withLimits(1, 1, 10)));

    ExchangeRecord waiter = checked(records.get(0));
    assertEnd(waiter, ExchangePhase.QUEUE, CloseCause.Origin.PROXY, CloseCause.QUEUE_TIMEOUT);
    assertThat(waiter.queueNanos()).isEqualTo(200 * MILLI).isEqualTo(waiter.totalNanos());
    ExchangeRecord holder = checked(records.get(1));
    assertEnd(holder, ExchangePhase.TUNNEL, CloseCause.Origin.PROXY, CloseCause.TUNNEL_TIMEOUT);
    assertThat(snapshot.exchanges().byCause(CloseCause.QUEUE_TIMEOUT)).isEqualTo(1);
  }

  @Test
  void clientThatLeavesTheLineHasItsWaitTold() throws IOException {
    SimServer.listen(simulation, SERVER, peer -> peer.expect("x").expectClosed());
    ScriptedPeer.connect(simulation, "holder", FRONT).send("x").expectClosed();
    ScriptedPeer.connect(simulation, "waiter", FRONT).send("x").pause(50 * MILLI).reset();

    run(BackendConfig.tcp("servers", ServerConfig.clear("a", SERVER).withLimits(1, 1, 10)));

    ExchangeRecord waiter = checked(records.get(0));
    assertEnd(waiter, ExchangePhase.QUEUE, CloseCause.Origin.CLIENT, CloseCause.CLIENT_ABORT);
    assertThat(waiter.queueNanos()).isPositive().isEqualTo(waiter.totalNanos());
  }

  @Test
  void fullLineIsTold() throws IOException {
    SimServer.listen(simulation, SERVER, peer -> peer.expect("x").expectClosed());
    for (int i = 0; i < 3; i++) {
      ScriptedPeer.connect(simulation, "client-" + i, FRONT).send("x").expectClosed();
    }

    run(BackendConfig.tcp("servers", ServerConfig.clear("a", SERVER).withLimits(1, 1, 1)));

    ExchangeRecord refused = checked(records.get(0));
    assertEnd(refused, ExchangePhase.QUEUE, CloseCause.Origin.PROXY, CloseCause.QUEUE_FULL);
    assertThat(refused.queueNanos()).isZero();
    assertThat(refused.attempts()).isEqualTo(1);
  }

  @Test
  void serverThatResetsIsTold() throws IOException {
    SimServer.listen(simulation, SERVER, peer -> peer.expect("x").send("abc").flush().reset());
    client().send("x").expectClosed();

    run(one());

    ExchangeRecord record = record();
    assertEnd(record, ExchangePhase.TUNNEL, CloseCause.Origin.SERVER, CloseCause.SERVER_ABORT);
    assertThat(record.bytesFromClient()).isEqualTo(1);
  }

  @Test
  void clientThatResetsIsTold() throws IOException {
    SimServer.listen(simulation, SERVER, peer -> peer.expect("x").send("abc").expectClosed());
    client().send("x").expect("abc").reset();

    run(one());

    ExchangeRecord record = record();
    assertEnd(record, ExchangePhase.TUNNEL, CloseCause.Origin.CLIENT, CloseCause.CLIENT_ABORT);
    assertThat(record.bytesToClient()).isEqualTo(3);
    assertThat(record.firstByteNanos()).isEqualTo(4 * ONE_WAY);
  }

  @Test
  void serverThatNeverSpeaksIsWaitedForTillTheEnd() throws IOException {
    SimServer.listen(simulation, SERVER, peer -> peer.expect("x").expectEnd().close());
    client().send("x").pause(70 * MILLI).shutdownOutput().expectEnd().close();

    run(one());

    ExchangeRecord record = record();
    assertThat(record.firstByteNanos()).isZero();
    assertThat(record.responseNanos()).isZero();
    assertThat(record.waitNanos()).isEqualTo(record.totalNanos() - record.connectNanos());
  }

  @Test
  void eachExchangeHasOneRecordAndOneCounterWhateverHappens() throws IOException {
    Seeds.forEach(
        100,
        seed -> {
          records.clear();
          SimOptions options = SimOptions.hostile(new SplittableRandom(seed), 6);
          Simulation rough = new Simulation(seed, options);
          SimServer.listen(
              rough,
              SERVER,
              peer -> peer.toleratesLoss().expectPattern(1, 5_000).sendPattern(2, 9_000).close());
          for (int i = 0; i < 6; i++) {
            ScriptedPeer peer =
                ScriptedPeer.connect(rough, "client-" + i, FRONT)
                    .toleratesLoss()
                    .sendPattern(1, 5_000)
                    .expectPattern(2, 9_000)
                    .close();
            rough.network().schedule(60_000 * MILLI, peer::closeNow);
          }
          EngineSnapshot snapshot;
          try {
            snapshot =
                run(
                    rough,
                    BackendConfig.tcp(
                        "servers", ServerConfig.clear("a", SERVER).withLimits(3, 3, 2)),
                    engine -> rough.runFor(120_000 * MILLI));
          } catch (IOException e) {
            throw new AssertionError(e);
          }
          long byCause = 0;
          for (CloseCause cause : CloseCause.values()) {
            byCause += snapshot.exchanges().byCause(cause);
          }
          assertThat(snapshot.exchanges().begun()).isEqualTo(records.size());
          assertThat(snapshot.exchanges().ended()).isEqualTo(records.size());
          assertThat(byCause).isEqualTo(records.size());
          for (ExchangeRecord record : records) {
            checked(record);
            assertThat(record.bytesFromClient()).isBetween(0L, 5_000L);
            assertThat(record.bytesToClient()).isBetween(0L, 9_000L);
          }
        });
  }
}
