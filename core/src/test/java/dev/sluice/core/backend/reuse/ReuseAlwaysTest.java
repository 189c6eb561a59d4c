package dev.sluice.core.backend.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import org.junit.jupiter.api.Test;

/** http_reuse_always: every request takes a connection that is there. */
class ReuseAlwaysTest extends ReuseRuleTest {
  @Test
  void everyRequestTakesTheConnectionThatIsThere() {
    TestOrigin origin = start(PoolConfig.reuse(Reuse.ALWAYS));
    assertThat(ask(client(), origin)).isZero();
    TestClient second = client();
    assertThat(ask(second, origin)).isZero();
    assertThat(ask(second, origin)).isZero();
    assertThat(ask(client(), origin)).isZero();

    assertThat(origin.connections()).hasSize(1);
  }
}
