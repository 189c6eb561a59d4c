package dev.sluice.core.observe;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExchangeRecordTest {
  private static final long BEGAN = 5_000_000L;
  private static final ClientFacts CLIENT = new ClientFacts(null, session("TLSv1.3"));

  private final ExchangeRecord record = new ExchangeRecord();

  @AfterEach
  void stagesMakeUpTheWhole() {
    assertThat(stages(record)).isEqualTo(record.totalNanos());
  }

  private static SessionFacts session(String version) {
    return new SessionFacts(version, "X", "", "example.org", "h2", false);
  }

  private static long stages(ExchangeRecord of) {
    return of.requestNanos()
        + of.routingNanos()
        + of.queueNanos()
        + of.lostNanos()
        + of.connectNanos()
        + of.handshakeNanos()
        + of.waitNanos()
        + of.responseNanos();
  }

  private void begin() {
    record.begin("web", "h1", CLIENT, BEGAN);
  }

  /** A request that is routed at 30, after 10 for its head and 20 for the router. */
  private void route() {
    begin();
    record.request(Texts.of("GET", "example.org", "/a"), BEGAN + 10);
    record.routed("app", BEGAN + 30);
  }

  private void complete(long at) {
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", BEGAN + at);
  }

  @Test
  void eachStageOfACompleteExchangeIsTold() {
    route();
    record.attempt("a");
    record.queued(100);
    record.connected("h1", session("TLSv1.2"), true, 50, 80, BEGAN + 260);
    record.firstByte(BEGAN + 460);
    complete(760);

    assertThat(record.requestNanos()).isEqualTo(10);
    assertThat(record.routingNanos()).isEqualTo(20);
    assertThat(record.queueNanos()).isEqualTo(100);
    assertThat(record.lostNanos()).isZero();
    assertThat(record.connectNanos()).isEqualTo(50);
    assertThat(record.handshakeNanos()).isEqualTo(80);
    assertThat(record.waitNanos()).isEqualTo(200);
    assertThat(record.responseNanos()).isEqualTo(300);
    assertThat(record.firstByteNanos()).isEqualTo(450);
    assertThat(record.totalNanos()).isEqualTo(760);
    assertThat(record.frontSession().version()).isEqualTo("TLSv1.3");
    assertThat(record.backSession().version()).isEqualTo("TLSv1.2");
    assertThat(record.muxAfterHandshake()).isTrue();
    assertThat(record.reused()).isFalse();
    assertThat(record.phase()).isEqualTo(ExchangePhase.DONE);
  }

  @Test
  void reusedConnectionShowsNoConnectAndNoHandshake() {
    route();
    record.attempt("a");
    record.reused("h1", session("TLSv1.3"), true, BEGAN + 31);
    record.firstByte(BEGAN + 40);
    complete(50);

    assertThat(record.reused()).isTrue();
    assertThat(record.connectNanos()).isZero();
    assertThat(record.handshakeNanos()).isZero();
    // One from the choice of the backend to the attachment, before which nothing was measured.
    assertThat(record.lostNanos()).isEqualTo(1);
    assertThat(record.waitNanos()).isEqualTo(9);
  }

  @Test
  void failedAttemptsAreLostTime() {
    route();
    record.attempt("a");
    record.attempt("b");
    record.connected("h1", SessionFacts.NONE, false, 5, 0, BEGAN + 135);
    record.firstByte(BEGAN + 140);
    complete(150);

    assertThat(record.attempts()).isEqualTo(2);
    assertThat(record.retries()).isEqualTo(1);
    assertThat(record.server()).isEqualTo("b");
    assertThat(record.lostNanos()).isEqualTo(100);
    assertThat(record.connectNanos()).isEqualTo(5);
  }

  @Test
  void attemptForgetsWhatAnEarlierOneTold() {
    route();
    record.attempt("a");
    record.connected("h1", session("TLSv1.3"), true, 7, 9, BEGAN + 50);
    record.attempt("b");
    record.firstByte(BEGAN + 90);
    record.status(502);
    record.end(CloseCause.CONNECT_REFUSED, CloseCause.Origin.SERVER, "", BEGAN + 90);

    assertThat(record.backProtocol()).isEmpty();
    assertThat(record.backSession()).isSameAs(SessionFacts.NONE);
    assertThat(record.muxAfterHandshake()).isFalse();
    assertThat(record.connectNanos()).isZero();
    assertThat(record.handshakeNanos()).isZero();
    assertThat(record.lostNanos()).isEqualTo(60);
    assertThat(record.waitNanos()).isZero();
  }

  @Test
  void secondAttemptAfterAReusedConnectionIsNew() {
    route();
    record.attempt("a");
    record.reused("h1", SessionFacts.NONE, false, BEGAN + 30);
    record.attempt("a");
    record.connected("h1", SessionFacts.NONE, false, 5, 0, BEGAN + 45);
    record.firstByte(BEGAN + 50);
    complete(60);

    assertThat(record.reused()).isFalse();
    assertThat(record.lostNanos()).isEqualTo(10);
  }

  @Test
  void withoutAHeadAllTimeIsTheRequests() {
    begin();
    record.end(CloseCause.CLIENT_TIMEOUT, CloseCause.Origin.CLIENT, "", BEGAN + 70);

    assertThat(record.requestNanos()).isEqualTo(70);
    assertThat(record.phase()).isEqualTo(ExchangePhase.REQUEST);
    assertThat(record.method()).isEmpty();
    assertThat(record.path()).isEmpty();
    assertThat(record.firstByteNanos()).isZero();
  }

  @Test
  void unansweredRouterIsRoutingTime() {
    begin();
    record.request(Texts.of("GET", "", "/"), BEGAN + 10);
    record.firstByte(BEGAN + 510);
    record.status(500);
    record.end(CloseCause.ROUTER_FAILED, CloseCause.Origin.PROXY, "", BEGAN + 515);

    assertThat(record.routingNanos()).isEqualTo(500);
    assertThat(record.responseNanos()).isEqualTo(5);
    assertThat(record.phase()).isEqualTo(ExchangePhase.ROUTING);
  }

  @Test
  void silentServerIsWaitingTime() {
    route();
    record.attempt("a");
    record.connected("h1", SessionFacts.NONE, false, 5, 0, BEGAN + 35);
    record.end(CloseCause.CLIENT_ABORT, CloseCause.Origin.CLIENT, "", BEGAN + 1035);

    assertThat(record.waitNanos()).isEqualTo(1000);
    assertThat(record.responseNanos()).isZero();
    assertThat(record.firstByteNanos()).isZero();
    assertThat(record.phase()).isEqualTo(ExchangePhase.WAITING);
  }

  @Test
  void onlyTheFirstFirstByteCounts() {
    route();
    record.firstByte(BEGAN + 40);
    record.firstByte(BEGAN + 41);
    complete(42);

    assertThat(record.firstByteNanos()).isEqualTo(30);
  }

  @Test
  void momentZeroOfTheClockIsAMomentLikeOthers() {
    record.begin("web", "h1", CLIENT, -10);
    record.request(Texts.of("GET", "", "/"), -5);
    record.routed("", -5);
    record.firstByte(0);
    record.firstByte(3);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 4);

    assertThat(record.firstByteNanos()).isEqualTo(5);
  }

  @Test
  void beginForgetsEverything() {
    route();
    record.attempt("a");
    record.attempt("b");
    record.reused("h2", session("TLSv1.3"), true, BEGAN + 40);
    record.status(200);
    record.addFromClient(1);
    record.addToClient(2);
    record.end(CloseCause.SERVER_ABORT, CloseCause.Origin.SERVER, "words", BEGAN + 50);

    record.begin("other", "", ClientFacts.NONE, BEGAN + 60);

    ExchangeRecord fresh = new ExchangeRecord();
    fresh.begin("other", "", ClientFacts.NONE, BEGAN + 60);
    assertThat(record).usingRecursiveComparison().isEqualTo(fresh);
  }

  @Test
  void snapshotIsTheSameAndStaysSo() {
    route();
    record.attempt("a");
    record.connected("h1", session("TLSv1.2"), true, 50, 80, BEGAN + 260);
    record.addFromClient(11);
    record.addToClient(12);
    record.status(200);
    record.firstByte(BEGAN + 460);
    record.end(CloseCause.SERVER_ABORT, CloseCause.Origin.SERVER, "words", BEGAN + 470);

    ExchangeRecord kept = record.snapshot();

    assertThat(kept).usingRecursiveComparison().ignoringFields("request").isEqualTo(record);
    record.begin("other", "", ClientFacts.NONE, BEGAN + 900);
    complete(900);
    assertThat(kept.method()).isEqualTo("GET");
    assertThat(kept.host()).isEqualTo("example.org");
    assertThat(kept.path()).isEqualTo("/a");
    assertThat(kept.snapshot().path()).isEqualTo("/a");
    assertThat(kept.totalNanos()).isEqualTo(470);
    assertThat(stages(kept)).isEqualTo(470);
    assertThat(kept.toString()).contains("GET /a", "app/a", "WAITING/SERVER/SERVER_ABORT", "words");
  }

  @Test
  void terminationIsOneObjectForEachCombination() {
    route();
    record.phase(ExchangePhase.RESPONSE);
    record.end(CloseCause.TRUNCATED, CloseCause.Origin.CLIENT, "", BEGAN + 50);

    TerminationState state = record.termination();

    assertThat(state)
        .isEqualTo(
            new TerminationState(
                ExchangePhase.RESPONSE, CloseCause.Origin.CLIENT, CloseCause.TRUNCATED))
        .isSameAs(record.snapshot().termination())
        .hasToString("RESPONSE/CLIENT/TRUNCATED");
    assertThat(state.complete()).isFalse();
    for (ExchangePhase phase : ExchangePhase.values()) {
      for (CloseCause.Origin by : CloseCause.Origin.values()) {
        for (CloseCause cause : CloseCause.values()) {
          assertThat(TerminationState.of(phase, by, cause))
              .isEqualTo(new TerminationState(phase, by, cause));
        }
      }
    }
  }

  @Test
  void clientAddressIsWrittenAsInAnAuthority() throws UnknownHostException {
    assertThat(text("192.0.2.1", 80)).isEqualTo("192.0.2.1:80");
    assertThat(text("2001:db8::1", 443)).isEqualTo("[2001:db8:0:0:0:0:0:1]:443");
    assertThat(new ClientFacts(InetSocketAddress.createUnresolved("a.test", 1), SessionFacts.NONE))
        .hasToString("client a.test:1");
    assertThat(ClientFacts.NONE.addressText()).isEmpty();
  }

  private static String text(String literal, int port) throws UnknownHostException {
    InetSocketAddress address = new InetSocketAddress(InetAddress.getByName(literal), port);
    return new ClientFacts(address, SessionFacts.NONE).addressText();
  }
}
