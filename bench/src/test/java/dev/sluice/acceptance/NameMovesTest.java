package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.NameCounts;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.testkit.ScriptedResolver;
import dev.sluice.core.testkit.SimOptions;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario RU4: the name of a server moves to another address. */
class NameMovesTest {
  private static final int PORT = 8080;
  private static final InetSocketAddress OLD = new InetSocketAddress("127.0.0.2", PORT);
  private static final InetSocketAddress NEW = new InetSocketAddress("127.0.0.3", PORT);
  private static final Duration TTL = Duration.ofSeconds(1);
  private static final long PAUSE_NANOS = 20 * MILLI;
  private static final long THINK_NANOS = 30 * MILLI;
  private static final String SLOW = "/slow";

  private final List<H1Client> clients = new ArrayList<>();

  private static H1Origin origin(Stage stage, InetSocketAddress at) {
    return H1Origin.listen(stage.simulation(), at, null)
        .answering(
            (request, on) -> {
              long nanos = request.path().equals(SLOW) ? 3 * SECOND : THINK_NANOS;
              on.after(nanos, () -> on.ok(request.path()));
            });
  }

  private H1Client ask(Stage stage, String path) {
    H1Client client = stage.client().get(path);
    client.whenAnswered(message -> client.wire().close());
    clients.add(client);
    return client;
  }

  /** Fifty requests a second until then. */
  private void runTo(Stage stage, long endNanos) {
    while (stage.now() < endNanos) {
      ask(stage, "/" + clients.size());
      stage.runFor(Math.min(PAUSE_NANOS, endNanos - stage.now()));
    }
  }

  private void burst(Stage stage) {
    for (int i = 0; i < 10; i++) {
      ask(stage, "/burst-" + i);
    }
  }

  private static NameCounts counts(Stage stage) {
    return stage.server().nameCounts();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4})
  void newConnectionsFollowTheNameAndNoRequestFails(int loops) {
    Stage stage = new Stage(4, SimOptions.calm(), loops).endless();
    H1Origin old = origin(stage, OLD);
    H1Origin next = origin(stage, NEW);
    ScriptedResolver resolver = new ScriptedResolver(stage.simulation());
    resolver.answers(TTL, OLD.getHostString());
    stage.start(
        Pki.server("http/1.1"),
        ServerConfig.named("s", "app.example", PORT).withLimits(64, ServerConfig.UNLIMITED, 1024),
        builder -> builder.resolver(resolver));
    long from = stage.now();

    runTo(stage, from + 4_500 * MILLI);
    burst(stage);
    final H1Client slow = ask(stage, SLOW);
    runTo(stage, from + 5 * SECOND);
    assertThat(old.open()).as("idle and busy ones").isGreaterThan(5);
    assertThat(next.connections()).isEmpty();

    resolver.answers(TTL, NEW.getHostString());
    runTo(stage, from + 7 * SECOND);
    int opened = old.connections().size();
    assertThat(counts(stage).changes()).isEqualTo(1);
    assertThat(old.open()).as("only the busy one").isEqualTo(1);
    assertThat(next.open()).isPositive();
    assertThat(stage.server().retirements().get(Retirement.MOVED_AWAY)).isGreaterThan(5);

    runTo(stage, from + 8 * SECOND);
    assertThat(slow.status()).isEqualTo(200);
    assertThat(old.open()).as("closed with its last request").isZero();
    stage.simulation().network().refuse(OLD);
    burst(stage);
    runTo(stage, from + 10_500 * MILLI);

    long failuresBefore = counts(stage).failures();
    resolver.fails();
    runTo(stage, from + 13_500 * MILLI);
    assertThat(failuresBefore).isZero();
    assertThat(counts(stage).failures()).isPositive();
    assertThat(counts(stage).addresses()).as("the last good answer").isEqualTo(1);
    burst(stage);
    resolver.answers(TTL, NEW.getHostString());
    runTo(stage, from + 16 * SECOND);
    stage.runFor(SECOND);

    assertThat(clients).hasSizeGreaterThan(800).allMatch(client -> client.status() == 200);
    assertThat(stage.server().retries()).isZero();
    assertThat(old.connections()).as("no new one since 7 s").hasSize(opened);
    assertThat(old.requests().size() + next.requests().size()).isEqualTo(clients.size());
    assertThat(counts(stage).changes()).isEqualTo(1);
    assertThat(counts(stage).lookups()).isEqualTo(resolver.lookups());
    assertThat(resolver.lookups()).isBetween(12, 17);
    stage.leak();
  }
}
