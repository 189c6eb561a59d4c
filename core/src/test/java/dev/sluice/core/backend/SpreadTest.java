package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.SpareConfig;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How requests are divided among connections that carry many. */
class SpreadTest extends EngineTest {
  private static final OriginPlan HOLDING =
      OriginPlan.multi().answering(r -> r.after(2_000 * MILLI, r::answer));

  private final List<ClientExchange> exchanges = new ArrayList<>();

  private TestOrigin start(OriginPlan plan, SpareConfig spares) {
    TestOrigin origin = origin(1, plan);
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.ALWAYS).withSpares(spares)),
        negotiating("a", origin));
    return origin;
  }

  /** One after the other, none of which ends. */
  private void ask(int count) {
    for (int i = 0; i < count; i++) {
      exchanges.add(get());
      settle();
    }
  }

  private void allAreAnswered() {
    exchanges.forEach(rig::await);
    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
  }

  @Test
  void nothingIsSpreadUnlessItIsSaid() {
    TestOrigin origin = start(HOLDING, SpareConfig.none());
    ask(6);

    assertThat(origin.connections()).hasSize(1);
    allAreAnswered();
  }

  @Test
  void nextConnectionIsMadeWhenTheLeastLoadedOneHasEnough() {
    TestOrigin origin = start(HOLDING, SpareConfig.none().withSpread(0, 2, 3));
    ask(9);

    assertThat(origin.connections()).extracting(c -> c.requests().size()).containsExactly(3, 3, 3);
    assertThat(rig.server("a").spareDials()).isEqualTo(2);
    allAreAnswered();
    assertThat(rig.records().stream().filter(r -> !r.reused()).count())
        .as("requests that waited for a handshake")
        .isEqualTo(1);
  }

  @Test
  void noMoreAreMadeForThatReasonThanMayBe() {
    TestOrigin origin = start(HOLDING, SpareConfig.none().withSpread(0, 1, 2));
    ask(12);

    assertThat(origin.connections()).hasSize(2);
    assertThat(origin.connections()).extracting(c -> c.requests().size()).containsExactly(6, 6);
    allAreAnswered();
  }

  @Test
  void asLongAsThereAreTooFewTheNextOneIsMadeAtOnceAndAllAreUsed() {
    TestOrigin origin = start(HOLDING, SpareConfig.none().withSpread(3, PoolConfig.UNLIMITED, 10));
    ask(9);

    assertThat(origin.connections()).hasSize(3);
    assertThat(origin.connections()).allMatch(c -> c.requests().size() >= 2);
    allAreAnswered();
  }

  @Test
  void failureOfTheNextConnectionIsNoRequestsFailure() {
    OriginPlan refusing = HOLDING.with(PeerScript.answering(PeerScript.Answer.ALERT));
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(), EngineRig.origin(1), number -> number == 0 ? HOLDING : refusing);
    rig.startHttp(
        backend ->
            backend.withPool(
                PoolConfig.reuse(Reuse.ALWAYS).withSpares(SpareConfig.none().withSpread(0, 1, 4))),
        negotiating("a", origin));
    ask(8);

    assertThat(origin.connection(0).requests()).hasSize(8);
    assertThat(rig.server("a").spareDials()).as("not one for each request").isBetween(1L, 4L);
    assertThat(rig.connectFailures()).isEmpty();
    allAreAnswered();
  }
}
