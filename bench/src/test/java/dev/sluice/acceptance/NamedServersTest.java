package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.InitialAddress;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.NameCounts;
import dev.sluice.core.testkit.ScriptedResolver;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.tls.TlsServerConfig;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Servers that are given by name, in a whole engine; one loop. */
class NamedServersTest {
  private static final int PORT = 8080;
  private static final Duration TTL = Duration.ofSeconds(1);
  private static final String OLD = "192.0.2.201";
  private static final String NEW = "192.0.2.202";
  private static final String V6 = "2001:db8::1";

  private final Stage stage = new Stage().endless();
  private final ScriptedResolver resolver = new ScriptedResolver(stage.simulation());

  private static InetSocketAddress at(String address) {
    return new InetSocketAddress(address, PORT);
  }

  private H1Origin origin(String address) {
    return H1Origin.listen(stage.simulation(), at(address), null);
  }

  private static ServerConfig named() {
    return ServerConfig.named("s", "app.example", PORT);
  }

  private void start(ServerConfig server) {
    stage.start(Pki.server("http/1.1"), server, builder -> builder.resolver(resolver));
  }

  private NameCounts counts() {
    return stage.server().nameCounts();
  }

  private H1Client get(String path) {
    H1Client client = stage.client().get(path);
    stage.await(client, 1);
    return client;
  }

  /** The connection stands when its address is none of the server's any more. */
  @Test
  void connectionThatWasMadeWhileTheAddressChangedServesItsRequestAndNoOther() {
    H1Origin old = origin(OLD);
    H1Origin next = origin(NEW);
    resolver.answers(TTL, OLD);
    start(named());
    stage.simulation().network().delayConnects(at(OLD), 800 * MILLI);
    stage.runFor(500 * MILLI);

    H1Client first = stage.client().get("/first");
    resolver.answers(TTL, NEW);
    stage.await(first, 1);
    assertThat(first.status()).isEqualTo(200);
    assertThat(counts().changes()).isEqualTo(1);
    assertThat(get("/second").status()).isEqualTo(200);

    assertThat(old.requests()).hasSize(1);
    assertThat(old.open()).isZero();
    assertThat(next.requests()).hasSize(1);
    stage.leak();
  }

  @Test
  void requestsThatWaitGoToTheNewAddress() {
    H1Origin old = origin(OLD);
    old.answering((request, on) -> on.after(1_500 * MILLI, () -> on.ok(request.path())));
    H1Origin next = origin(NEW);
    resolver.answers(TTL, OLD);
    stage.with(Stage.timeouts(5_000, 10_000, 5_000));
    start(named().withLimits(1, ServerConfig.UNLIMITED, 10));

    final H1Client running = stage.client().get("/running");
    stage.runFor(100 * MILLI);
    List<H1Client> waiting = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      waiting.add(stage.client().get("/" + i));
    }
    resolver.answers(TTL, NEW);
    stage.runFor(2 * SECOND);

