package dev.sluice.core.backend;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Connections on which a server has authenticated a client: what HAProxy's http-ntlm reg-test asks,
 * and how they end.
 */
class PrivateConnectionTest extends EngineTest {
  private static final PoolConfig ALWAYS = PoolConfig.reuse(Reuse.ALWAYS);

  /** Requests with this seed are asked to authenticate. */
  private static final long SIGN_IN = 401;

  private static OriginPlan challenging(OriginPlan plan, int status, String field, String value) {
    return plan.answering(
        request -> {
          if (request.seed() == SIGN_IN) {
            request.answer(status, field, value);
          } else {
            request.answerWhenComplete();
          }
        });
  }

  private static OriginPlan ntlm(OriginPlan plan) {
    return challenging(plan, 401, "www-authenticate", "NTLM");
  }

  private TestOrigin start(OriginPlan plan) {
    TestOrigin origin = origin(1, plan);
    rig.startHttp(backend -> backend.withPool(ALWAYS), negotiating("a", origin));
    return origin;
  }

  private ClientExchange done(TestClient client, long seed) {
    ClientExchange exchange = client.get(seed, 100);
    rig.await(exchange);
    settle();
    return exchange;
  }

  private TestClient multiplexing() {
    return TestClient.connect(rig.simulation(), "many", EngineRig.FRONT, PeerScript.clear(), true);
  }

  private long retired(Retirement reason) {
    return rig.server("a").retirements().getOrDefault(reason, 0L);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "401; www-authenticate; NTLM",
        "401; www-authenticate; Negotiate",
        "401; www-authenticate; negotiate oYG2MIG=",
        "401; WWW-Authenticate; Basic realm=\"x\", nTLM",
        "407; proxy-authenticate; NTLM TlRMTVNTUAAB",
      })
  void connectionThatServerAsksToAuthenticateIsUsedByThatClientAlone(
      int status, String field, String value) {
    TestOrigin origin = start(challenging(OriginPlan.single(), status, field, value));
    TestClient client = client();
    assertThat(done(client, SIGN_IN).status()).isEqualTo(status);

    TestClient other = client();
    assertThat(done(other, 2).status()).isEqualTo(200);
    assertThat(done(client, 3).status()).isEqualTo(200);
    assertThat(done(other, 4).status()).isEqualTo(200);

    assertThat(origin.connection(0).requests())
        .extracting(OriginRequest::seed)
        .containsExactly(SIGN_IN, 3L);
    assertThat(origin.connection(1).requests())
        .extracting(OriginRequest::seed)
        .containsExactly(2L, 4L);
    assertThat(rig.server("a").privates()).isEqualTo(1);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "401; www-authenticate; Basic realm=\"NTLM\"",
        "401; proxy-authenticate; NTLM",
        "401; www-authenticate; Bearer",
        "407; www-authenticate; Negotiate",
        "403; www-authenticate; Negotiate",
        "401; www-authenticate; NTL",
      })
  void anyOtherAnswerLeavesTheConnectionToEverybody(int status, String field, String value) {
    TestOrigin origin = start(challenging(OriginPlan.single(), status, field, value));
    assertThat(done(client(), SIGN_IN).status()).isEqualTo(status);
    assertThat(done(client(), 2).status()).isEqualTo(200);

    assertThat(origin.connections()).hasSize(1);
    assertThat(rig.server("a").privates()).isZero();
  }

  @Test
  void aConnectionThatOthersHaveUsedBecomesPrivateToo() {
    TestOrigin origin = start(ntlm(OriginPlan.single()));
    done(client(), 1);
    TestClient client = client();
    done(client, SIGN_IN);
    done(client(), 3);
    done(client, 4);

    assertThat(origin.connection(0).requests())
        .extracting(OriginRequest::seed)
        .containsExactly(1L, SIGN_IN, 4L);
    assertThat(origin.connection(1).requests()).extracting(OriginRequest::seed).containsExactly(3L);
  }

  @Test
  void itEndsWithItsClient() {
    TestOrigin origin = start(ntlm(OriginPlan.single()));
    TestClient client = client();
    done(client, SIGN_IN);
    assertThat(rig.server("a").idle()).isEqualTo(1);
    client.close();
    settle();

    assertThat(origin.connection(0).over()).isTrue();
    assertThat(rig.server("a").connections()).isZero();
    assertThat(retired(Retirement.CLIENT_LEFT)).isEqualTo(1);
  }

  @Test
  void itEndsAtItsIdleLimitAsOthersDo() {
    start(ntlm(OriginPlan.single()));
    done(client(), SIGN_IN);
    runFor(10_100);

    assertThat(rig.server("a").connections()).isZero();
    assertThat(retired(Retirement.IDLE)).isEqualTo(1);
  }

  @Test
  void requestsOfOthersThatAreOnItAreFinished() {
    TestOrigin origin =
        start(
            OriginPlan.multi()
                .answering(
                    r -> {
                      if (r.seed() == SIGN_IN) {
                        r.answer(401, "www-authenticate", "Negotiate");
                      } else {
                        r.after(500 * MILLI, r::answer);
                      }
                    }));
    TestClient other = client();
    ClientExchange running = other.get(1, 100);
    settle();
    TestClient client = client();
    done(client, SIGN_IN);
    ClientExchange next = client().get(2, 100);
    rig.await(running);
    rig.await(next);

    assertThat(running.status() + next.status()).isEqualTo(400);
    assertThat(origin.connection(0).requests()).hasSize(2);
    assertThat(origin.connection(1).requests()).extracting(OriginRequest::seed).containsExactly(2L);
  }

  @Test
  void requestsStayWithTheServerThatHasAuthenticatedTheirClient() {
    TestOrigin first = origin(1, ntlm(OriginPlan.single()));
    TestOrigin second = origin(2, ntlm(OriginPlan.single()));
    rig.startHttp(
        backend -> backend.withPool(ALWAYS), negotiating("a", first), negotiating("b", second));
    TestClient client = client();
    done(client, SIGN_IN);
    for (int i = 1; i <= 4; i++) {
      done(client, i);
    }

    assertThat(first.requests()).hasSize(5);
    assertThat(first.connections()).hasSize(1);
    assertThat(second.requests()).isEmpty();
  }

  @Test
  void itYieldsItsPermitToWhoeverWaits() {
    TestOrigin origin = origin(1, ntlm(OriginPlan.single()));
    rig.startHttp(
        backend -> backend.withPool(ALWAYS), negotiating("a", origin).withLimits(1, 100, 100));
    done(client(), SIGN_IN);
    ClientExchange next = done(client(), 2);

    assertThat(next.status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(2);
    assertThat(retired(Retirement.YIELDED)).isEqualTo(1);
  }

  @Test
  void clientKeepsNoMoreIdleOnesThanItMay() {
    TestOrigin origin =
        origin(1, OriginPlan.single().answering(r -> r.after(100 * MILLI, r::answer)));
    rig.startHttp(
        backend -> backend.withPool(PoolConfig.reuse(Reuse.NEVER)), negotiating("a", origin));
    TestClient client = multiplexing();
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 1; i <= 8; i++) {
      exchanges.add(client.get(i, 100));
    }
    exchanges.forEach(rig::await);
    settle();

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 200);
    int made = origin.connections().size();
    assertThat(made).isGreaterThan(5);
    assertThat(rig.server("a").idle()).isEqualTo(5);
    assertThat(retired(Retirement.SURPLUS)).isEqualTo(made - 5);
    client.close();
    settle();
    assertThat(rig.server("a").connections()).isZero();
  }
}
