package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Idle connections go to the loop that wants them: four loops reuse as one shared pool would. */
class RelocationTest extends EngineTest {
  private static final OriginPlan HOLDING =
      OriginPlan.single().answering(r -> r.after(50 * MILLI, r::answer));

  @BeforeEach
  void fourLoops() {
    rig = new EngineRig(1, SimOptions.calm(), 4, LoopLimits.defaults());
  }

  private static BackendConfig always(BackendConfig backend) {
    return backend.withPool(PoolConfig.reuse(Reuse.ALWAYS));
  }

  @Test
  void requestsOneAfterTheOtherOnAllLoopsUseOneConnection() {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(RelocationTest::always, negotiating("a", origin));

    for (int i = 0; i < 40; i++) {
      assertThat(getDone().status()).isEqualTo(200);
      settle();
    }

    assertThat(origin.connections()).hasSize(1);
    assertThat(rig.server("a").moves()).isPositive();
    assertThat(rig.records().subList(1, 40)).allMatch(record -> record.reused());
  }

  @Test
  void muxOfManyStreamsMovesAsWell() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(RelocationTest::always, negotiating("a", origin));

    for (int i = 0; i < 20; i++) {
      assertThat(getDone().status()).isEqualTo(200);
      settle();
    }

    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void burstFindsTheIdleConnectionsOfAllLoops() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(RelocationTest::always, negotiating("a", origin));
    burst(20).forEach(rig::await);
    settle();

    List<ClientExchange> second = burst(20);
    second.forEach(rig::await);

    assertThat(second).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).hasSize(20);
  }

  @Test
  void connectionsStayOnTheirLoopsIfThereIsNoHandover() {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS).withHandover(Duration.ZERO)),
        negotiating("a", origin));

    for (int i = 0; i < 40; i++) {
      getDone();
      settle();
    }

    assertThat(origin.connections()).hasSizeBetween(2, 4);
    assertThat(rig.server("a").moves()).isZero();
  }

  @Test
  void waitersOfAllLoopsAreServedInTheOrderInWhichTheyCame() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(RelocationTest::always, negotiating("a", origin).withLimits(1, 1000, 100));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      exchanges.add(get());
      runFor(1);
    }

    exchanges.forEach(rig::await);

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).as("it went round").hasSize(1);
    List<Long> order = new ArrayList<>();
    for (OriginRequest request : origin.requests()) {
      order.add(request.seed());
    }
    assertThat(order).isSorted();
  }

  @Test
  void connectionThatNeverRestsIsNotKeptFromWaitersOfOtherLoops() {
    TestOrigin origin =
        origin(1, OriginPlan.multi().answering(r -> r.after(15 * MILLI, r::answer)));
    rig.startHttp(RelocationTest::always, negotiating("a", origin).withLimits(1, 1000, 100));
    // One client keeps the connection busy on its loop, by requests that overlap.
    TestClient greedy =
        TestClient.connect(rig.simulation(), "greedy", EngineRig.FRONT, PeerScript.clear(), true);
    List<ClientExchange> running = new ArrayList<>();
    List<ClientExchange> others = new ArrayList<>();
    for (int i = 0; i < 60; i++) {
      running.add(greedy.get(1000 + i, 10));
      runFor(5);
      if (i == 20) {
        for (int n = 0; n < 4; n++) {
          others.add(get());
        }
      }
    }
    assertThat(others).as("meanwhile").allMatch(exchange -> exchange.status() == 200);
    running.forEach(rig::await);
    greedy.close();

    assertThat(running).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).hasSize(1);
    assertThat(rig.server("a").moves()).isPositive();
  }

  @Test
  void askersFromOneLoopShareOutWhatTheOthersHave() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(RelocationTest::always, negotiating("a", origin));
    burst(12).forEach(rig::await);
    settle();
    int before = origin.connections().size();
    TestClient many =
        TestClient.connect(rig.simulation(), "many", EngineRig.FRONT, PeerScript.clear(), true);
    List<ClientExchange> asked = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      asked.add(many.get(2000 + i, 10));
    }

    asked.forEach(rig::await);
    many.close();

    assertThat(asked).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).as("there were enough").hasSize(before);
    assertThat(rig.server("a").moves()).isPositive();
  }

  @Test
  void idleLimitGoesOnThroughAMove() {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(RelocationTest::always, negotiating("a", origin));
    for (int i = 0; i < 8; i++) {
      getDone();
      settle();
    }
    assertThat(rig.server("a").idle()).isEqualTo(1);

    runFor(10_100);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(origin.connection(0).wire().wire().wasReset()).isTrue();
  }

  private List<ClientExchange> burst(int count) {
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      exchanges.add(get());
    }
    return exchanges;
  }
}
