package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.MILLI;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.DrainReport;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.observe.DrainPhase;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ProxyObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The engine lets its clients go: nobody who came in time is left without an answer. */
class DrainTest {
  private static final int COMING = 200;

  private final H2Scene scene = new H2Scene();
  private final Stage stage = scene.stage;
  private final H1Origin origin = stage.origin();
  private final List<DrainPhase> phases = new ArrayList<>();

  /** Half a second of each phase. */
  private static DrainConfig halfSeconds() {
    Duration half = Duration.ofMillis(500);
    return new DrainConfig(half, half, half, Duration.ofSeconds(10));
  }

  private void start() {
    stage.start(
        Pki.server("h2", "http/1.1"),
        Stage.clear(B),
        builder -> builder.observer(new PhaseObserver()));
  }

  private final class PhaseObserver implements ProxyObserver {
    @Override
    public void onExchange(ExchangeRecord record) {
      // Counted by the stage.
    }

    @Override
    public void onDrain(DrainPhase phase) {
      phases.add(phase);
    }
  }

  private CompletableFuture<DrainReport> drain(DrainConfig how) {
    return stage.engine().drain(how).toCompletableFuture();
  }

  private DrainReport finish(CompletableFuture<DrainReport> drained) {
    stage.simulation().runUntil(drained::isDone);
    return drained.join();
  }

  private static boolean last(Message response) {
    return "close".equalsIgnoreCase(response.field("connection"));
  }

  @Test
  void noticeChangesNothingButTheReadiness() {
    start();
    assertThat(stage.engine().ready()).isTrue();
    H1Client early = stage.client().get("/1");
    stage.await(early, 1);
    CompletableFuture<DrainReport> drained = drain(halfSeconds());
    stage.runFor(100 * MILLI);

    assertThat(stage.engine().ready()).isFalse();
    assertThat(phases).containsExactly(DrainPhase.NOTICE);
    H1Client late = stage.client().get("/2");
    stage.await(late, 1).await(early.get("/3"), 2);
    assertThat(last(late.response(0))).isFalse();
    assertThat(last(early.response(1))).isFalse();
    assertThat(finish(drained).complete()).isTrue();
    stage.leak();
  }

  @Test
  void everyAnswerOfTheWindowIsTheLastOfItsConnection() {
    start();
    H1Client idle = stage.client().get("/1");
    stage.await(idle, 1);
    CompletableFuture<DrainReport> drained = drain(halfSeconds());
    stage.runFor(700 * MILLI);

    assertThat(phases).containsExactly(DrainPhase.NOTICE, DrainPhase.WINDOW);
    assertThat(idle.ended()).as("an idle connection waits").isFalse();
    H1Client late = stage.client().get("/2");
    stage.await(late, 1).await(idle.get("/3"), 2);
    assertThat(last(late.response(0))).isTrue();
    assertThat(last(idle.response(1))).isTrue();
    stage.runFor(50 * MILLI);
    assertThat(late.ended()).isTrue();
    assertThat(idle.ended()).isTrue();
    DrainReport report = finish(drained);
    assertThat(report.finished()).isEqualTo(2);
    assertThat(report.exchangesFinished()).isEqualTo(2);
    assertThat(report.complete()).isTrue();
    stage.leak();
  }

