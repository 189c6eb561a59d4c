package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.stream.RecordingFilter.Sort;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What filters are told, what they may change, and how they answer. */
class FilterTest extends EngineTest {
  private static final FixedResponse FORBIDDEN = FixedResponse.text(403, "no\n");

  private final List<String> events = new ArrayList<>();
  private final List<Sort> sorts = new ArrayList<>();

  @AfterEach
  void everyFilterEndsOnce() {
    for (Sort sort : sorts) {
      assertThat(sort.ended).as("ends of " + sort.name).isEqualTo(sort.made);
    }
  }

  private Sort sort(String name) {
    Sort sort = new Sort(name, events);
    sorts.add(sort);
    return sort;
  }

  private void start(TestOrigin origin, FilterFactory... filters) {
    start(clear("a", origin), filters);
  }

  private void start(ServerConfig server, FilterFactory... filters) {
    rig.start(
        builder -> {
          builder
              .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
              .backend(BackendConfig.of("back", server));
          for (FilterFactory filter : filters) {
            builder.filter(filter);
          }
          return builder;
        });
  }

  /** Inverts bytes, as far as there is room: twice is nothing at all. */
  private static void invert(ByteBuffer data, FilterCall call) {
    int count = Math.min(data.remaining(), call.room());
    ByteBuffer inverted = ByteBuffer.allocate(count);
    while (inverted.hasRemaining()) {
      inverted.put((byte) ~data.get());
    }
    assertThat(call.write(inverted.flip())).isEqualTo(count);
  }

  /** Writes each byte twice. */
  private static void twice(ByteBuffer data, FilterCall call) {
    while (data.hasRemaining() && call.room() >= 2) {
      byte b = data.get();
      assertThat(call.write(ByteBuffer.wrap(new byte[] {b, b}))).isEqualTo(2);
    }
  }

  @Test
  void requestPassesInOrderAndResponseInReverse() {
    start(origin(1, OriginPlan.clear()), sort("A"), sort("B"));

    ClientExchange exchange = post();
    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(exchange.contentSound()).isTrue();
    assertThat(events)
        .containsExactly(
            "A.requestHead",
            "B.requestHead",
            "A.requestData",
            "B.requestData",
            "A.requestEnd",
            "B.requestEnd",
            "B.responseHead",
            "A.responseHead",
            "B.responseData",
            "A.responseData",
            "B.responseEnd",
            "A.responseEnd",
            "A.over",
            "B.over");
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
  }

  @Test
  void requestWithoutContentEndsAtItsHead() {
    start(origin(1, OriginPlan.clear()), sort("A"));

    rig.await(get());
    settle();

    assertThat(events).startsWith("A.requestHead", "A.requestEnd").doesNotContain("A.requestData");
  }

