package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** A router that decides later. */
class SuspensionTest extends EngineTest {
  private final List<Suspension> suspended = new ArrayList<>();
  private final List<String> cancelled = new ArrayList<>();

  private TestOrigin start() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(BackendConfig.of("back", clear("a", origin)))
                .router(
                    call -> {
                      Suspension suspension = call.suspend(Duration.ofSeconds(1));
                      suspension.onCancel(() -> cancelled.add("cancelled"));
                      suspended.add(suspension);
                    }));
    return origin;
  }

  @Test
  void decisionFromAnotherThreadIsCarriedOutOnceAndByTheLoop() throws InterruptedException {
    TestOrigin origin = start();
    ClientExchange exchange = get();
    settle();
    assertThat(origin.requests()).isEmpty();
    List<Boolean> taken = new ArrayList<>();
    Thread decider =
        new Thread(
            () -> {
              taken.add(suspended.get(0).forward("back"));
              taken.add(suspended.get(0).answer(FixedResponse.text(403, "no")));
            });
    decider.start();
    decider.join();

    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(taken).containsExactly(true, false);
    assertThat(cancelled).isEmpty();
  }

  @Test
  void decisionThatDoesNotComeInTimeEndsTheExchange() {
    TestOrigin origin = start();
    ClientExchange exchange = get();

    runFor(1010);

    assertThat(exchange.status()).isEqualTo(500);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.ROUTER_FAILED);
    assertThat(cancelled).hasSize(1);
    assertThat(suspended.get(0).cancelled()).isTrue();
    assertThat(suspended.get(0).forward("back")).isFalse();
    settle();
    assertThat(origin.requests()).isEmpty();
  }

  @Test
  void clientThatLeavesCancelsTheDecision() {
    TestOrigin origin = start();
    TestClient client = client();
    client.get(1, 100);
    settle();

    client.reset();
    settle();

    assertThat(cancelled).hasSize(1);
    assertThat(suspended.get(0).cancelled()).isTrue();
    assertThat(suspended.get(0).forward("back")).isFalse();
    settle();
    assertThat(origin.requests()).isEmpty();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
  }

  @Test
  void taskThatComesAfterTheCancellationRunsAtOnce() {
    start();
    get();
    runFor(1010);

    suspended.get(0).onCancel(() -> cancelled.add("late"));

    assertThat(cancelled).containsExactly("cancelled", "late");
  }
}
