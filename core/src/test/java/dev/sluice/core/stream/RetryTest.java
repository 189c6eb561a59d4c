package dev.sluice.core.stream;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackoffConfig;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetryBudgetConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.RetryKind;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.EngineTest;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestClient;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.time.Duration;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** How often a request is tried again, where, and when. */
class RetryTest extends EngineTest {
  private static final long SECOND = 1_000 * MILLI;

  /** Servers by the order in which they were asked, and when. */
  private final List<String> asked = new ArrayList<>();

  private final List<Long> askedNanos = new ArrayList<>();

  private static RetryConfig replays(int max) {
    return new RetryConfig(1, max).withStatuses(Set.of(503));
  }

  private static RetryConfig timeouts(int replaysMax, long tryMillis) {
    return new RetryConfig(1, replaysMax)
        .withOn(EnumSet.of(RetryOn.RESPONSE_TIMEOUT))
        .withTryTimeout(Duration.ofMillis(tryMillis));
  }

  private static BackoffConfig backoff(long baseMillis, long maxMillis) {
    return BackoffConfig.of(Duration.ofMillis(baseMillis), Duration.ofMillis(maxMillis));
  }

  private void start(RetryConfig retry, ServerConfig... servers) {
    rig.startHttp(backend -> backend.withRetry(retry), servers);
  }

  /** A server that notes when it is asked. */
  private TestOrigin noting(int number, Consumer<OriginRequest> answer) {
    return origin(
        number,
        OriginPlan.clear()
            .answering(
                request -> {
                  asked.add("s" + number);
                  askedNanos.add(rig.simulation().clock().nanoTime());
                  request.whenComplete(() -> answer.accept(request));
                }));
  }

  private TestOrigin answering(int number, int... statuses) {
    int[] count = {0};
    return noting(
        number, request -> request.answer(statuses[Math.min(count[0]++, statuses.length - 1)]));
  }

  private static ServerConfig server(int number) {
    return ServerConfig.clear("s" + number, EngineRig.origin(number));
  }

  private long gapMillis(int after) {
    return (askedNanos.get(after + 1) - askedNanos.get(after)) / MILLI;
  }

  private ClientExchange done(ClientExchange exchange) {
    rig.await(exchange);
    settle();
    return exchange;
  }

  // ---- whether, and where

  @Test
  void answerWithAChosenStatusIsAskedForAgainElsewhere() {
    answering(1, 503);
    answering(2, 200);
    start(replays(1), server(1), server(2));

    ClientExchange exchange = done(get());

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(exchange.contentSound()).isTrue();
    assertThat(asked).containsExactly("s1", "s2");
    ExchangeRecord record = rig.onlyRecord();
    assertThat(record.retries()).isEqualTo(1);
    assertThat(record.lastRetry()).isEqualTo(RetryKind.STATUS);
    assertThat(record.cause()).isEqualTo(CloseCause.COMPLETE);
    assertThat(rig.server("s1").retriesByKind()).containsOnlyKeys(RetryKind.STATUS);
    assertThat(rig.server("s1").retries()).isEqualTo(1);
    assertThat(rig.server("s2").retries()).isZero();
  }

  @Test
  void answerToTheLastAttemptReachesTheClientWhateverItSays() {
    answering(1, 503);
    start(replays(2), server(1));

    ClientExchange exchange = done(get());

    assertThat(exchange.status()).isEqualTo(503);
    assertThat(exchange.contentSound()).as("it is the server's own").isTrue();
    assertThat(asked).hasSize(3);
    assertThat(rig.onlyRecord().retries()).isEqualTo(2);
  }

  @Test
  void statusThatIsNotChosenPasses() {
    answering(1, 500);
    start(replays(2), server(1));

    assertThat(done(get()).status()).isEqualTo(500);

    assertThat(asked).hasSize(1);
    assertThat(rig.onlyRecord().lastRetry()).isNull();
  }

  @Test
  void postIsNotSentTwiceForTheSakeOfAStatus() {
    answering(1, 503);
    start(replays(2), server(1));

    assertThat(done(post()).status()).isEqualTo(503);

    assertThat(asked).hasSize(1);
  }

  // RFC 9110 15.5.20.
  @Test
  void misdirectedRequestGoesToAConnectionMadeForItWhateverItsMethod() {
    TestOrigin origin = answering(1, 200, 421, 200);
    rig.startHttp(
        backend ->
            backend
                .withPool(PoolConfig.reuse(Reuse.ALWAYS))
                .withRetry(RetryConfig.defaults().withStatuses(Set.of(421))),
        server(1));
    done(get());

    assertThat(done(post()).status()).isEqualTo(200);

    assertThat(origin.requests()).hasSize(3);
    assertThat(origin.connection(0).requests()).hasSize(2);
    assertThat(origin.connection(1).requests()).hasSize(1);
    assertThat(rig.records().get(1).lastRetry()).isEqualTo(RetryKind.MISDIRECTED);
  }

