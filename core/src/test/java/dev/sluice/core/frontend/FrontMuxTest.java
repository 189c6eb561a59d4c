package dev.sluice.core.frontend;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.mux.TestFrames;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** How a client's connection gets its mux: by its handshake, or by its first bytes. */
class FrontMuxTest extends EngineTest {
  @Test
  void firstBytesOnAClearListenerSelectTheMux() {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));
    TestClient multi = connect(PeerScript.clear(), true);
    ClientExchange first = multi.get(1, 10);
    rig.await(first);
    multi.close();
    settle();

    assertThat(getDone().status()).isEqualTo(200);

    settle();
    assertThat(rig.records()).extracting(r -> r.frontProtocol()).containsExactly("multi", "single");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void firstBytesMayComeInPieces(int cut) {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));
    ScriptedPeer client =
        ScriptedPeer.connect(rig.simulation(), "client", EngineRig.FRONT)
            .send(TestFrames.PREFACE.substring(0, cut))
            .pause(100 * MILLI)
            .send(TestFrames.PREFACE.substring(cut))
            .expectBytes(TestFrames.HEADER_BYTES + 1)
            .close();
    runFor(50);
    assertThat(rig.multi().opened() + rig.single().opened()).as("still to be recognized").isZero();

    rig.simulation().runUntil(client::done);
    settle();

    assertThat(rig.multi().opened()).isEqualTo(1);
    assertThat(rig.single().opened()).isZero();
  }

  @Test
  void clientThatSaysNothingIsClosedAtTheDeadline() {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));
    ScriptedPeer client =
        ScriptedPeer.connect(rig.simulation(), "client", EngineRig.FRONT).expectClosed().close();

    runFor(10_100);

    assertThat(client.done()).isTrue();
    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.CLIENT_TIMEOUT);
    assertThat(rig.records()).isEmpty();
  }

  @Test
  void clientThatLeavesBeforeItsFirstByteIsNoFailure() {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));
    ScriptedPeer.connect(rig.simulation(), "client", EngineRig.FRONT).pause(10 * MILLI).close();

    settle();
    settle();

    assertThat(rig.engine().snapshot().clientConnections()).isZero();
    assertThat(rig.clientFailures()).isEmpty();
    assertThat(rig.records()).isEmpty();
  }

  @Test
  void handshakeSelectsTheMuxOfAClient() {
    startSecure(origin(1, OriginPlan.clear()));
    for (boolean multiplexes : new boolean[] {true, false}) {
      TestClient client = connect(PeerScript.agreeing(), multiplexes);
      ClientExchange exchange = client.get(1, 1000);
      rig.await(exchange);
      assertThat(exchange.status()).isEqualTo(200);
      client.close();
    }

    settle();
    assertThat(rig.records()).extracting(r -> r.frontProtocol()).containsExactly("multi", "single");
  }

  @ParameterizedTest
  @EnumSource(PeerScript.Moment.class)
  void clientThatLeavesInItsHandshakeDisturbsNobody(PeerScript.Moment moment) {
    startSecure(origin(1, OriginPlan.clear()));
    for (boolean byReset : new boolean[] {false, true}) {
      TestClient client = connect(PeerScript.agreeing().dying(moment, byReset), true);
      client.get(1, 10);
      settle();
      client.close();
    }
    TestClient other = connect(PeerScript.agreeing(), true);
    ClientExchange exchange = other.get(2, 10);
    rig.await(exchange);
    other.close();

    assertThat(exchange.status()).isEqualTo(200);
    settle();
    assertThat(rig.engine().snapshot().clientConnections()).isZero();
  }

  @Test
  void garbageInPlaceOfAHandshakeIsCountedOnce() {
    startSecure(origin(1, OriginPlan.clear()));
    connect(PeerScript.answering(PeerScript.Answer.GARBAGE), true);

    settle();

    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.HANDSHAKE_FAILED);
    assertThat(rig.engine().snapshot().clientConnections()).isZero();
  }

  @Test
  void handshakeOfAClientHasADeadline() {
    startSecure(origin(1, OriginPlan.clear()));
    connect(PeerScript.answering(PeerScript.Answer.SILENCE), true);

    runFor(2100);

    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.HANDSHAKE_TIMEOUT);
  }

  @Test
  void plainRequestOnANegotiatingListenerEndsInOneFailure() {
    startSecure(origin(1, OriginPlan.clear()));
    ScriptedPeer client =
        ScriptedPeer.connect(rig.simulation(), "client", EngineRig.FRONT)
            .send("GET / HTTP/1.1\r\nhost: a\r\n\r\n".getBytes(US_ASCII))
            .expectClosed()
            .close();

    settle();

    assertThat(client.done()).isTrue();
    assertThat(rig.clientFailures()).hasSize(1);
  }

  @Test
  void muxThatCannotBeMadeClosesTheClient() {
    rig.startHttp(clear("a", origin(1, OriginPlan.clear())));
    rig.single().failOpening(1);
    TestClient client = rig.client("unlucky");
    ClientExchange exchange = client.get(1, 10);

    settle();

    assertThat(exchange.lost()).isTrue();
    assertThat(rig.clientFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.MUX_OPEN_FAILED);
    assertThat(getDone().status()).isEqualTo(200);
  }

  private void startSecure(TestOrigin origin) {
    rig.start(
        builder ->
            builder
                .frontend(
                    "front",
                    ProxyMode.HTTP,
                    "back",
                    ListenerConfig.with(EngineRig.FRONT, BOTH.withLentSteps(2)))
                .backend(BackendConfig.of("back", clear("a", origin))));
  }

  private TestClient connect(PeerScript script, boolean multiplexes) {
    return TestClient.connect(rig.simulation(), "client", EngineRig.FRONT, script, multiplexes);
  }
}
