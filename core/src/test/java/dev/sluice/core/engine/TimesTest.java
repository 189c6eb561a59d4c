package dev.sluice.core.engine;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Where the time of an exchange went, when all its delays are known. */
class TimesTest extends EngineTest {
  private static final long ONE_WAY = 25 * MILLI;
  private static final int BYTES = 100;

  /** Takes its only slot for 420 ms and then dies; from then on every answer takes its time. */
  private TestOrigin origin() {
    PeerScript handshake = PeerScript.agreeing(TestMuxProvider.SINGLE).after(30 * MILLI);
    OriginPlan slow = OriginPlan.clear().with(handshake).answering(TimesTest::answerSlowly);
    OriginPlan dying =
        slow.answering(
            request -> request.after(420 * MILLI, () -> request.connection().wire().reset()));
    return TestOrigin.listen(
        rig.simulation(), EngineRig.origin(1), number -> number == 0 ? dying : slow);
  }

  private static void answerSlowly(OriginRequest request) {
    request.after(150 * MILLI, () -> request.answerInPart(BYTES / 2));
    request.after(450 * MILLI, () -> request.answerRest(BYTES / 2));
  }

  @BeforeEach
  void networkWithAKnownLatency() {
    rig =
        new EngineRig(
            1,
            SimOptions.calm().withLatency(ONE_WAY, ONE_WAY).withExecutorDelay(0),
            1,
            LoopLimits.defaults());
  }

  private static void assertConsistent(ExchangeRecord record) {
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
  }

  @Test
  void everyStageIsToldAndAReusedConnectionShowsNoneOfTheOldOnes() {
    TestOrigin origin = origin();
    rig.startHttp(
        backend ->
            backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)).withRetry(new RetryConfig(0, 0)),
        negotiating("a", origin).withLimits(8, 1, 8));
    client().get(1, BYTES);
    // The first request comes to the engine at 75 ms, to the origin at 230, and its end back at
    // 675; the second one comes to the engine at 575.
    runFor(500);
    TestClient client = client();
    ClientExchange first = client.get(2, BYTES);
    rig.await(first);
    ClientExchange second = client.get(3, BYTES);
    rig.await(second);

    assertThat(origin.connections()).hasSize(2);
    ExchangeRecord fresh = rig.records().get(1);
    assertConsistent(fresh);
    assertThat(fresh.queueNanos()).isEqualTo(100 * MILLI);
    assertThat(fresh.connectNanos()).isEqualTo(50 * MILLI);
    assertThat(fresh.handshakeNanos()).isEqualTo(80 * MILLI);
    assertThat(fresh.waitNanos()).isEqualTo(200 * MILLI);
    assertThat(fresh.responseNanos()).isEqualTo(300 * MILLI);
    assertThat(fresh.firstByteNanos()).isEqualTo(430 * MILLI);
    assertThat(fresh.totalNanos()).isEqualTo(730 * MILLI);
    assertThat(fresh.reused()).isFalse();
    assertThat(fresh.muxAfterHandshake()).isTrue();
    assertThat(fresh.retries()).isZero();
    assertThat(fresh.endedBy()).isEqualTo(CloseCause.Origin.NOBODY);
    assertThat(fresh.bytesToClient()).isEqualTo(BYTES);

    ExchangeRecord reused = rig.records().get(2);
    assertConsistent(reused);
    assertThat(reused.reused()).isTrue();
    assertThat(reused.queueNanos()).isZero();
    assertThat(reused.lostNanos()).isZero();
    assertThat(reused.connectNanos()).isZero();
    assertThat(reused.handshakeNanos()).isZero();
    assertThat(reused.waitNanos()).isEqualTo(200 * MILLI);
    assertThat(reused.responseNanos()).isEqualTo(300 * MILLI);
    assertThat(reused.totalNanos()).isEqualTo(500 * MILLI);
  }

  @Test
  void handshakesOfBothSidesAreToldAndAReusedOneIsToldAgain() {
    TestOrigin origin = origin();
    origin.become(OriginPlan.single());
    rig.startHttp(negotiating("a", origin));
    TestClient client = client();
    rig.await(client.get(1, BYTES));
    rig.await(client.get(2, BYTES));

    for (ExchangeRecord record : rig.records()) {
      assertThat(record.frontSession().isNone()).as("clear client").isTrue();
      assertThat(record.frontProtocol()).isEqualTo("single");
      assertThat(record.backProtocol()).isEqualTo("single");
      assertThat(record.backSession().version()).isEqualTo("simulated");
      assertThat(record.backSession().serverName()).isEqualTo("a.example");
      assertThat(record.backSession().applicationProtocol()).isEqualTo(TestMuxProvider.SINGLE);
      assertThat(record.backSession().resumed()).isFalse();
    }
    assertThat(rig.records().get(1).backSession())
        .as("one object for each connection")
        .isSameAs(rig.records().get(0).backSession());
  }
}
