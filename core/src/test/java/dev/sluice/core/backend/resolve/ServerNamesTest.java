package dev.sluice.core.backend.resolve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.config.InitialAddress;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.NameCounts;
import dev.sluice.core.testkit.ScriptedResolver;
import dev.sluice.core.testkit.Simulation;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.junit.jupiter.api.Test;

/** How names are followed: one loop, a simulated clock, lookups on the simulation's executor. */
class ServerNamesTest {
  private static final long MILLI = 1_000_000L;
  private static final String WHERE = "backends.b.servers.s";

  private final Simulation simulation = new Simulation(1);
  private final EventLoop loop = simulation.addLoop(LoopLimits.defaults());
  private final ScriptedResolver resolver = new ScriptedResolver(simulation);
  private ResolveConfig config = ResolveConfig.defaults();
  private Executor executor = simulation.executor();
  private int told;

  private ServerNames names() {
    return new ServerNames(
        config, resolver, simulation.loops(), executor, new SplittableRandom(simulation.seed()));
  }

  private static ServerConfig named(String host) {
    return ServerConfig.named("s", host, 8080);
  }

  private static ServerAddresses add(ServerNames names, ServerConfig server) {
    ServerAddresses added = names.add(server, WHERE);
    assertThat(added).isNotNull();
    return added;
  }

  /** Looks up and follows one host. */
  private ServerAddresses start(ServerConfig server) throws IOException {
    ServerNames names = names();
    ServerAddresses addresses = add(names, server);
    addresses.whenChanged(
        () -> {
          assertThat(loop.inLoop()).isTrue();
          told++;
          return true;
        });
    names.lookUpAll();
    names.follow();
    runFor(0);
    return addresses;
  }

