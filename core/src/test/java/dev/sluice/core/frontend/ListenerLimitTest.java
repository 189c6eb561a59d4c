package dev.sluice.core.frontend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import org.junit.jupiter.api.Test;

/** The most connections that a listener takes at a time. */
class ListenerLimitTest extends EngineTest {
  private static LimitConfig withConnectionsMax(int connections) {
    LimitConfig usual = LimitConfig.defaults();
    return new LimitConfig(
        usual.headBytesMax(),
        usual.fieldCountMax(),
        usual.informationalHeadsMax(),
        usual.outputBytesMax(),
        usual.replayBytesMax(),
        usual.drainBytesMax(),
        connections,
        usual.buffersMax(),
        usual.acceptsPerTurnMax());
  }

  @Test
  void clientsBeyondItWaitUntilOneIsGone() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.start(
        builder ->
            builder
                .limits(withConnectionsMax(2))
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(BackendConfig.of("back", clear("a", origin))));
    TestClient first = client();
    rig.await(first.get(1, 100));
    rig.await(client().get(2, 100));
    ClientExchange third = client().get(3, 100);
    settle();
    assertThat(third.over()).isFalse();
    assertThat(rig.engine().snapshot().clientConnections()).isEqualTo(2);

    first.close();
    rig.await(third);

    assertThat(third.status()).isEqualTo(200);
  }
}
