package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.stream.RecordingFilter.Sort;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Filters that hold a direction of an exchange. */
class FilterSuspensionTest extends EngineTest {
  private static final Duration DEADLINE = Duration.ofSeconds(5);
  private static final FixedResponse FORBIDDEN = FixedResponse.text(403, "no\n");

  private final List<FilterSuspension> held = new ArrayList<>();
  private final Sort holder = Sort.named("A");
  private final Sort behind = new Sort("B", holder.events);

  @AfterEach
  void everyFilterEndsOnce() {
    assertThat(holder.ended).isEqualTo(holder.made);
    assertThat(behind.ended).isEqualTo(behind.made);
  }

  private void start(TestOrigin origin) {
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .backend(BackendConfig.of("back", clear("a", origin)))
                .timeouts(
                    TimeoutConfig.defaults()
                        .withClient(Duration.ofSeconds(1))
                        .withServer(Duration.ofSeconds(1)))
                .filter(holder)
                .filter(behind));
  }

  private Sort holdingAt(String callback) {
    return holder.at(
        callback,
        call -> {
          if (held.isEmpty()) {
            held.add(call.suspend(DEADLINE));
          }
        });
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requestHead",
        "requestData",
        "requestEnd",
        "responseHead",
        "responseData",
        "responseEnd"
      })
  void whatIsHeldGoesOn(String callback) {
    holdingAt(callback);
    TestOrigin origin = origin(1, OriginPlan.clear());
    start(origin);
    // Longer than the timeouts of the exchange, which do not run meanwhile.
    ClientExchange exchange = client().post(1, 1000, 1000);
    runFor(3000);
    assertThat(exchange.over()).isFalse();
    assertThat(held).hasSize(1);

    assertThat(held.get(0).resume()).isTrue();
    assertThat(held.get(0).resume()).isFalse();
    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(exchange.contentSound()).isTrue();
    assertThat(exchange.received()).isEqualTo(1000);
    assertThat(origin.requests().get(0).contentSound()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
    assertThat(held.get(0).cancelled()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "requestHead",
        "requestData",
        "requestEnd",
        "responseHead",
        "responseData",
        "responseEnd"
      })
  void whatIsHeldForTooLongFails(String callback) {
    holdingAt(callback);
    start(origin(1, OriginPlan.clear()));
    ClientExchange exchange = client().post(1, 1000, 1000);
    runFor(6000);

    assertThat(exchange.over()).isTrue();
    assertThat(exchange.lost() || exchange.status() == 500).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.FILTER_FAILED);
    assertThat(rig.onlyRecord().detail()).contains("deadline");
    assertThat(held.get(0).cancelled()).isTrue();
    assertThat(held.get(0).resume()).isFalse();
  }

  @ParameterizedTest
  @ValueSource(strings = {"requestHead", "requestData", "responseHead", "responseData"})
  void clientThatLeavesCancels(String callback) {
    holdingAt(callback);
    start(origin(1, OriginPlan.clear()));
    TestClient client = client();
    client.post(1, 1000, 1000);
    settle();
    boolean[] told = new boolean[1];
    held.get(0).onCancel(() -> told[0] = true);

    client.reset();
    settle();

    assertThat(told[0]).isTrue();
    assertThat(held.get(0).cancelled()).isTrue();
    assertThat(held.get(0).resume()).isFalse();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
  }

  @ParameterizedTest
  @ValueSource(strings = {"requestHead", "requestData", "responseHead"})
  void whatIsHeldIsAnswered(String callback) {
    holdingAt(callback);
    start(origin(1, OriginPlan.clear()));
    ClientExchange exchange = client().post(1, 1000, 1000);
    settle();

    held.get(0).answer(FORBIDDEN);
    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(403);
    assertThat(exchange.received()).isEqualTo(3);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
  }

  @Test
  void lastStepRunsOnTheLoopAndRewritesTheHead() {
    List<FilterCall> calls = new ArrayList<>();
    holder.at(
        "requestHead",
        call -> {
          calls.add(call);
          held.add(call.suspend(DEADLINE));
        });
    TestOrigin origin = origin(1, OriginPlan.clear());
    start(origin);
    ClientExchange exchange = get();
    settle();
    assertThat(holder.events).doesNotContain("B.requestHead");

    held.get(0).resume(() -> calls.get(0).request().setPath("/5/60"));
    rig.await(exchange);

    assertThat(origin.requests().get(0).path()).isEqualTo("/5/60");
    assertThat(holder.events).contains("B.requestHead");
  }

  @Test
  void lastStepThatThrowsIsA500() {
    holdingAt("requestHead");
    start(origin(1, OriginPlan.clear()));
    ClientExchange exchange = get();
    settle();

    held.get(0)
        .resume(
            () -> {
              throw new IllegalStateException("by intent");
            });
    rig.await(exchange);

    assertThat(exchange.status()).isEqualTo(500);
  }

  @Test
  void decisionOfAnotherThreadCounts() throws Exception {
    holdingAt("requestHead");
    start(origin(1, OriginPlan.clear()));
    ClientExchange exchange = get();
    settle();

    Thread other = new Thread(() -> held.get(0).answer(FORBIDDEN));
    other.start();
    other.join();
    rig.await(exchange);

    assertThat(exchange.status()).isEqualTo(403);
  }

  @Test
  void engineThatStopsMeanwhileLeavesNothing() {
    holdingAt("responseHead");
    start(origin(1, OriginPlan.clear()));
    get();
    settle();

    rig.stopNow();

    assertThat(held.get(0).cancelled()).isTrue();
  }

  @Test
  void responseThatComesWhileTheRequestIsHeldIsWhatTheClientGets() {
    holdingAt("requestEnd");
    start(origin(1, OriginPlan.clear().answering(r -> r.after(100 * MILLI, r::answer))));
    ClientExchange exchange = client().post(1, 1000, 1000);
    rig.await(exchange);
    runFor(6000);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(exchange.contentSound()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
  }
}
