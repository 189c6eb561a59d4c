package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.testkit.SimOptions;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Scenario RU5: the waiting line is exact, on one loop and over four. */
class WaitingLineTest {
  private static final int CONNECTIONS = 2;
  private static final int PLACES = 10;
  private static final long QUEUE_MILLIS = 500;

  private Stage stage = new Stage();
  private H1Origin origin = stage.origin();

  private void start(int loops, long holdMillis, long queueMillis) {
    stage = new Stage(1, SimOptions.calm(), loops);
    origin = stage.origin();
    origin.answering((request, on) -> on.after(holdMillis * MILLI, () -> on.ok(request.path())));
    stage
        .with(Stage.timeouts(5_000, 10_000, queueMillis))
        .start(Stage.clear(Stage.B).withLimits(CONNECTIONS, ServerConfig.UNLIMITED, PLACES));
  }

  private H1Client ask(int number) {
    return stage.client().get("/" + number);
  }

  /** Runs until then, and looks at the gauges after each step. */
  private void runTo(long nanos) {
    while (stage.now() < nanos) {
      boolean[] due = {false};
      stage.simulation().network().schedule(nanos - stage.now(), () -> due[0] = true);
      while (!due[0] && stage.simulation().stepChecked()) {
        gaugesHold();
      }
    }
  }

  private void gaugesHold() {
    ServerSnapshot now = stage.server();
    assertThat(now.connections()).isBetween(0, CONNECTIONS);
    assertThat(now.busy()).isBetween(0, CONNECTIONS);
    assertThat(now.requests()).isBetween(0, CONNECTIONS);
    assertThat(now.waiting()).isBetween(0, PLACES);
  }

  private void turnedAwayAtOnce(List<H1Client> clients) {
    assertThat(clients).extracting(H1Client::status).containsOnly(503);
    assertThat(clients).allMatch(client -> client.tookNanos() < 50 * MILLI);
  }

  private void turnedAwayInTime(List<H1Client> clients) {
    assertThat(clients).extracting(H1Client::status).containsOnly(503);
    assertThat(clients)
        .allMatch(
            client ->
                client.tookNanos() >= QUEUE_MILLIS * MILLI
                    && client.tookNanos() < (QUEUE_MILLIS + 20) * MILLI);
  }

  private long countOf(CloseCause cause) {
    return stage.records().stream().filter(record -> record.cause() == cause).count();
  }

  @ParameterizedTest(name = "{0} loops")
  @ValueSource(ints = {1, 4})
  void placesAreExactlyAsManyAsThereMayBe(int loops) {
    start(loops, 2_000, QUEUE_MILLIS);
    long from = stage.now();
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < 50; i++) {
      clients.add(ask(i));
    }
    runTo(from + 100 * MILLI);

    Set<String> out = new HashSet<>();
    origin.requests().forEach(request -> out.add(request.path()));
    assertThat(out).hasSize(CONNECTIONS);
    List<H1Client> refused = new ArrayList<>();
    List<H1Client> waiting = new ArrayList<>();
    List<H1Client> served = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      H1Client client = clients.get(i);
      if (client.status() != 0) {
        refused.add(client);
      } else {
        (out.contains("/" + i) ? served : waiting).add(client);
      }
    }
    assertThat(refused).hasSize(50 - CONNECTIONS - PLACES);
    turnedAwayAtOnce(refused);
    assertThat(countOf(CloseCause.QUEUE_FULL)).isEqualTo(refused.size());
    assertThat(waiting).hasSize(PLACES);
    assertThat(stage.server().waiting()).isEqualTo(PLACES);

    runTo(from + 200 * MILLI);
    List<H1Client> staying = waiting.subList(0, 5);
    waiting.subList(5, PLACES).forEach(client -> client.wire().reset());
    runTo(from + 300 * MILLI);
    assertThat(stage.server().waiting()).isEqualTo(5);
    assertThat(countOf(CloseCause.CLIENT_ABORT)).isEqualTo(5);

    List<H1Client> later = new ArrayList<>();
    for (int i = 50; i < 55; i++) {
      later.add(ask(i));
    }
    runTo(from + 400 * MILLI);
    assertThat(stage.server().waiting()).isEqualTo(PLACES);
    assertThat(later).allMatch(client -> client.status() == 0);
    H1Client tooMany = ask(55);
    runTo(from + 450 * MILLI);
    turnedAwayAtOnce(List.of(tooMany));

    runTo(from + 900 * MILLI);
    turnedAwayInTime(staying);
    turnedAwayInTime(later);
    assertThat(countOf(CloseCause.QUEUE_TIMEOUT)).isEqualTo(PLACES);
    assertThat(stage.server().waiting()).isZero();

    runTo(from + 2_100 * MILLI);
    assertThat(served).extracting(H1Client::status).containsOnly(200);
    assertThat(origin.requests()).hasSize(CONNECTIONS);
    stage.leak();
  }

  @ParameterizedTest(name = "{0} loops")
  @ValueSource(ints = {1, 4})
  void whoeverCameFirstIsServedFirst(int loops) {
    start(loops, 50, 5_000);
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < CONNECTIONS + PLACES; i++) {
      clients.add(ask(i));
      runTo(stage.now() + 2 * MILLI);
    }
    // One who leaves the middle of the line does not change the order of the others.
    clients.get(6).wire().reset();
    runTo(stage.now() + 500 * MILLI);

    List<String> expected = new ArrayList<>();
    for (int i = 0; i < clients.size(); i++) {
      if (i != 6) {
        expected.add("/" + i);
        assertThat(clients.get(i).status()).isEqualTo(200);
      }
    }
    assertThat(origin.requests()).extracting(H1Origin.Request::path).isEqualTo(expected);
    assertThat(origin.connections()).hasSize(CONNECTIONS);
    stage.leak();
  }
}
