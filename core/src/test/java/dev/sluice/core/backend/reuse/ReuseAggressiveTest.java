package dev.sluice.core.backend.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import org.junit.jupiter.api.Test;

/** http_reuse_aggressive: the first request of a client takes only what was used again before. */
class ReuseAggressiveTest extends ReuseRuleTest {
  @Test
  void firstRequestTakesOnlyAConnectionThatWasUsedAgainBefore() {
    TestOrigin origin = start(PoolConfig.reuse(Reuse.AGGRESSIVE));
    assertThat(ask(client(), origin)).isZero();

    TestClient second = client();
    assertThat(ask(second, origin)).as("none has proven to last").isEqualTo(1);
    int again = ask(second, origin);
    assertThat(again).isIn(0, 1);

    assertThat(ask(client(), origin)).as("the one used again").isEqualTo(again);
    assertThat(origin.connections()).hasSize(2);
  }
}
