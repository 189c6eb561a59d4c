package dev.sluice.core.backend.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.Reuse;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import org.junit.jupiter.api.Test;

/** http_reuse_never: each client has a connection of its own, and uses it again. */
class ReuseNeverTest extends ReuseRuleTest {
  @Test
  void eachClientUsesItsOwnConnectionAgainAndNoOther() {
    TestOrigin origin = start(keepingOne(Reuse.NEVER));
    for (int number = 0; number < 3; number++) {
      TestClient client = client();
      assertThat(ask(client, origin)).isEqualTo(number);
      assertThat(ask(client, origin)).isEqualTo(number);
      assertThat(ask(client, origin)).isEqualTo(number);
    }

    assertThat(origin.connections()).hasSize(3);
  }

  @Test
  void connectionEndsWithItsClient() {
    TestOrigin origin = start(keepingOne(Reuse.NEVER));
    TestClient client = client();
    ask(client, origin);
    assertThat(rig.server("a").idle()).isEqualTo(1);
    client.close();
    settle();

    assertThat(rig.server("a").connections()).isZero();
  }
}