  @Test
  void whatAServerAnsweredIsToldIfLaterAttemptsComeToNothing() {
    answering(1, 429);
    rig.simulation().network().refuse(EngineRig.origin(2));
    start(new RetryConfig(0, 1).withStatuses(Set.of(429)), server(1), server(2));

    assertThat(done(get()).status()).isEqualTo(429);

    assertThat(asked).hasSize(1);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CONNECT_REFUSED);
    assertThat(rig.onlyRecord().retries()).isEqualTo(1);
  }

  @Test
  void serverThatHasFailedIsNotAskedWhileThereAreOthers() {
    Map<Long, List<Integer>> bySeed = new HashMap<>();
    for (int i = 1; i <= 3; i++) {
      int number = i;
      noting(
          i,
          request -> {
            bySeed.computeIfAbsent(request.seed(), seed -> new ArrayList<>()).add(number);
            request.after(
                rig.simulation().random().nextLong(1, 20) * MILLI, () -> request.answer(503));
          });
    }
    start(replays(8), server(1), server(2), server(3));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(this::done);

    assertThat(bySeed).hasSize(20);
    bySeed.forEach(
        (seed, servers) -> {
          assertThat(servers).hasSize(9);
          assertThat(servers.subList(0, 3)).as("request " + seed).doesNotHaveDuplicates();
          for (int k = 1; k < servers.size(); k++) {
            assertThat(servers.get(k)).as("attempt " + k).isNotEqualTo(servers.get(k - 1));
          }
        });
  }

  @Test
  void numberInAllBoundsThoseOfTheKinds() {
    answering(1, 503);
    start(replays(5).withRetriesMax(2), server(1));

    done(get());

    assertThat(asked).hasSize(3);
  }

  @Test
  void endThatIsNotAmongTheChosenEndsTheExchange() {
    TestOrigin origin = noting(1, request -> request.connection().wire().reset());
    start(new RetryConfig(3, 3).withOn(Set.of()), server(1));

    assertThat(done(get()).status()).isEqualTo(502);

    assertThat(origin.requests()).hasSize(1);
    assertThat(rig.server("s1").retries()).isZero();
  }

  @Test
  void connectThatFailsIsNotTriedAgainIfThatIsOff() {
    rig.simulation().network().refuse(EngineRig.origin(1));
    start(new RetryConfig(3, 3).withOn(Set.of(RetryOn.HANDSHAKE_FAILURE)), server(1));

    assertThat(done(get()).status()).isEqualTo(502);

    assertThat(rig.connectFailures()).hasSize(1);
  }

  // ---- when

  @Test
  void waitsDoubleUpToTheLongestOne() {
    answering(1, 503, 503, 503, 503, 503, 200);
    start(replays(5).withBackoff(backoff(40, 130)), server(1));

    assertThat(done(get()).status()).isEqualTo(200);

    long[] steps = {40, 80, 130, 130, 130};
    Set<Long> gaps = new HashSet<>();
    for (int i = 0; i < steps.length; i++) {
      assertThat(gapMillis(i)).as("wait " + i).isBetween(steps[i] / 2, steps[i] + 5);
      gaps.add(askedNanos.get(i + 1) - askedNanos.get(i));
    }
    assertThat(gaps).as("they are random").hasSizeGreaterThan(3);
  }

  @Test
  void requestsThatFailTogetherDoNotComeBackTogether() {
    answering(1, 503, 503, 503, 503, 503, 503, 503, 503, 200);
    start(replays(1).withBackoff(backoff(100, 100)), server(1));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 8; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(this::done);

    Set<Long> again = new HashSet<>();
    askedNanos.subList(8, 16).forEach(nanos -> again.add(nanos / (5 * MILLI)));
    assertThat(again).hasSizeGreaterThan(4);
  }

  @Test
  void firstRetryElsewhereDoesNotWait() {
    answering(1, 503);
    answering(2, 503);
    answering(3, 200);
    start(replays(2).withBackoff(backoff(100, 1000)), server(1), server(2), server(3));

    done(get());

    assertThat(asked).containsExactly("s1", "s2", "s3");
    assertThat(gapMillis(0)).isLessThan(10);
    assertThat(gapMillis(1)).isBetween(50L, 105L);
  }

  @Test
  void evenTheFirstRetryElsewhereWaitsIfItIsTo() {
    answering(1, 503);
    answering(2, 200);
    start(
        replays(2)
            .withBackoff(new BackoffConfig(Duration.ofMillis(100), Duration.ofMillis(100), true)),
        server(1),
        server(2));

    done(get());

    assertThat(gapMillis(0)).isBetween(50L, 105L);
  }

  @Test
  void nothingIsHeldWhileARequestWaits() {
    TestOrigin origin = answering(1, 503, 200, 200);
    start(replays(1).withBackoff(backoff(400, 400)), server(1).withLimits(1, 1, 0));
    ClientExchange waiting = get();
    settle();
    assertThat(asked).hasSize(1);
    assertThat(rig.server("s1").requests()).isZero();
    assertThat(rig.server("s1").waiting()).isZero();

    // With one request at a time and no line, this one would be refused otherwise.
    assertThat(done(get()).status()).isEqualTo(200);

    assertThat(waiting.status()).isZero();
    assertThat(done(waiting).status()).isEqualTo(200);
    assertThat(origin.requests()).hasSize(3);
  }

  @Test
  void clientThatLeavesEndsTheWait() {
    TestOrigin origin = answering(1, 503);
    start(replays(1).withBackoff(backoff(400, 400)), server(1));
    TestClient client = client();
    client.get(7, 100);
    settle();

    client.reset();
    runFor(1_000);

    assertThat(origin.requests()).hasSize(1);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.CLIENT_ABORT);
    assertThat(rig.onlyRecord().retries()).isZero();
    assertThat(rig.server("s1").retries()).as("there was none").isZero();
  }

  @Test
  void noWaitIsLongerThanTheQueueTimeout() {
    answering(1, 503, 200);
    start(replays(1).withBackoff(backoff(60_000, 60_000)), server(1));

    assertThat(done(get()).status()).isEqualTo(200);

    assertThat(gapMillis(0)).isBetween(1_000L, 1_010L);
  }

  @Test
  void engineThatStopsWhileARequestWaitsLeavesNothing() {
    answering(1, 503);
    start(replays(1).withBackoff(backoff(400, 400)), server(1));
    get();
    settle();

    rig.stopNow();
  }

  // ---- the time of a try

  @Test
  void tryThatTakesTooLongGivesWayToTheNext() {
    noting(1, request -> {});
    answering(2, 200);
    start(timeouts(1, 200), server(1), server(2));

    assertThat(done(get()).status()).isEqualTo(200);

    assertThat(gapMillis(0)).isBetween(200L, 210L);
    assertThat(rig.onlyRecord().lastRetry()).isEqualTo(RetryKind.RESPONSE_TIMEOUT);
    assertThat(rig.server("s1").retriesByKind()).containsOnlyKeys(RetryKind.RESPONSE_TIMEOUT);
  }

  @Test
  void lastTryHasTheWholeServerTimeout() {
    noting(1, request -> request.after(900 * MILLI, request::answer));
    start(timeouts(1, 200), server(1));

    assertThat(done(get()).status()).isEqualTo(200);

    assertThat(asked).hasSize(2);
  }

  @Test
  void requestThatMayNotBeSentAgainIsNotCutByTheTimeOfATry() {
    noting(1, request -> request.after(900 * MILLI, request::answer));
    start(timeouts(3, 200), server(1));

    assertThat(done(post()).status()).isEqualTo(200);

    assertThat(asked).hasSize(1);
  }

  @Test
  void serverTimeoutIsTriedAgainIfThatIsOn() {
    noting(1, request -> {});
    answering(2, 200);
    start(new RetryConfig(1, 1).withOn(EnumSet.of(RetryOn.RESPONSE_TIMEOUT)), server(1), server(2));
    ClientExchange exchange = get();

    rig.simulation().runFor(31 * SECOND);

    assertThat(exchange.status()).isEqualTo(200);
    assertThat(gapMillis(0)).isBetween(30_000L, 30_100L);
  }

  @Test
  void serverTimeoutOfTheLastAttemptIsTold() {
    noting(1, request -> {});
    start(new RetryConfig(1, 1).withOn(EnumSet.of(RetryOn.RESPONSE_TIMEOUT)), server(1));

    assertThat(done(get()).status()).isEqualTo(504);

    assertThat(asked).hasSize(2);
    assertThat(rig.onlyRecord().cause()).isEqualTo(CloseCause.SERVER_TIMEOUT);
  }

  // ---- how many at a time

  @Test
  void budgetBoundsHowManyRequestsAreRetriesAtATime() {
    Set<Long> seen = new HashSet<>();
    int[] again = {0, 0};
    noting(
        1,
        request -> {
          boolean retry = !seen.add(request.seed());
          if (retry) {
            again[1] = Math.max(again[1], ++again[0]);
          }
          request.after(
              50 * MILLI,
              () -> {
                again[0] -= retry ? 1 : 0;
                request.answer(503);
              });
        });
    start(replays(3).withBudget(new RetryBudgetConfig(20, 2)), server(1));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(this::done);

    assertThat(exchanges).allMatch(exchange -> exchange.status() == 503);
    assertThat(again[1]).as("a fifth of forty").isEqualTo(8);
    assertThat(rig.server("s1").retriesRefused()).isPositive();
    assertThat(rig.records()).hasSize(40);
    long retries = rig.records().stream().mapToLong(ExchangeRecord::retries).sum();
    assertThat(rig.server("s1").retries()).isEqualTo(retries);
  }

  @Test
  void withoutABudgetAllRequestsMayBeRetries() {
    answering(1, 503);
    start(replays(1), server(1));
    List<ClientExchange> exchanges = new ArrayList<>();
    for (int i = 0; i < 40; i++) {
      exchanges.add(get());
    }
    exchanges.forEach(this::done);

    assertThat(asked).hasSize(80);
    assertThat(rig.server("s1").retriesRefused()).isZero();
  }
}
