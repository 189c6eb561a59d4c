package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.PeerScript.Moment;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * The server ends connections before the protocol is known: twenty requests, cold, one connection
 * at a time (scenario CM2).
 */
class ServerDiesEarlyTest extends EngineTest {
  private static final int REQUESTS = 20;

  @ParameterizedTest
  @CsvSource({
    "AFTER_ACCEPT, false", "AFTER_ACCEPT, true",
    "AFTER_HELLO, false", "AFTER_HELLO, true",
    "IN_ANSWER, false", "IN_ANSWER, true"
  })
  void everyRequestIsToldSoonAndTheConnectsAreBounded(Moment moment, boolean byReset) {
    TestOrigin origin = origin(1, dying(moment, byReset));
    rig.startHttp(negotiating("a", origin).withLimits(1, REQUESTS, 100));
    List<ClientExchange> exchanges = requests();

    runFor(1500);

    assertThat(exchanges).allMatch(ClientExchange::complete);
    assertThat(exchanges).allMatch(exchange -> exchange.status() == 502);
    assertThat(origin.connections().size()).isBetween(1, 40);
    assertThat(rig.records()).allMatch(r -> r.cause() == CloseCause.HANDSHAKE_CLOSED);
  }

  @ParameterizedTest
  @CsvSource({"false", "true"})
  void requestOnAConnectionThatDiesAfterItsHandshakeIsReplayedOnce(boolean byReset) {
    TestOrigin origin = origin(1, dying(Moment.AFTER_HANDSHAKE, byReset));
    rig.startHttp(negotiating("a", origin).withLimits(1, REQUESTS, 100));
    List<ClientExchange> exchanges = requests();

    runFor(1500);

    assertThat(exchanges).allMatch(ClientExchange::complete);
    assertThat(exchanges).allMatch(exchange -> exchange.status() == 502);
    assertThat(rig.records()).allMatch(r -> r.retries() <= 1);
    assertThat(rig.records()).anyMatch(r -> r.retries() == 1);
  }

  @ParameterizedTest
  @CsvSource({
    "AFTER_ACCEPT, false", "AFTER_ACCEPT, true",
    "AFTER_HELLO, false", "AFTER_HELLO, true",
    "IN_ANSWER, false", "IN_ANSWER, true",
    "AFTER_HANDSHAKE, false", "AFTER_HANDSHAKE, true"
  })
  void allAreServedIfOnlyTheFirstConnectionDies(Moment moment, boolean byReset) {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number -> number == 0 ? dying(moment, byReset) : OriginPlan.multi());
    rig.startHttp(negotiating("a", origin).withLimits(1, REQUESTS, 100));
    List<ClientExchange> exchanges = requests();

    runFor(1500);

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    // Requests that are replayed share the one that was made after theirs had died.
    assertThat(origin.connections()).hasSize(2);
  }

  @Test
  void postThatMayHaveBeenSentIsNotReplayed() {
    TestOrigin origin =
        origin(1, OriginPlan.multi().answering(r -> r.whenComplete(() -> close(r))));
    rig.startHttp(negotiating("a", origin));
    ClientExchange post = post();
    ClientExchange get = get();

    rig.await(post);
    rig.await(get);

    assertThat(post.status()).isEqualTo(502);
    assertThat(get.status()).isEqualTo(502);
    assertThat(origin.requests().stream().filter(r -> r.method().equals("POST"))).hasSize(1);
    assertThat(origin.requests().stream().filter(r -> r.method().equals("GET"))).hasSize(2);
  }

  @Test
  void streamThatWasRefusedIsReplayedWhateverItsMethod() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number ->
                number == 0
                    ? OriginPlan.multi().answering(r -> r.reset(ResetCode.REFUSED))
                    : OriginPlan.multi());
    rig.startHttp(negotiating("a", origin));
    ClientExchange post = post();

    rig.await(post);

    assertThat(post.status()).isEqualTo(200);
    settle();
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
  }

  private static void close(OriginRequest request) {
    request.connection().wire().close();
  }

  private static OriginPlan dying(Moment moment, boolean byReset) {
    return OriginPlan.multi()
        .with(PeerScript.agreeing(TestMuxProvider.MULTI).dying(moment, byReset));
  }

  private List<ClientExchange> requests() {
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < REQUESTS; i++) {
      exchanges.add(get());
    }
    return exchanges;
  }
}
