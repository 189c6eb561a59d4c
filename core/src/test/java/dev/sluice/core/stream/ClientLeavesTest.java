package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/** A client leaves while its connection to the server is being made. */
class ClientLeavesTest extends EngineTest {
  private static final OriginPlan SLOW =
      OriginPlan.multi().with(PeerScript.agreeing(TestMuxProvider.MULTI).after(300 * MILLI));

  @Test
  void connectionWhoseRequesterLeftInTheHandshakeIsPooled() {
    TestOrigin origin = origin(1, SLOW);
    rig.startHttp(negotiating("a", origin));
    TestClient client = client();
    client.get(1, 100);
    runFor(100);

    client.reset();
    settle();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
    assertThat(rig.server("a").requests()).isZero();
    assertThat(rig.server("a").connections()).isEqualTo(1);
    runFor(300);
    assertThat(rig.server("a").idle()).isEqualTo(1);

    assertThat(getDone().status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(1);
    assertThat(origin.requests()).hasSize(1);
    assertThat(rig.server("a").reuses()).isEqualTo(1);
  }

  @Test
  void connectionWhoseRequesterLeftInTheConnectIsPooled() {
    rig.startHttp(ServerConfig.with("a", EngineRig.origin(1), BOTH, null));
    TestOrigin origin = origin(1, OriginPlan.multi());
    TestClient client = client();
    client.get(1, 100);
    rig.simulation().runUntil(() -> rig.server("a").connections() == 1);

    client.reset();
    settle();

    assertThat(rig.server("a").idle()).isEqualTo(1);
    assertThat(origin.requests()).isEmpty();
    assertThat(rig.onlyRecord().status()).isZero();
  }

  @Test
  void connectionWhoseRequesterLeftWhileAStepIsLentIsPooled() {
    rig.startHttp(negotiating("a", origin(1, OriginPlan.multi())));
    rig.simulation().executor().hold();
    TestClient client = client();
    client.get(1, 100);
    settle();

    client.reset();
    settle();
    assertThat(rig.records()).hasSize(1);
    rig.simulation().executor().proceed();
    settle();

    assertThat(rig.server("a").idle()).isEqualTo(1);
  }

  @Test
  void connectionWhoseRequesterLeftServesTheOneThatWaits() {
    TestOrigin origin = origin(1, SLOW);
    rig.startHttp(negotiating("a", origin).withLimits(1, 10, 10));
    TestClient leaving = client();
    leaving.get(1, 100);
    settle();
    ClientExchange waiting = get();
    settle();
    assertThat(rig.server("a").waiting()).isEqualTo(1);

    leaving.reset();
    rig.await(waiting);

    assertThat(waiting.status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void connectionWhoseRequesterLeftIsClosedIfThePoolDoesNotWantIt() {
    TestOrigin origin = origin(1, SLOW);
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.NEVER)), negotiating("a", origin));
    TestClient client = client();
    client.get(1, 100);
    runFor(100);

    client.reset();
    runFor(300);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(origin.connection(0).over()).isTrue();
  }

  @Test
  void muxThatThrowsAtALaterStreamCostsItsConnectionNotTheRequest() {
    rig.simulation().tolerate(problem -> String.valueOf(problem.getMessage()).contains("asked"));
    TestOrigin origin = origin(1, SLOW);
    rig.startHttp(negotiating("a", origin));
    TestClient client = client();
    client.get(1, 100);
    runFor(100);
    client.reset();
    runFor(500);
    assertThat(rig.server("a").idle()).isEqualTo(1);
    rig.multi().breakAttaching(1);

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(2);
    assertThat(origin.connection(0).over()).isTrue();
  }

