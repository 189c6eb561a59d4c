package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestOrigin;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("RFC 9110 15.2: informational responses ahead of the final one")
class InformationalTest extends EngineTest {
  private static final int MOST = LimitConfig.defaults().informationalHeadsMax();

  private TestOrigin informing(boolean multiplexes, int count) {
    OriginPlan plan = multiplexes ? OriginPlan.multi() : OriginPlan.single();
    return origin(
        1,
        plan.answering(
            request -> {
              for (int i = 0; i < count; i++) {
                request.inform(103);
              }
              request.answerWhenComplete();
            }));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void asManyAsTheLimitAllowsPass(boolean multiplexes) {
    TestOrigin origin = informing(multiplexes, MOST);
    rig.startHttp(negotiating("a", origin));

    ClientExchange exchange = getDone();

    assertThat(exchange.status()).isEqualTo(200);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void oneMoreIsABadGatewayAndCutsTheServersStream(boolean multiplexes) {
    TestOrigin origin = informing(multiplexes, MOST + 1);
    rig.startHttp(negotiating("a", origin));

    ClientExchange exchange = getDone();
    settle();

    assertThat(exchange.status()).isEqualTo(502);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.TOO_MANY_INFORMATIONAL);
    assertThat(origin.requests()).hasSize(1).allMatch(OriginRequest::cut);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void theyAreCountedForEachExchangeByItself(boolean multiplexes) {
    TestOrigin origin = informing(multiplexes, MOST);
    rig.startHttp(negotiating("a", origin));
    getDone();

    assertThat(getDone().status()).isEqualTo(200);
  }
}
