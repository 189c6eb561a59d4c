package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.handshake.SimHandshakeTransportProvider;
import dev.sluice.core.testkit.handshake.SimRecords;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** Which mux a connection to a server gets, and when. */
class NegotiatedProtocolTest extends EngineTest {
  // ---- nothing to negotiate

  @Test
  void clearServerGetsItsMuxAtConnect() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.startHttp(clear("a", origin));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("single");
    assertThat(rig.onlyRecord().handshakeNanos()).isZero();
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void handshakeWithoutProtocolsToOfferLeadsToTheDefault() {
    TestOrigin origin = origin(1, OriginPlan.clear().with(PeerScript.agreeing("")));
    rig.startHttp(
        ServerConfig.with("a", origin.address(), SimHandshakeConfig.offering(), "a.example"));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("single");
    assertThat(rig.onlyRecord().handshakeNanos()).isPositive();
  }

  @Test
  void forcedMuxIsTakenWhateverWasAgreedOnAndOnlyOnceTheHandshakeIsDone() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.clear().with(PeerScript.agreeing(TestMuxProvider.SINGLE).after(50 * MILLI)));
    rig.startHttp(negotiating("a", origin).withMux("single"));
    ClientExchange exchange = get();
    runFor(40);
    assertThat(rig.single().opened()).as("the listener's own").isEqualTo(1);

    rig.await(exchange);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(rig.single().opened()).isEqualTo(2);
  }

  @Test
  void forcedMuxIsTakenOnAClearConnection() {
    TestOrigin origin = origin(1, OriginPlan.clear().multiplexing());
    rig.startHttp(clear("a", origin).withMux("multi"));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("multi");
  }

  @Test
  void tcpModeTakesThePassThroughMuxAlthoughAProtocolWasAgreedOn() {
    SimServer.listen(
        rig.simulation(),
        EngineRig.origin(1),
        peer ->
            peer.expectBytes(SimRecords.hello(BOTH.applicationProtocols(), "a.example").length)
                .send(SimRecords.answer(TestMuxProvider.MULTI))
                .expectBytes(SimRecords.HEADER_BYTES)
                .expectBytes(SimRecords.HEADER_BYTES)
                .expect("raw bytes")
                .send(SimRecords.data("raw answer".getBytes(StandardCharsets.US_ASCII)))
                .send(SimRecords.empty(SimRecords.CLOSE))
                .close());
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.TCP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(
                    BackendConfig.tcp(
                        "back", ServerConfig.with("a", EngineRig.origin(1), BOTH, "a.example"))));
    ScriptedPeer client =
        ScriptedPeer.connect(rig.simulation(), "client", EngineRig.FRONT)
            .send("raw bytes")
            .expect("raw answer")
            .expectEnd()
            .close();

    rig.simulation().runUntil(client::done);

    settle();
    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("tcp");
    assertThat(rig.multi().opened()).isZero();
  }

  // ---- something to negotiate

  @Test
  void noByteOfTheRequestLeavesBeforeTheHandshakeIsDone() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.clear().with(PeerScript.agreeing(TestMuxProvider.MULTI).after(100 * MILLI)));
    rig.startHttp(negotiating("a", origin));
    ClientExchange exchange = post();

    runFor(90);

    int hello = SimRecords.hello(BOTH.applicationProtocols(), "a.example").length;
    assertThat(origin.connection(0).wire().wire().received()).isEqualTo(hello);
    assertThat(rig.multi().opened()).isZero();
    rig.await(exchange);
    assertThat(exchange.status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(1);
  }

  @Test
  void requestGoesOutWhenTheHandshakeIsDoneAlthoughTheClientIsSilent() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.clear().with(PeerScript.agreeing(TestMuxProvider.MULTI).after(500 * MILLI)));
    rig.startHttp(negotiating("a", origin));
    ClientExchange exchange = get();

    runFor(600);

    assertThat(exchange.status()).isEqualTo(200);
  }

  @Test
  void agreedProtocolSelectsItsMux() {
    TestOrigin multi = origin(1, OriginPlan.multi());
    TestOrigin single = origin(2, OriginPlan.single());
    rig.startHttp(negotiating("a", multi), negotiating("b", single));

    assertThat(getDone().status()).isEqualTo(200);
    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.records().get(0).backProtocol()).isEqualTo("multi");
    assertThat(rig.records().get(1).backProtocol()).isEqualTo("single");
  }

  @Test
  void serverThatChoosesNothingGetsTheDefaultIfThatWasOffered() {
    TestOrigin origin = origin(1, OriginPlan.clear().with(PeerScript.agreeing("")));
    rig.startHttp(negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("single");
  }

  @Test
  void serverThatChoosesNothingHasNoCommonProtocolIfTheDefaultWasNotOffered() {
    TestOrigin origin = origin(1, OriginPlan.clear().with(PeerScript.agreeing("")));
    rig.startHttp(
        ServerConfig.with(
            "a", origin.address(), SimHandshakeConfig.offering(TestMuxProvider.MULTI), null));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.NO_COMMON_PROTOCOL);
    // The same server would answer the same again.
    assertThat(rig.connectFailures()).hasSize(1);
  }

  @Test
  void noCommonProtocolWithOneServerIsTriedWithAnother() {
    TestOrigin stranger =
        origin(1, OriginPlan.clear().with(PeerScript.answering(PeerScript.Answer.ALERT)));
    TestOrigin origin = origin(2, OriginPlan.multi());
    rig.startHttp(negotiating("a", stranger), negotiating("b", origin));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().server()).isEqualTo("b");
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
    assertThat(stranger.connections()).hasSize(1);
  }

  @Test
  void alertOfNoCommonProtocolHasTheSameCause() {
    TestOrigin origin =
        origin(1, OriginPlan.clear().with(PeerScript.answering(PeerScript.Answer.ALERT)));
    rig.startHttp(negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.NO_COMMON_PROTOCOL);
    assertThat(rig.onlyRecord().retries()).isZero();
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void protocolThatWasNotOfferedIsRefusedByTheTransport() {
    TestOrigin origin = origin(1, OriginPlan.clear().with(PeerScript.agreeing("spdy/3")));
    rig.startHttp(negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.PROTOCOL_NOT_OFFERED);
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void protocolThatWasNotOfferedIsRefusedByTheSelectionToo() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(
        ServerConfig.with(
            "a",
            origin.address(),
            SimHandshakeConfig.offering(TestMuxProvider.SINGLE).believing(),
            null));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.PROTOCOL_NOT_OFFERED);
    assertThat(rig.multi().opened()).isZero();
  }

  @Test
  void protocolThatNobodySpeaksIsAnErrorAtTheStart() {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));

    assertThatThrownBy(
            () ->
                ProxyEngine.builder()
                    .mux(TestMuxProvider.single())
                    .transport(new SimHandshakeTransportProvider())
                    .frontend(
                        "front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                    .backend(
                        BackendConfig.of(
                            "back", ServerConfig.with("a", EngineRig.origin(1), BOTH, null)))
                    .build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining(TestMuxProvider.MULTI);
  }

  @Test
  void protocolTowardsTheClientHasNoInfluence() {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(negotiating("a", origin));
    TestClient client =
        TestClient.connect(rig.simulation(), "client", EngineRig.FRONT, PeerScript.clear(), true);
    ClientExchange exchange = client.get(7, 100);

    rig.await(exchange);
    client.close();
    settle();

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(rig.onlyRecord().frontProtocol()).isEqualTo("multi");
    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("single");
  }

  // ---- nothing is remembered

  @Test
  void serverThatChangesItsProtocolBetweenTwoRequestsIsFollowed() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.NEVER)), negotiating("a", origin));
    assertThat(getDone().status()).isEqualTo(200);

    origin.become(OriginPlan.single());
    assertThat(getDone().status()).isEqualTo(200);
    origin.become(OriginPlan.multi());
    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.records())
        .extracting(r -> r.backProtocol())
        .containsExactly("multi", "single", "multi");
    assertThat(rig.records()).allMatch(r -> r.retries() == 0);
  }

  @Test
  void twoDestinationsWithDifferentProtocolsBehindOneServerAreKeptApart() {
    TestOrigin multi = origin(1, OriginPlan.multi());
    TestOrigin single = origin(2, OriginPlan.single());
    int[] turn = {0};
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(
                    BackendConfig.of("back", negotiating("a", multi))
                        .withPool(PoolConfig.reuse(Reuse.ALWAYS)))
                .router(
                    call -> {
                      if (turn[0]++ % 2 == 1) {
                        call.destination(single.address(), "b.example");
                      }
                      call.forward("back");
                    }));

    for (int i = 0; i < 6; i++) {
      assertThat(getDone().status()).isEqualTo(200);
    }

    assertThat(multi.requests()).hasSize(3);
    assertThat(single.requests()).hasSize(3);
    assertThat(multi.connections()).hasSize(1);
    assertThat(single.connections()).hasSize(1);
    assertThat(single.connection(0).wire().serverName()).isEqualTo("b.example");
  }

  @Test
  void concurrentHandshakesWithDifferentResultsEachGetTheirOwn() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number -> number % 2 == 0 ? OriginPlan.multi() : OriginPlan.single());
    rig.startHttp(negotiating("a", origin));
    ClientExchange[] exchanges = new ClientExchange[10];
    for (int i = 0; i < exchanges.length; i++) {
      exchanges[i] = get();
    }

    for (ClientExchange exchange : exchanges) {
      rig.await(exchange);
      assertThat(exchange.status()).isEqualTo(200);
    }

    settle();
    assertThat(rig.records()).anyMatch(r -> r.backProtocol().equals("multi"));
    assertThat(rig.records()).anyMatch(r -> r.backProtocol().equals("single"));
    assertThat(rig.records()).allMatch(r -> r.retries() == 0);
  }
}