  @Test
  void connectionWhoseAnswerDidNotSayThatItIsTheLastHasOneMore() {
    origin.answering(
        (request, on) -> {
          on.respond("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
          on.after(300 * MILLI, () -> on.respond("cd"));
        });
    start();
    H1Client client = stage.client().get("/1");
    stage.runFor(100 * MILLI);
    CompletableFuture<DrainReport> drained = drain(halfSeconds().withNotice(Duration.ZERO));
    stage.await(client, 1);

    assertThat(last(client.response(0))).isFalse();
    stage.await(client.get("/2"), 2);
    assertThat(client.response(1).status()).isEqualTo(200);
    assertThat(last(client.response(1))).isTrue();
    assertThat(finish(drained).complete()).isTrue();
    stage.leak();
  }

  @Test
  void idleConnectionIsClosedAfterTheLastCall() {
    start();
    H1Client idle = stage.client().get("/1");
    H1Client busy = stage.client().get("/2");
    stage.await(idle, 1).await(busy, 1);
    long begun = stage.now();
    CompletableFuture<DrainReport> drained = drain(DrainConfig.within(Duration.ofSeconds(10)));
    stage.runFor(900 * MILLI);

    assertThat(stage.client().get("/refused").wire()).isNotNull();
    assertThat(idle.ended()).isFalse();
    // On its way when the listeners are closed already.
    stage.await(busy.get("/3"), 2);
    assertThat(busy.response(1).status()).isEqualTo(200);
    DrainReport report = finish(drained);
    assertThat(idle.endNanos() - begun).isBetween(1_000 * MILLI, 1_050 * MILLI);
    assertThat(idle.wire().cleanlyEnded()).isTrue();
    assertThat(phases)
        .containsExactly(
            DrainPhase.NOTICE,
            DrainPhase.WINDOW,
            DrainPhase.LAST_CALL,
            DrainPhase.FINISHING,
            DrainPhase.SERVERS,
            DrainPhase.DONE);
    assertThat(report.finished()).isEqualTo(2);
    assertThat(report.took().get(DrainPhase.LAST_CALL))
        .isBetween(Duration.ofSeconds(1), Duration.ofMillis(1_010));
    assertThat(stage.server().connections()).isZero();
    stage.leak();
  }

  @Test
  void whoeverWaitsInTheBacklogWhenTheListenersCloseIsServed() {
    start();
    CompletableFuture<DrainReport> drained =
        drain(halfSeconds().withNotice(Duration.ZERO).withWindow(Duration.ofMillis(1)));
    List<H1Client> clients = new ArrayList<>();
    for (int i = 0; i < COMING; i++) {
      H1Client client = stage.client().get("/" + i);
      clients.add(client);
      stage.runFor(MILLI / 10);
    }
    DrainReport report = finish(drained);

    int served = 0;
    for (H1Client client : clients) {
      if (!client.wire().socket().refused()) {
        served++;
        assertThat(client.status()).isEqualTo(200);
      }
    }
    assertThat(served).isBetween(1, COMING - 1);
    assertThat(report.finished()).isEqualTo(served);
    assertThat(report.complete()).isTrue();
    stage.leak();
  }

  @Test
  void handshakeThatIsUnderWayGoesOnToItsOnlyAnswer() {
    start();
    H1Client client = stage.secureClient();
    stage.runFor(MILLI / 2);
    CompletableFuture<DrainReport> drained =
        drain(
            halfSeconds()
                .withNotice(Duration.ZERO)
                .withWindow(Duration.ZERO)
                .withLastCall(Duration.ZERO));
    stage.runFor(100 * MILLI);
    client.get("/1");
    stage.await(client, 1);

    assertThat(client.response(0).status()).isEqualTo(200);
    assertThat(last(client.response(0))).isTrue();
    assertThat(finish(drained).complete()).isTrue();
    stage.leak();
  }

  @Test
  void h2ClientHearsOfTheEndTwiceAndARequestInBetweenIsAnswered() {
    start();
    H2Client client = scene.client();
    scene.await(client.get("/1"));
    H2Client.Answer[] crossing = new H2Client.Answer[1];
    CompletableFuture<DrainReport> drained = drain(DrainConfig.within(Duration.ofSeconds(10)));
    // Sent before the client has heard of anything.
    crossing[0] = client.get("/2");
    scene.await(crossing[0]);

    assertThat(crossing[0].status()).isEqualTo(200);
    DrainReport report = finish(drained);
    assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE, 3);
    assertThat(report.finished()).isEqualTo(1);
    assertThat(report.complete()).isTrue();
    scene.leak();
  }

