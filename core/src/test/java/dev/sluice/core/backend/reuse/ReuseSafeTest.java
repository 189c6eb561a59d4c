package dev.sluice.core.backend.reuse;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.Reuse;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import org.junit.jupiter.api.Test;

/** http_reuse_safe: the first request of a client on a new connection, later ones on any. */
class ReuseSafeTest extends ReuseRuleTest {
  @Test
  void firstRequestTakesANewConnectionAndLaterOnesTakeThatOfAnotherClient() {
    TestOrigin origin = start(keepingOne(Reuse.SAFE));
    TestClient first = client();
    assertThat(ask(first, origin)).isZero();
    assertThat(ask(first, origin)).isZero();
    assertThat(ask(first, origin)).isZero();

    TestClient second = client();
    assertThat(ask(second, origin)).as("the first of its client").isEqualTo(1);
    assertThat(ask(second, origin)).as("the one that was kept").isZero();
    assertThat(ask(second, origin)).isZero();

    TestClient third = client();
    assertThat(ask(third, origin)).isEqualTo(2);
    assertThat(ask(third, origin)).isZero();
    assertThat(origin.connections()).hasSize(3);
  }

  @Test
  void firstRequestThatMayBeSentAgainTakesAnyConnection() {
    TestOrigin origin = start(keepingOne(Reuse.SAFE));
    ask(client(), origin);
    assertThat(getDone().status()).isEqualTo(200);

    assertThat(origin.connections()).as("on purpose otherwise than HAProxy").hasSize(1);
  }
}