  private void runFor(long millis) {
    simulation.runFor(millis * MILLI);
  }

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(address, 8080);
  }

  private static NameCounts counts(ServerAddresses of) {
    return of.counts();
  }

  @Test
  void serverWithAnAddressIsNotLookedUp() {
    assertThat(names().add(ServerConfig.clear("s", at("192.0.2.1")), WHERE)).isNull();
  }

  @Test
  void nameIsLookedUpBeforeTheEngineServesAndAgainWhenItsTtlEnds() throws Exception {
    resolver.answers(Duration.ofSeconds(10), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));

    assertThat(addresses.order()).containsExactly(at("192.0.2.1"));
    assertThat(resolver.hosts()).containsExactly("a.example");
    runFor(9_990);
    assertThat(resolver.lookups()).isEqualTo(1);
    runFor(20);
    assertThat(resolver.lookups()).isEqualTo(2);
    assertThat(counts(addresses).lookups()).isEqualTo(2);
    assertThat(counts(addresses).changes()).isZero();
    assertThat(told).isZero();
  }

  @Test
  void answerWithoutTtlHoldsForTheRefreshTime() throws Exception {
    config = config.withRefresh(Duration.ofSeconds(7));
    resolver.answersWithoutTtl("192.0.2.1");
    start(named("a.example"));

    runFor(6_990);
    assertThat(resolver.lookups()).isEqualTo(1);
    runFor(20);
    assertThat(resolver.lookups()).isEqualTo(2);
  }

  @Test
  void ttlOfZeroIsNoReasonToAskAllTheTime() throws Exception {
    config = config.withTtl(Duration.ofSeconds(2), Duration.ofSeconds(60));
    resolver.answers(Duration.ZERO, "192.0.2.1");
    start(named("a.example"));

    runFor(20_500);
    assertThat(resolver.lookups()).isEqualTo(11);
  }

  @Test
  void ttlWithoutEndIsNoReasonNotToAskAgain() throws Exception {
    config = config.withTtl(Duration.ofSeconds(1), Duration.ofSeconds(60));
    resolver.answers(Duration.ofSeconds(Long.MAX_VALUE), "192.0.2.1");
    start(named("a.example"));

    runFor(60_500);
    assertThat(resolver.lookups()).isEqualTo(2);
  }

  @Test
  void anotherAnswerIsTakenAndTold() throws Exception {
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));

    resolver.answers(Duration.ofSeconds(1), "192.0.2.2", "192.0.2.3");
    runFor(1_010);
    assertThat(addresses.order()).containsExactlyInAnyOrder(at("192.0.2.2"), at("192.0.2.3"));
    assertThat(addresses.holds(at("192.0.2.1"))).isFalse();
    assertThat(told).isEqualTo(1);
    assertThat(counts(addresses).changes()).isEqualTo(1);
    assertThat(counts(addresses).addresses()).isEqualTo(2);

    resolver.answers(Duration.ofSeconds(1), "192.0.2.3", "192.0.2.2");
    runFor(1_010);
    assertThat(told).as("only the order has changed").isEqualTo(1);
  }

  @Test
  void changeThatALoopHadNoRoomForIsToldOnceMore() throws Exception {
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));
    addresses.whenChanged(() -> ++told == 2);

    resolver.answers(Duration.ofSeconds(1), "192.0.2.2");
    runFor(5_000);
    assertThat(told).isEqualTo(2);
  }

  @Test
  void lastGoodAnswerIsKeptWhileLookupsFailAndTheWaitsGrow() throws Exception {
    config = config.withRetry(Duration.ofSeconds(1), Duration.ofSeconds(8));
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));
    resolver.fails();

    runFor(1_000 + 1_000 + 2_000 + 4_000 + 8_000);
    assertThat(addresses.order()).containsExactly(at("192.0.2.1"));
    long failures = counts(addresses).failures();
    assertThat(failures).as("each wait is shorter by up to half").isBetween(4L, 8L);
    runFor(80_000);
    assertThat(counts(addresses).failures() - failures).isBetween(9L, 21L);

    resolver.answers(Duration.ofSeconds(1), "192.0.2.2");
    runFor(8_000);
    assertThat(addresses.order()).containsExactly(at("192.0.2.2"));
  }

  @Test
  void answerWithoutAddressesIsAFailure() throws Exception {
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));

    resolver.answers(Duration.ofSeconds(1));
    runFor(1_100);
    assertThat(addresses.order()).containsExactly(at("192.0.2.1"));
    assertThat(counts(addresses).failures()).isEqualTo(1);
  }

  @Test
  void lookupThatIsNotAnsweredInTimeHasFailedAndIsBegunAnew() throws Exception {
    config =
        config
            .withTimeout(Duration.ofSeconds(2))
            .withRetry(Duration.ofSeconds(1), Duration.ofSeconds(1));
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));
    resolver.hangs();

    runFor(2_900);
    assertThat(counts(addresses).failures()).isZero();
    runFor(200);
    assertThat(counts(addresses).failures()).isEqualTo(1);
    assertThat(addresses.known()).isTrue();
    runFor(1_000);
    assertThat(counts(addresses).lookups()).isEqualTo(3);
  }

  @Test
  void answerThatComesLateIsTakenUnlessALaterOneIsAwaited() throws Exception {
    config =
        config
            .withTimeout(Duration.ofSeconds(2))
            .withRetry(Duration.ofSeconds(10), Duration.ofSeconds(10));
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));
    resolver.hangs();
    runFor(4_000);
    assertThat(counts(addresses).failures()).isEqualTo(1);

    resolver.answers(Duration.ofSeconds(100), "192.0.2.2");
    resolver.answerLate();
    runFor(10);
    assertThat(addresses.order()).containsExactly(at("192.0.2.2"));
    runFor(50_000);
    assertThat(counts(addresses).lookups()).as("its TTL holds").isEqualTo(2);
  }

  @Test
  void answerToALookupThatWasGivenUpIsNotTaken() throws Exception {
    config =
        config
            .withTimeout(Duration.ofSeconds(2))
            .withRetry(Duration.ofMillis(500), Duration.ofMillis(500));
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));
    resolver.hangs();
    runFor(3_100);
    resolver.answers(Duration.ofSeconds(100), "192.0.2.2");
    runFor(600);
    assertThat(addresses.order()).containsExactly(at("192.0.2.2"));

    resolver.answers(Duration.ofSeconds(100), "192.0.2.3");
    resolver.answerLate();
    runFor(10);
    assertThat(addresses.order()).as("older than what is known").containsExactly(at("192.0.2.2"));
  }

  @Test
  void lookupThatFindsNoThreadHasFailed() throws Exception {
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    executor =
        lookup -> {
          throw new RejectedExecutionException("full");
        };
    ServerAddresses addresses = start(named("a.example"));

    runFor(1_100);
    assertThat(counts(addresses).failures()).isEqualTo(1);
    assertThat(addresses.known()).isTrue();
    runFor(30_000);
    assertThat(counts(addresses).failures()).isGreaterThan(3);
  }

  /** A thread that hangs is not joined by a second one. */
  @Test
  void lookupWhoseThreadIsStillBlockedIsNotRepeated() throws Exception {
    config =
        config
            .withTimeout(Duration.ofSeconds(1))
            .withRetry(Duration.ofSeconds(1), Duration.ofSeconds(1));
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerAddresses addresses = start(named("a.example"));
    simulation.executor().hold();

    runFor(10_000);
    assertThat(simulation.executor().pending()).isEqualTo(1);
    assertThat(counts(addresses).failures()).isGreaterThan(4);
    resolver.answers(Duration.ofSeconds(100), "192.0.2.2");
    simulation.executor().proceed();
    runFor(10);
    assertThat(addresses.order()).containsExactly(at("192.0.2.2"));
  }

  @Test
  void oneLookupServesAllServersOfAHost() throws Exception {
    resolver.answers(Duration.ofSeconds(10), "192.0.2.1");
    ServerNames names = names();
    ServerAddresses first = add(names, ServerConfig.named("a", "a.example", 80));
    ServerAddresses second = add(names, ServerConfig.named("b", "a.example", 81));
    ServerAddresses third = add(names, ServerConfig.named("c", "b.example", 81));
    names.lookUpAll();

    assertThat(resolver.hosts()).containsExactly("a.example", "b.example");
    assertThat(first.order()).containsExactly(new InetSocketAddress("192.0.2.1", 80));
    assertThat(second.order()).containsExactly(new InetSocketAddress("192.0.2.1", 81));
    assertThat(third.known()).isTrue();
  }

  @Test
  void addressesBeyondTheMostAreLeftOutAndCounted() throws Exception {
    String[] many = new String[WatchedName.ADDRESSES_MAX + 6];
    for (int i = 0; i < many.length; i++) {
      many[i] = "192.0.2." + i;
    }
    resolver.answers(Duration.ofSeconds(10), many);
    ServerAddresses addresses = start(named("a.example"));

    assertThat(addresses.order()).hasSize(WatchedName.ADDRESSES_MAX);
    assertThat(counts(addresses).leftOut()).isEqualTo(6);
    assertThat(counts(addresses).addresses()).isEqualTo(WatchedName.ADDRESSES_MAX);
  }

  @Test
  void addressThatStandsTwiceCountsOnce() throws Exception {
    resolver.answers(Duration.ofSeconds(10), "192.0.2.1", "192.0.2.1");

    assertThat(start(named("a.example")).order()).containsExactly(at("192.0.2.1"));
  }

  @Test
  void serverThatMustHaveAnAddressFailsTheStart() {
    resolver.fails();

    assertThatThrownBy(() -> start(named("a.example")))
        .isInstanceOf(IOException.class)
        .hasMessage(
            WHERE + ": host a.example can't be looked up: UnknownHostException: told to fail");
  }

  @Test
  void serverThatMayHaveItsAddressLaterGetsItByTheNextLookups() throws Exception {
    resolver.fails();
    ServerAddresses addresses = start(named("a.example").withInitialAddress(InitialAddress.LATER));

    assertThat(addresses.known()).isFalse();
    assertThat(addresses.order()).isEmpty();
    resolver.answers(Duration.ofSeconds(10), "192.0.2.1");
    runFor(1_100);
    assertThat(addresses.order()).containsExactly(at("192.0.2.1"));
    assertThat(counts(addresses).changes()).as("there was no other before").isZero();
  }

  @Test
  void nothingIsAskedAnyMoreAfterTheEnd() throws Exception {
    resolver.answers(Duration.ofSeconds(1), "192.0.2.1");
    ServerNames names = names();
    add(names, named("a.example"));
    names.lookUpAll();
    names.follow();
    runFor(500);

    loop.runInTurn(() -> names.close(loop));
    simulation.run();

    assertThat(resolver.lookups()).isEqualTo(1);
  }
}