  @Test
  void filterOfAnotherFrontendSeesNothing() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    Sort other = sort("other");
    rig.start(
        builder ->
            builder
                .frontend("front", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.FRONT))
                .frontend(
                    "other", ProxyMode.HTTP, "back", ListenerConfig.clear(EngineRig.origin(9)))
                .backend(BackendConfig.of("back", clear("a", origin)))
                .filter("other", other));

    assertThat(getDone().status()).isEqualTo(200);

    assertThat(events).isEmpty();
  }

  @Test
  void filterOfAFrontendThatIsNotThereIsAProblem() {
    start(origin(1, OriginPlan.clear()));
    assertThatThrownBy(
            () ->
                ProxyEngine.builder()
                    .frontend("tcp", ProxyMode.TCP, "back", ListenerConfig.clear(EngineRig.FRONT))
                    .backend(
                        BackendConfig.tcp("back", ServerConfig.clear("a", EngineRig.origin(1))))
                    .filter("tcp", sort("A"))
                    .build())
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("a filter is given for the frontend \"tcp\": valid are");
  }

  @Test
  void headsAreRewritten() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    start(
        origin,
        () ->
            new ExchangeFilter() {
              @Override
              public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
                head.setPath("/7/50");
              }

              @Override
              public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
                assertThat(call.request().path()).isEqualTo("/7/50");
                head.setStatus(203);
              }
            });

    ClientExchange exchange = getDone();
    settle();

    assertThat(origin.requests().get(0).path()).isEqualTo("/7/50");
    assertThat(exchange.status()).isEqualTo(203);
    assertThat(exchange.received()).isEqualTo(50);
    assertThat(rig.onlyRecord().status()).isEqualTo(203);
  }

  @Test
  void contentIsRewrittenInBothDirections() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    start(origin, sort("A").rewriting(FilterTest::twice));

    ClientExchange exchange = client().post(1, 300_000, 200_000);
    rig.await(exchange);

    assertThat(origin.requests().get(0).received()).isEqualTo(600_000);
    assertThat(exchange.received()).isEqualTo(400_000);
  }

  @Test
  void contentThatIsDroppedIsGone() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    start(origin, sort("A").rewriting((data, call) -> data.position(data.limit())));

    ClientExchange exchange = client().post(1, 300_000, 200_000);
    rig.await(exchange);

    assertThat(origin.requests().get(0).received()).isZero();
    assertThat(exchange.received()).isZero();
    assertThat(exchange.complete()).isTrue();
  }

  @Test
  void contentIsAddedAtTheEnd() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    ByteBuffer footer = ByteBuffer.allocate(1000);
    start(
        origin,
        sort("A")
            .at("requestHead", FilterCall::rewriteContent)
            .at("requestEnd", call -> call.write(footer.duplicate()))
            .at("responseHead", FilterCall::rewriteContent)
            .at("responseEnd", call -> call.write(footer.duplicate())));

    ClientExchange exchange = client().ask("POST", 1, 0, 0);
    rig.await(exchange);

    assertThat(origin.requests().get(0).received()).isEqualTo(1000);
    assertThat(exchange.received()).isEqualTo(1000);
  }

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void backPressurePassesFiltersThatRewrite(long seed) {
    rig =
        new EngineRig(seed, SimOptions.rough(new SplittableRandom(seed)), 1, LoopLimits.defaults());
    TestOrigin origin = origin(1, OriginPlan.multi());
    start(
        negotiating("a", origin),
        sort("A").rewriting(FilterTest::invert),
        sort("B"),
        sort("C").rewriting(FilterTest::invert));

    ClientExchange exchange = client().post(seed, 100_000, 150_000);
    rig.await(exchange);
    settle();

    assertThat(exchange.contentSound()).isTrue();
    assertThat(exchange.received()).isEqualTo(150_000);
    assertThat(origin.requests().get(0).received()).isEqualTo(100_000);
    assertThat(origin.requests().get(0).contentSound()).isTrue();
  }

  @Test
  void contentOfAnotherLengthWithoutAnnouncementFails() {
    start(
        origin(1, OriginPlan.clear()),
        sort("A").at("responseData", call -> call.write(ByteBuffer.allocate(1))));

    ClientExchange exchange = getDone();
    settle();

    assertThat(exchange.lost()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.FILTER_FAILED);
    assertThat(rig.onlyRecord().detail()).contains("rewriteContent");
  }

  @Test
  void filterAnswersAtTheHead() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    start(
        origin, sort("A"), sort("B").at("requestHead", call -> call.answer(FORBIDDEN)), sort("C"));

    ClientExchange exchange = client().post(1, 300_000, 100);
    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(403);
    assertThat(exchange.received()).isEqualTo(3);
    assertThat(origin.connections()).isEmpty();
    assertThat(events)
        .startsWith("A.requestHead", "B.requestHead", "A.responseHead")
        .doesNotContain("B.responseHead", "C.requestHead", "C.responseHead");
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.COMPLETE);
    assertThat(rig.onlyRecord().status()).isEqualTo(403);
    assertThat(rig.onlyRecord().backend()).isEmpty();
  }

  @Test
  void filterAnswersInTheMiddleOfTheContent() {
    TestOrigin origin = origin(1, OriginPlan.clear());
    int[] seen = new int[1];
    Sort counting =
        sort("A")
            .rewriting(
                (data, call) -> {
                  int taken = call.write(data);
                  seen[0] += taken;
                  if (seen[0] > 100_000) {
                    call.answer(FixedResponse.text(413, "much\n"));
                    seen[0] = Integer.MIN_VALUE;
                  }
                });
    start(origin, counting);

    ClientExchange exchange = client().post(1, 300_000, 100);
    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(413);
    assertThat(origin.requests().get(0).complete()).isFalse();
    assertThat(origin.connection(0).over() || origin.requests().get(0).cut()).isTrue();
  }

  @Test
  void filterReplacesAResponse() {
    Sort outer = sort("A");
    Sort inner = sort("C");
    start(
        origin(1, OriginPlan.clear().answering(r -> r.answer(404))),
        outer,
        sort("B").at("responseHead", call -> call.answer(FixedResponse.text(200, "instead"))),
        inner);

    ClientExchange exchange = getDone();
    settle();

    assertThat(exchange.received()).isEqualTo("instead".length());
    assertThat(inner.lastStatus).isEqualTo(404);
    assertThat(outer.lastStatus).isEqualTo(200);
    assertThat(rig.onlyRecord().status()).isEqualTo(200);
    assertThat(rig.onlyRecord().backend()).isEqualTo("back");
  }

  @Test
  void answerOfTheEngineItselfPassesTheFilters() {
    Sort sort = sort("A");
    start(ServerConfig.clear("a", EngineRig.origin(1)), sort);

    assertThat(getDone().status()).isEqualTo(502);

    assertThat(sort.lastStatus).isEqualTo(502);
  }

  @Test
  void tooLateAnswerFails() {
    start(
        origin(1, OriginPlan.clear()),
        sort("A").at("responseData", call -> call.answer(FORBIDDEN)));

    ClientExchange exchange = getDone();
    settle();

    assertThat(exchange.lost()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.FILTER_FAILED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"requestHead", "requestData", "requestEnd", "responseHead"})
  void filterThatThrowsBeforeAResponseIsA500(String callback) {
    start(origin(1, OriginPlan.clear()), sort("A"), sort("B").at(callback, FilterTest::fail));

    ClientExchange exchange = post();
    rig.await(exchange);
    settle();

    assertThat(exchange.status()).isEqualTo(500);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.FILTER_FAILED);
    assertThat(rig.onlyRecord().detail()).contains("by intent");
    assertThat(events).contains("A.over", "B.over");
  }

  @ParameterizedTest
  @ValueSource(strings = {"responseData", "responseEnd"})
  void filterThatThrowsAfterThatCutsTheExchange(String callback) {
    start(origin(1, OriginPlan.clear()), sort("A").at(callback, FilterTest::fail));

    ClientExchange exchange = post();
    rig.await(exchange);
    settle();

    assertThat(exchange.lost()).isTrue();
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.FILTER_FAILED);
  }

  @Test
  void filterThatThrowsDisturbsNobodyElse() {
    TestOrigin origin = origin(1, OriginPlan.multi().answering(OriginRequest::answerWhenComplete));
    int[] calls = new int[1];
    start(
        negotiating("a", origin),
        sort("A")
            .at(
                "requestHead",
                call -> {
                  if (calls[0]++ % 2 == 0) {
                    fail(call);
                  }
                }));

    TestClient client = client();
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 10; i++) {
      exchanges.add(client.get(i, 1000));
    }
    exchanges.forEach(rig::await);

    assertThat(exchanges)
        .extracting(ClientExchange::status)
        .containsExactly(500, 200, 500, 200, 500, 200, 500, 200, 500, 200);
  }

  @Test
  void factoryThatThrowsIsA500() {
    Sort made = sort("A");
    start(
        origin(1, OriginPlan.clear()),
        made,
        () -> {
          throw new IllegalStateException("by intent");
        });

    assertThat(getDone().status()).isEqualTo(500);
    assertThat(made.made).isEqualTo(1);
  }

  private static void fail(FilterCall call) {
    throw new IllegalStateException("by intent, of " + call.frontend());
  }

  @Test
  void replayIsOfWhatTheFiltersPutOut() {
    TestOrigin origin =
        TestOrigin.listen(
            rig.simulation(),
            EngineRig.origin(1),
            number ->
                number == 0
                    ? OriginPlan.clear()
                        .answering(r -> r.whenComplete(() -> r.connection().wire().reset()))
                    : OriginPlan.clear());
    int[] heads = new int[1];
    start(
        origin,
        sort("A").rewriting(FilterTest::twice),
        () ->
            new ExchangeFilter() {
              @Override
              public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
                heads[0]++;
              }
            });

    ClientExchange exchange = client().ask("PUT", 3, 1000, 100);
    rig.await(exchange);
    settle();

    assertThat(origin.requests()).hasSize(2);
    assertThat(origin.requests().get(1).received()).isEqualTo(2000);
    assertThat(heads[0]).isEqualTo(1);
    assertThat(exchange.received()).isEqualTo(200);
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
  }

  @Test
  void informationalHeadIsToldAndMayBeDropped() {
    OriginPlan plan =
        OriginPlan.clear()
            .answering(
                r -> {
                  r.inform(103);
                  r.answer();
                });
    start(origin(1, plan), sort("A"));

    rig.await(get());
    settle();

    assertThat(events).containsSubsequence("A.informational", "A.responseHead");
  }

  @Test
  void filterMayBeTheSameForAllExchanges() {
    int[] ends = new int[1];
    ExchangeFilter shared =
        new ExchangeFilter() {
          @Override
          public void onExchangeEnd(ExchangeRecord record) {
            ends[0]++;
            assertThat(record.status()).isEqualTo(200);
          }
        };
    start(origin(1, OriginPlan.clear()), () -> shared);

    getDone();
    getDone();
    settle();

    assertThat(ends[0]).isEqualTo(2);
  }

  @Test
  void clientThatLeavesEndsTheFilters() {
    start(origin(1, OriginPlan.clear().answering(r -> {})), sort("A"));
    TestClient client = client();
    client.post(1, 100, 100);
    settle();

    client.reset();
    settle();

    assertThat(events).endsWith("A.over").doesNotContain("A.responseHead");
  }
}
