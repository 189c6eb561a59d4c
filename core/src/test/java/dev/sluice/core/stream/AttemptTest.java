package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import org.junit.jupiter.api.Test;

/** Attempts that fail before there is a mux, and what the stream does then. */
class AttemptTest extends EngineTest {
  private static final PeerScript SILENT = PeerScript.answering(PeerScript.Answer.SILENCE);
  private static final PeerScript GARBAGE = PeerScript.answering(PeerScript.Answer.GARBAGE);

  @Test
  void refusedConnectIsTriedAgainOnANewSocket() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.startHttp(clear("a", origin));
    rig.simulation().network().refuse(origin.address());
    ClientExchange exchange = get();
    rig.simulation().runUntil(() -> !rig.connectFailures().isEmpty());
    restore(1);

    rig.await(exchange);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(1);
    settle();
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
  }

  @Test
  void refusedConnectWithAProtocolToNegotiateFailsFast() {
    rig.startHttp(ServerConfig.with("a", EngineRig.origin(1), BOTH, null));
    ClientExchange exchange = get();

    settle();

    assertThat(exchange.status()).isEqualTo(502);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CONNECT_REFUSED);
  }

  @Test
  void handshakeThatFailsIsTriedAgainAtOnce() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number -> number == 0 ? OriginPlan.multi().with(GARBAGE) : OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    ClientExchange exchange = get();

    settle();

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(2);
    assertThat(rig.connectFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.HANDSHAKE_FAILED);
  }

  @Test
  void handshakeThatNeverSucceedsEndsTheExchangeWithItsCause() {
    TestOrigin origin = origin(1, OriginPlan.multi().with(GARBAGE));
    rig.startHttp(negotiating("a", origin));
    ClientExchange exchange = get();

    settle();

    assertThat(exchange.status()).isEqualTo(502);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.HANDSHAKE_FAILED);
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void connectTimeoutReleasesTheConnectionBeforeTheNextAttempt() {
    rig.startHttp(ServerConfig.with("a", EngineRig.origin(1), BOTH, null).withLimits(1, 1, 10));
    rig.simulation().network().blackhole(EngineRig.origin(1));
    TestOrigin origin = origin(1, OriginPlan.multi());
    ClientExchange exchange = get();

    runFor(1005);
    assertThat(rig.connectFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.CONNECT_TIMEOUT);
    assertThat(rig.server("a").connections()).as("the next attempt's").isEqualTo(1);
    restore(1);
    runFor(1100);

    // The second SYN fell into the void as well; its attempt was the last.
    assertThat(exchange.status()).isEqualTo(504);
    assertThat(rig.server("a").connections()).isZero();
    assertThat(origin.connections()).isEmpty();
  }

  @Test
  void handshakeTimeoutInTheWindowIsTriedAgain() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number -> number == 0 ? OriginPlan.multi().with(SILENT) : OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    ClientExchange exchange = get();

    runFor(2100);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(rig.connectFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.HANDSHAKE_TIMEOUT);
    assertThat(origin.connection(0).over()).as("nothing of the first is left").isTrue();
  }

  @Test
  void handshakeThatTimesOutWhileAStepIsLentIsTriedAgain() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    rig.simulation().executor().hold();
    ClientExchange exchange = get();
    runFor(1990);
    assertThat(rig.simulation().executor().pending()).isEqualTo(1);

    runFor(30);
    assertThat(rig.simulation().executor().pending()).isEqualTo(2);
    rig.simulation().executor().proceed();
    settle();

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(rig.connectFailures()).hasSize(1);
  }

  @Test
  void retryGoesToAnotherServerAndTheOldConnectionIsNotUsedForIt() {
    TestOrigin dead = origin(1, OriginPlan.multi().with(GARBAGE));
    TestOrigin live = origin(2, OriginPlan.multi());
    rig.startHttp(negotiating("a", dead), negotiating("b", live));
    for (int i = 0; i < 6; i++) {
      assertThat(getDone().status()).isEqualTo(200);
    }

    settle();
    assertThat(dead.requests()).isEmpty();
    assertThat(live.requests()).hasSize(6);
    assertThat(rig.records()).allMatch(r -> r.server().equals("b"));
  }

  @Test
  void reusedConnectionsBelongToTheServerThatTheyWereMadeFor() {
    TestOrigin first = origin(1, OriginPlan.multi());
    TestOrigin second = origin(2, OriginPlan.single());
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS)),
        negotiating("a", first),
        negotiating("b", second));
    for (int i = 0; i < 10; i++) {
      assertThat(getDone().status()).isEqualTo(200);
    }

    settle();
    assertThat(first.requests()).hasSize(5);
    assertThat(second.requests()).hasSize(5);
    assertThat(rig.records())
        .allMatch(r -> r.server().equals(r.backProtocol().equals("multi") ? "a" : "b"));
  }

  @Test
  void failedAttemptIsForgottenBeforeTheRequestWaitsInLine() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number ->
                number == 1
                    ? OriginPlan.multi()
                        .with(PeerScript.answering(PeerScript.Answer.GARBAGE).after(50 * MILLI))
                    : OriginPlan.single().answering(r -> r.after(300 * MILLI, r::answer)));
    rig.startHttp(negotiating("a", origin).withLimits(2, 2, 10));
    ClientExchange busy = get();
    settle();
    ClientExchange failing = get();
    settle();
    ClientExchange waiting = get();

    runFor(400);
    rig.await(failing);
    rig.await(waiting);

    assertThat(busy.status()).isEqualTo(200);
    assertThat(waiting.status()).isEqualTo(200);
    assertThat(failing.status()).isEqualTo(200);
    assertThat(rig.connectFailures()).hasSize(1);
  }

  @Test
  void retryFindsThePermitOfTheConnectionThatFailed() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number -> number == 0 ? OriginPlan.multi().with(GARBAGE) : OriginPlan.multi());
    rig.startHttp(negotiating("a", origin).withLimits(1, 1, 0));

    assertThat(getDone().status()).isEqualTo(200);
  }

  @Test
  void retriesAreBounded() {
    TestOrigin origin = origin(1, OriginPlan.multi().with(GARBAGE));
    rig.startHttp(backend -> backend.withRetry(new RetryConfig(3, 1)), negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(origin.connections()).hasSize(4);
  }

  @Test
  void muxThatCannotBeMadeFailsTheAttemptOnly() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    rig.multi().failOpening(1);

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(2);
    assertThat(rig.connectFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.MUX_OPEN_FAILED);
  }

  @Test
  void muxThatRefusesItsFirstStreamFailsTheAttemptOnly() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    rig.multi().refuseAttaching(1);

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(2);
    assertThat(rig.connectFailures())
        .extracting(Failure::cause)
        .containsExactly(CloseCause.ATTACH_REFUSED);
  }

  @Test
  void muxThatThrowsAtItsFirstStreamFailsTheAttemptOnly() {
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    rig.multi().breakAttaching(1);

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(2);
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
  }

  @Test
  void connectThatIsCompleteAtOnceSendsTheRequestInTheSameTurn() {
    rig = new EngineRig(1, SimOptions.calm().withSyncConnect(1), 1, LoopLimits.defaults());
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.startHttp(clear("a", origin));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().connectNanos()).isZero();
    assertThat(origin.connections()).hasSize(1);
  }

  @Test
  void connectThatIsRefusedAtOnceIsAFailedAttempt() {
    rig = new EngineRig(1, SimOptions.calm().withSyncConnect(1), 1, LoopLimits.defaults());
    rig.startHttp(ServerConfig.clear("a", EngineRig.origin(1)));

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CONNECT_REFUSED);
    assertThat(rig.connectFailures()).hasSize(2);
  }

  @Test
  void connectThatIsCompleteAtOnceStillHasItsHandshakeBeforeIt() {
    rig = new EngineRig(1, SimOptions.calm().withSyncConnect(1), 1, LoopLimits.defaults());
    TestOrigin origin = origin(1, OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().backProtocol()).isEqualTo("multi");
    assertThat(rig.onlyRecord().handshakeNanos()).isPositive();
  }

  @Test
  void muxThatFailsOnAConnectThatIsCompleteAtOnceFailsTheAttemptOnly() {
    rig = new EngineRig(1, SimOptions.calm().withSyncConnect(1), 1, LoopLimits.defaults());
    TestOrigin origin = origin(1, OriginPlan.clear());
    // Multi at the front, so that only the back takes the faults of the other.
    rig.startHttp(clear("a", origin).withMux("multi"));
    origin.become(OriginPlan.clear().multiplexing());
    rig.multi().breakAttaching(1);

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
  }

  @Test
  void everyAttemptGetsAHandshakeOfItsOwn() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number ->
                number == 0
                    ? OriginPlan.multi()
                        .with(PeerScript.agreeing().dying(PeerScript.Moment.AFTER_HELLO, false))
                    : OriginPlan.multi());
    rig.startHttp(
        ServerConfig.with(
            "a",
            origin.address(),
            SimHandshakeConfig.offering(TestMuxProvider.MULTI),
            "first.example"));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connection(0).wire().serverName()).isEqualTo("first.example");
    assertThat(origin.connection(1).wire().serverName()).isEqualTo("first.example");
    assertThat(origin.connection(1).wire().offered()).containsExactly(TestMuxProvider.MULTI);
  }

  // RFC 9110 15.2: any number of informational responses come before the final one.
  @Test
  void serverThatFailsAfterAnInformationalResponseIsAnsweredForButNotAskedAgain() {
    TestOrigin origin =
        origin(
            1,
            OriginPlan.clear()
                .answering(
                    r -> {
                      r.inform(103);
                      r.after(10 * MILLI, () -> r.connection().wire().reset());
                    }));
    rig.startHttp(clear("a", origin));

    assertThat(getDone().status()).isEqualTo(502);

    settle();
    assertThat(origin.requests()).hasSize(1);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.SERVER_ABORT);
    assertThat(rig.onlyRecord().status()).isEqualTo(502);
  }

  @Test
  void serverThatFallsSilentAfterAnInformationalResponseIsAnsweredFor() {
    TestOrigin origin = origin(1, OriginPlan.clear().answering(r -> r.inform(103)));
    rig.startHttp(clear("a", origin));

    assertThat(getDone().status()).isEqualTo(504);

    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.SERVER_TIMEOUT);
  }

  @Test
  void responseThatBeginsInTheMiddleOfAReplayDoesNotCutTheRequestShort() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number ->
                number == 0
                    ? OriginPlan.clear()
                        .answering(r -> r.whenComplete(() -> r.connection().wire().reset()))
                    : OriginPlan.clear()
                        .answering(
                            r -> {
                              r.connection().peer().holdCredit();
                              r.inform(103);
                              r.after(50 * MILLI, () -> r.connection().peer().giveCredit());
                              r.answerWhenComplete();
                            }));
    rig.startHttp(clear("a", origin));
    ClientExchange exchange = client().ask("PUT", 77, 12_000, 100);

    rig.await(exchange);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(2);
    assertThat(origin.requests().get(1).received()).isEqualTo(12_000);
    assertThat(origin.requests().get(1).contentSound()).isTrue();
  }

  private void restore(int origin) {
    rig.simulation().network().restore(EngineRig.origin(origin));
  }
}