  @Test
  void handshakeThatFailsAfterItsRequesterLeftIsTriedNoMore() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.multi()
                .with(PeerScript.answering(PeerScript.Answer.GARBAGE).after(300 * MILLI)));
    rig.startHttp(negotiating("a", origin));
    TestClient client = client();
    client.get(1, 100);
    runFor(100);

    client.reset();
    runFor(300);

    assertThat(origin.connections()).hasSize(1);
    assertThat(rig.server("a").connections()).isZero();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
    assertThat(rig.onlyRecord().retries()).isZero();
  }

  @Test
  void handshakeThatTimesOutAfterItsRequesterLeftIsClosed() {
    TestOrigin origin =
        origin(1, OriginPlan.multi().with(PeerScript.answering(PeerScript.Answer.SILENCE)));
    rig.startHttp(negotiating("a", origin));
    TestClient client = client();
    client.get(1, 100);
    runFor(100);

    client.reset();
    runFor(2000);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void streamOfAConnectionThatGoesOnIsCutAlone() {
    TestOrigin origin = origin(1, SLOW);
    rig.startHttp(negotiating("a", origin));
    TestClient client =
        TestClient.connect(rig.simulation(), "client", EngineRig.FRONT, PeerScript.clear(), true);
    ClientExchange leaves = client.get(1, 100);
    ClientExchange stays = client.get(2, 100);
    runFor(100);

    client.leave(leaves);
    rig.await(stays);

    assertThat(stays.status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(1);
    client.close();
    settle();
    assertThat(rig.records())
        .extracting(ExchangeRecord::cause)
        .containsExactlyInAnyOrder(CloseCause.CLIENT_ABORT, CloseCause.COMPLETE);
  }

  @Test
  void clientThatLeavesTheLineMakesRoomForTheNext() {
    TestOrigin origin =
        origin(1, OriginPlan.single().answering(r -> r.after(300 * MILLI, r::answer)));
    rig.startHttp(negotiating("a", origin).withLimits(1, 1, 10));
    ClientExchange busy = get();
    settle();
    TestClient first = client();
    first.get(100, 100);
    settle();
    ClientExchange second = get();
    settle();
    assertThat(rig.server("a").waiting()).isEqualTo(2);

    first.reset();
    settle();
    assertThat(rig.server("a").waiting()).isEqualTo(1);
    rig.await(second);

    assertThat(busy.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
  }

  @Test
  void engineThatStopsInTheHandshakeLeavesNothing() {
    TestOrigin origin = origin(1, SLOW);
    rig.startHttp(negotiating("a", origin));
    ClientExchange exchange = get();
    runFor(100);

    rig.stopNow();

    assertThat(exchange.over()).isTrue();
    assertThat(rig.onlyRecord().cause().origin()).isNotEqualTo(CloseCause.Origin.NOBODY);
    assertThat(origin.connection(0).over()).isTrue();
  }

  /** Many clients come and go at random moments over a slow connect and a slow handshake. */
  @Test
  void comingAndGoingLeavesTheServerUsable() {
    TestOrigin origin = origin(1, SLOW.settingsAfter(100 * MILLI));
    rig.startHttp(negotiating("a", origin).withLimits(64, 1000, 1000));
    SplittableRandom random = new SplittableRandom(1);
    List<TestClient> leaving = new ArrayList<>();
    int most = 0;
    for (int i = 0; i < 1000; i++) {
      TestClient client = rig.client("leaver-" + i);
      client.get(1000 + i, 50);
      int how = i % 3;
      rig.simulation()
          .network()
          .schedule(
              random.nextLong(400 * MILLI),
              () -> {
                switch (how) {
                  case 0 -> client.closeNow();
                  case 1 -> client.reset();
                  default -> client.close();
                }
              });
      leaving.add(client);
      runFor(5);
      most = Math.max(most, rig.server("a").connections());
    }
    runFor(3000);
    assertThat(rig.server("a").requests()).isZero();
    assertThat(rig.server("a").waiting()).isZero();
    assertThat(most).isBetween(2, 64);

    for (int i = 0; i < 100; i++) {
      assertThat(getDone().status()).isEqualTo(200);
    }
    leaving.forEach(client -> assertThat(client.wire().over()).isTrue());
  }
}
