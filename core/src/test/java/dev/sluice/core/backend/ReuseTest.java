package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.message.Method;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
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
import org.junit.jupiter.api.Test;

/** What a connection is used for after the stream that it was made for. */
class ReuseTest extends EngineTest {
  private static final OriginPlan HOLDING =
      OriginPlan.multi().answering(r -> r.after(100 * MILLI, r::answer));

  @Test
  void idleConnectionServesTheNextRequestWithoutAHandshake() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    getDone();
    settle();
    assertThat(rig.server("a").idle()).isEqualTo(1);

    assertThat(getDone().status()).isEqualTo(200);

    settle();
    assertThat(origin.connections()).hasSize(1);
    assertThat(rig.records().get(1).reused()).isTrue();
    assertThat(rig.records().get(1).handshakeNanos()).isZero();
  }

  @Test
  void connectionIsInThePoolOnlyOnceItHasAMux() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.multi().with(PeerScript.agreeing(TestMuxProvider.MULTI).after(100 * MILLI)));
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)), negotiating("a", origin));
    ClientExchange first = get();
    settle();
    ClientExchange second = get();
    settle();

    assertThat(rig.server("a").connections()).as("each has its own handshake").isEqualTo(2);
    assertThat(rig.server("a").idle()).isZero();
    rig.await(first);
    rig.await(second);
    assertThat(first.status() + second.status()).isEqualTo(400);
  }

  @Test
  void lateMuxIsSharedByRequestsThatComeWhileItIsBusy() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)), negotiating("a", origin));
    List<ClientExchange> exchanges = new ArrayList<>();
    exchanges.add(get());
    settle();
    for (int i = 0; i < 5; i++) {
      exchanges.add(get());
    }

    exchanges.forEach(rig::await);

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void requestsOfOneClientShareTheLateMuxInSafeModeToo() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(negotiating("a", origin));
    TestClient client =
        TestClient.connect(rig.simulation(), "client", EngineRig.FRONT, PeerScript.clear(), true);
    ClientExchange first = client.get(1, 10);
    settle();
    ClientExchange second = client.get(2, 10);
    rig.await(first);
    rig.await(second);
    client.close();

    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void firstRequestOfAClientThatMayNotBeReplayedOpensItsOwnInSafeMode() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    getDone();
    settle();
    TestClient client = client();
    ClientExchange first = client.post(100, 100, 100);
    rig.await(first);
    settle();
    ClientExchange later = client.post(101, 100, 100);
    rig.await(later);

    assertThat(first.status() + later.status()).isEqualTo(400);
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void firstRequestTakesOnlyWhatHasProvenToLiveInAggressiveMode() {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.AGGRESSIVE)), negotiating("a", origin));
    getDone();
    settle();
    ClientExchange unproven = post();
    rig.await(unproven);
    settle();
    assertThat(origin.connections()).as("used once only").hasSize(2);
    getDone();
    settle();

    ClientExchange proven = post();
    rig.await(proven);
    settle();

    assertThat(unproven.status() + proven.status()).isEqualTo(400);
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void connectionThatCarriesManyHasProvenToLiveInAggressiveMode() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.AGGRESSIVE)), negotiating("a", origin));
    getDone();
    settle();

    ClientExchange post = post();
    rig.await(post);

    assertThat(post.status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void busyConnectionIsSharedInSafeModeWhereNoNewOneMayBeMade() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(negotiating("a", origin).withLimits(1, 1000, 100));
    ClientExchange running = get();
    settle();
    List<ClientExchange> posts = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      posts.add(post());
    }
    settle();
    assertThat(rig.server("a").requests()).isEqualTo(4);

    posts.forEach(rig::await);
    rig.await(running);

    assertThat(posts).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void requestThatCannotBeHelpedHoldsUpOnlyThoseThatWantTheSame() {
    TestOrigin origin = origin(1, HOLDING);
    TestOrigin other = origin(2, OriginPlan.clear());
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(
                    BackendConfig.of("back", negotiating("a", origin).withLimits(1, 1000, 100))
                        .withPool(PoolConfig.reuse(Reuse.ALWAYS)))
                .router(
                    call -> {
                      if (call.request().method() == Method.POST) {
                        call.forward("back");
                        call.destination(other.address(), "a.example");
                      }
                    }));
    ClientExchange running = get();
    settle();
    ClientExchange stuck = post();
    settle();
    assertThat(rig.server("a").waiting()).isEqualTo(1);

    ClientExchange passing = get();
    settle();

    assertThat(rig.server("a").requests()).as("shares what is there").isEqualTo(2);
    rig.await(running);
    rig.await(passing);
    rig.await(stuck);
    assertThat(running.status() + passing.status()).isEqualTo(400);
  }

  @Test
  void nothingIsSharedWithReuseNeverAndEachEndsWithItsClient() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.NEVER)), negotiating("a", origin));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      exchanges.add(get());
      settle();
    }

    exchanges.forEach(rig::await);
    settle();

    assertThat(origin.connections()).hasSize(4).allMatch(c -> c.requests().size() == 1);
    clientsLeave();
    settle();
    assertThat(rig.server("a").connections()).isZero();
  }

  @Test
  void idleConnectionThatTheServerClosesIsNeverOffered() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    getDone();
    settle();

    origin.connection(0).wire().close();
    settle();
    assertThat(rig.server("a").connections()).isZero();
    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(2);
    assertThat(rig.records()).allMatch(r -> r.retries() == 0);
  }

  @Test
  void connectionThatTakesNoMoreStreamsIsClosedAndNotOffered() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    getDone();
    settle();

    origin.connection(0).peer().drain();
    settle();
    assertThat(rig.server("a").connections()).isZero();

    assertThat(getDone().status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void busyConnectionThatTakesNoMoreStreamsFinishesTheOnesItHas() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)), negotiating("a", origin));
    ClientExchange first = get();
    settle();
    origin.connection(0).peer().drain();
    settle();

    ClientExchange second = get();
    rig.await(first);
    rig.await(second);
    settle();

    assertThat(first.status() + second.status()).isEqualTo(400);
    assertThat(origin.connections()).hasSize(2);
    assertThat(origin.connection(0).over()).isTrue();
    assertThat(rig.server("a").connections()).isEqualTo(1);
  }

  @Test
  void fewerStreamsThanHopedForMakeTheNextRequestDial() {
    TestOrigin origin =
        origin(1, OriginPlan.single().answering(r -> r.after(50 * MILLI, r::answer)));
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)),
        negotiating("a", origin).withLimits(2, 1000, 100));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 30; i++) {
      exchanges.add(get());
    }

    exchanges.forEach(rig::await);

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void connectionWithACutStreamServesTheOthers() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.multi()
                .answering(
                    r -> {
                      if (r.seed() == 1) {
                        r.reset(ResetCode.PROTOCOL_ERROR);
                      } else {
                        r.answerWhenComplete();
                      }
                    }));
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)), negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(502);
    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(1);
    settle();
    assertThat(rig.records().get(0).cause()).isEqualTo(CloseCause.SERVER_ABORT);
  }

  @Test
  void idleConnectionsAreEvictedByResetAtTheirLimit() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    getDone();

    runFor(10_100);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(origin.connection(0).wire().wire().wasReset()).isTrue();
  }

  @Test
  void poolKeepsNoMoreIdleConnectionsThanItMay() {
    TestOrigin origin = origin(1, HOLDING);
    rig.startHttp(
        backend -> backend.withPool(new PoolConfig(Reuse.SAFE, 2)), negotiating("a", origin));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      exchanges.add(post());
    }

    exchanges.forEach(rig::await);
    settle();

    assertThat(origin.connections()).hasSize(5);
    assertThat(rig.server("a").idle()).isEqualTo(2);
    assertThat(rig.server("a").connections()).isEqualTo(2);
  }
}