    assertThat(running.status()).isEqualTo(200);
    assertThat(waiting).extracting(H1Client::status).containsOnly(200);
    assertThat(old.requests()).hasSize(1);
    assertThat(next.requests()).hasSize(3);
    assertThat(next.connections()).hasSize(1);
    stage.leak();
  }

  @Test
  void sharedConnectionFinishesItsStreamsAndTakesNoFurtherOne() {
    TlsServerConfig tls = Pki.server("h2");
    H2ScriptedServer old =
        H2ScriptedServer.listen(stage.simulation(), at(OLD), () -> new EngineEnd(tls.newEngine()));
    List<H2ScriptedServer.Request> held = new ArrayList<>();
    old.answering(held::add);
    H2ScriptedServer next =
        H2ScriptedServer.listen(stage.simulation(), at(NEW), () -> new EngineEnd(tls.newEngine()));
    resolver.answers(TTL, OLD);
    stage.start(
        Pki.server("http/1.1"),
        new ServerConfig(
            "s",
            named().address(),
            Pki.client("h2", "http/1.1"),
            Pki.NAME,
            null,
            null,
            64,
            ServerConfig.UNLIMITED,
            1024,
            InitialAddress.REQUIRED),
        builder -> builder.mux(new H2MuxProvider()).resolver(resolver));

    H1Client first = stage.client().get("/first");
    H1Client second = stage.client().get("/second");
    stage.runFor(500 * MILLI);
    assertThat(held).hasSize(2);
    resolver.answers(TTL, NEW);
    stage.runFor(SECOND);
    assertThat(get("/third").status()).isEqualTo(200);
    held.forEach(request -> request.ok(request.path()));
    stage.await(first, 1);
    stage.await(second, 1);
    stage.runFor(100 * MILLI);

    assertThat(first.status()).isEqualTo(200);
    assertThat(second.status()).isEqualTo(200);
    assertThat(next.requests()).hasSize(1);
    assertThat(stage.server().connections()).as("the old one is closed").isEqualTo(1);
    stage.leak();
  }

  @Test
  void connectionsAreSpreadOverTheAddresses() {
    H1Origin first = origin(OLD);
    H1Origin second = origin(NEW);
    resolver.answers(TTL, OLD, NEW);
    stage.start(
        Pki.server("http/1.1"),
        named(),
        builder ->
            builder
                .resolver(resolver)
                .router(call -> call.forward("apart"))
                .backend(
                    BackendConfig.of("apart", named()).withPool(PoolConfig.reuse(Reuse.NEVER))));
    for (int i = 0; i < 6; i++) {
      assertThat(get("/" + i).status()).isEqualTo(200);
    }

    assertThat(first.connections()).hasSize(3);
    assertThat(second.connections()).hasSize(3);
    stage.leak();
  }

  @Test
  void silentFamilyCostsTheAttemptDelayAndNoMore() {
    H1Origin four = origin(NEW);
    stage.simulation().network().blackhole(at(V6));
    resolver.answers(TTL, V6, NEW);
    start(named().withLimits(1, ServerConfig.UNLIMITED, 10));

    H1Client client = get("/");

    assertThat(client.status()).isEqualTo(200);
    assertThat(client.tookNanos()).isBetween(250 * MILLI, 300 * MILLI);
    assertThat(four.connections()).hasSize(1);
    assertThat(counts().races()).isEqualTo(1);
    assertThat(counts().fallbacks()).isEqualTo(1);
    assertThat(stage.server().connections()).as("one permit for the race").isEqualTo(1);
    assertThat(stage.connectFailures()).isEmpty();
    stage.leak();
  }

  @Test
  void connectDeadlineHoldsForAllAddressesTogether() {
    stage.simulation().network().blackhole(at(V6));
    stage.simulation().network().blackhole(at(NEW));
    resolver.answers(TTL, V6, NEW);
    start(named());

    H1Client client = get("/");

    assertThat(client.status()).isEqualTo(504);
    assertThat(client.tookNanos()).as("twice a second").isBetween(1_990 * MILLI, 2_200 * MILLI);
    assertThat(counts().fallbacks()).isZero();
    stage.leak();
  }

  @Test
  void engineDoesNotStartWithoutAnAddressThatIsRequired() {
    resolver.fails();

    assertThatThrownBy(() -> start(named()))
        .hasMessageContaining("backends.b.servers.s: host app.example can't be looked up");
  }

  @Test
  void serverWithoutAnAddressYetIsPassedOver() {
    origin(OLD);
    H1Origin next = origin(NEW);
    resolver.fails();
    ServerConfig later = named().withInitialAddress(InitialAddress.LATER);
    stage.start(
        Pki.server("http/1.1"),
        later,
        builder ->
            builder
                .resolver(resolver)
                .router(
                    call -> call.forward(call.request().path().startsWith("/two") ? "two" : "b"))
                .backend(BackendConfig.of("two", later, ServerConfig.clear("other", at(OLD)))));

    assertThat(get("/one").status()).isEqualTo(503);
    assertThat(stage.records().get(0).cause()).isEqualTo(CloseCause.NO_SERVER);
    for (int i = 0; i < 4; i++) {
      assertThat(get("/two").status()).isEqualTo(200);
    }
    assertThat(counts().addresses()).isZero();
    resolver.answers(TTL, NEW);
    stage.runFor(2 * SECOND);
    assertThat(get("/one").status()).isEqualTo(200);
    assertThat(next.requests()).hasSize(1);
    stage.leak();
  }
}