  @Test
  void h2ClientThatComesLateGetsItsFirstRequestThrough() {
    start();
    CompletableFuture<DrainReport> drained = drain(halfSeconds().withNotice(Duration.ZERO));
    stage.runFor(100 * MILLI);
    H2Client client = scene.client();
    stage.runFor(100 * MILLI);
    assertThat(client.goAways()).isEmpty();
    H2Client.Answer answer = scene.await(client.get("/1"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(finish(drained).complete()).isTrue();
    assertThat(client.goAways()).containsExactly(Integer.MAX_VALUE, 1);
    scene.leak();
  }

  @Test
  void reportNamesWhatWasCutAtTheDeadline() {
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/half")) {
            on.respond("HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nab");
          }
        });
    start();
    H1Client waits = stage.client().get("/never");
    H1Client half = stage.client().get("/half");
    H1Client idle = stage.client();
    stage.runFor(100 * MILLI);
    long begun = stage.now();
    CompletableFuture<DrainReport> drained = drain(DrainConfig.within(Duration.ofSeconds(2)));
    DrainReport report = finish(drained);

    assertThat(stage.now() - begun).isBetween(2_000 * MILLI, 2_100 * MILLI);
    assertThat(report.finished()).isEqualTo(1);
    assertThat(report.cut()).isEqualTo(2);
    assertThat(report.cutByFrontend()).containsOnlyKeys("front").containsValue(2);
    assertThat(report.exchangesCut())
        .containsEntry(ExchangePhase.WAITING, 1)
        .containsEntry(ExchangePhase.RESPONSE, 1);
    assertThat(report.exchangesCutByServer()).containsEntry("b/s", 2);
    assertThat(report.serverConnectionsCut()).containsEntry("b/s", 2);
    assertThat(report.tunnelsCut()).isZero();
    assertThat(report.took()).containsKey(DrainPhase.CUT);
    assertThat(report.toString())
        .startsWith(
            "1 client connection finished, 0 exchanges finished, 2 cut (front 2), exchanges cut"
                + " (WAITING 1, RESPONSE 1) (b/s 2), server connections cut (b/s 2); NOTICE 0 ms");
    assertThat(waits.ended()).isTrue();
    assertThat(half.ended()).isTrue();
    assertThat(idle.ended()).isTrue();
    stage.leak();
  }

  @Test
  void drainCanBeEndedBeforeItsDeadline() {
    origin.answering((request, on) -> {});
    start();
    H1Client client = stage.client().get("/never");
    stage.runFor(100 * MILLI);
    CompletableFuture<DrainReport> drained = drain(halfSeconds());
    stage.runFor(100 * MILLI);
    assertThat(drain(halfSeconds())).as("one drain at a time").isNotDone();
    stage.engine().endDrain();
    long asked = stage.now();
    DrainReport report = finish(drained);

    assertThat(stage.now() - asked).isLessThan(100 * MILLI);
    assertThat(report.exchangesCut()).containsEntry(ExchangePhase.WAITING, 1);
    assertThat(client.ended()).isTrue();
    assertThat(stage.client().wire().ended()).isFalse();
    stage.engine().endDrain();
    stage.leak();
  }

  @Test
  void stopEndsADrainWithoutAReport() {
    origin.answering((request, on) -> {});
    start();
    stage.client().get("/never");
    stage.runFor(100 * MILLI);
    CompletableFuture<DrainReport> drained = drain(halfSeconds());
    stage.runFor(100 * MILLI);
    stage.engine().stop();

    assertThat(drained).isCompletedExceptionally();
    assertThat(stage.engine().ready()).isFalse();
    assertThatThrownBy(() -> stage.engine().drain(Duration.ofSeconds(1)))
        .isInstanceOf(IllegalStateException.class);
  }

  @Test
  void drainThatCanNotBeIsRefused() {
    start();
    assertThatThrownBy(() -> drain(halfSeconds().withDeadline(Duration.ofMillis(900))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage(
            "drain.deadline is PT0.9S, and notice and window take PT1S: no less than these"
                + " is valid");
    assertThatThrownBy(() -> drain(halfSeconds().withNotice(Duration.ofMillis(-1))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessage("drain.notice is PT-0.001S: PT0S to PT24H is valid");
    assertThat(stage.engine().ready()).isTrue();
    stage.leak();
  }
}
