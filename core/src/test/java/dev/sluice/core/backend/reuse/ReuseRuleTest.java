package dev.sluice.core.backend.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;

/**
 * Clients that come one after the other, each with a few requests that may not be sent twice, to a
 * server that carries one request at a time on a connection.
 */
abstract class ReuseRuleTest extends EngineTest {
  private long seed = 1;

  /** Starts with one server. */
  final TestOrigin start(PoolConfig pool) {
    TestOrigin origin = origin(1, OriginPlan.single());
    rig.startHttp(backend -> backend.withPool(pool), negotiating("a", origin));
    return origin;
  }

  /** A mode with one idle connection at most, so that it is known which one is used again. */
  static PoolConfig keepingOne(Reuse reuse) {
    return PoolConfig.reuse(reuse)
        .withRetirement(RetirementConfig.defaults().withIdlePerLoopMax(1));
  }

  /**
   * A request, when all before it have come to their end.
   *
   * @return the number of the connection that it came on
   */
  final int ask(TestClient client, TestOrigin origin) {
    long number = seed++;
    ClientExchange exchange = client.post(number, 10, 10);
    rig.await(exchange);
    settle();
    assertThat(exchange.status()).isEqualTo(200);
    return origin.requests().stream()
        .filter(request -> request.seed() == number)
        .findFirst()
        .orElseThrow()
        .connection()
        .number();
  }
}
