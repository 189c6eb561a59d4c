package dev.sluice.core.observe;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;

class EngineCountersTest {
  private final EngineCounters counters = new EngineCounters(2);

  private static ExchangeRecord record(int status, CloseCause cause) {
    ExchangeRecord record = new ExchangeRecord();
    record.begin("web", "h1", ClientFacts.NONE, 0);
    record.status(status);
    record.end(cause, cause.origin(), "", 0);
    return record;
  }

  @Test
  void loopsAreSummedUp() {
    counters.onBegin(0);
    counters.onBegin(1);
    counters.onBegin(1);
    counters.onEnd(0, record(200, CloseCause.COMPLETE));
    counters.onEnd(1, record(503, CloseCause.QUEUE_FULL));

    ExchangeCounts counts = counters.snapshot();
    assertThat(counts.begun()).isEqualTo(3);
    assertThat(counts.ended()).isEqualTo(2);
    assertThat(counts.byCause(CloseCause.COMPLETE)).isEqualTo(1);
    assertThat(counts.byCause(CloseCause.QUEUE_FULL)).isEqualTo(1);
    assertThat(counts).hasToString("begun=3 ended=2 COMPLETE=1 QUEUE_FULL=1");
  }

  @Test
  void eachExchangeHasOneCauseAndOneStatusClass() {
    int ended = 0;
    for (CloseCause cause : CloseCause.values()) {
      for (int status : new int[] {0, 100, 101, 200, 304, 404, 599, 600, 999}) {
        counters.onEnd(ended++ % 2, record(status, cause));
      }
    }
    ExchangeCounts counts = counters.snapshot();
    long byCause = 0;
    for (CloseCause cause : CloseCause.values()) {
      byCause += counts.byCause(cause);
      assertThat(counts.byCause(cause)).isEqualTo(9);
    }
    assertThat(byCause).isEqualTo(ended).isEqualTo(counts.ended());
    long causes = CloseCause.count();
    assertThat(counts.byStatusClass(0)).isEqualTo(causes);
    assertThat(counts.byStatusClass(1)).isEqualTo(2 * causes);
    assertThat(counts.byStatusClass(2)).isEqualTo(causes);
    // RFC 9110 15: a status of no known class is treated as a 5xx.
    assertThat(counts.byStatusClass(5)).isEqualTo(3 * causes);
    assertThatThrownBy(() -> counts.byStatusClass(6)).hasMessageContaining("0 to 5");
  }

  @Test
  void attemptsRetriesReuseAndBytes() {
    ExchangeRecord record = new ExchangeRecord();
    record.begin("web", "h1", ClientFacts.NONE, 0);
    record.attempt("a");
    record.attempt("b");
    record.attempt("c");
    record.reused("h1", SessionFacts.NONE, false, 0);
    record.addFromClient(5);
    record.addToClient(7);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 0);
    counters.onEnd(0, record);
    counters.onEnd(1, record);

    ExchangeCounts counts = counters.snapshot();
    assertThat(counts.attempts()).isEqualTo(6);
    assertThat(counts.retries()).isEqualTo(4);
    assertThat(counts.reused()).isEqualTo(2);
    assertThat(counts.bytesFromClients()).isEqualTo(10);
    assertThat(counts.bytesToClients()).isEqualTo(14);
  }

  @Test
  void failuresByCause() {
    counters.onConnectFailed(0, CloseCause.CONNECT_REFUSED);
    counters.onConnectFailed(1, CloseCause.CONNECT_REFUSED);
    counters.onConnectFailed(1, CloseCause.NO_MUX);
    counters.onClientFailed(0, CloseCause.HANDSHAKE_FAILED);

    ExchangeCounts counts = counters.snapshot();
    assertThat(counts.connectFailures()).isEqualTo(3);
    assertThat(counts.connectFailures(CloseCause.CONNECT_REFUSED)).isEqualTo(2);
    assertThat(counts.connectFailures(CloseCause.NO_MUX)).isEqualTo(1);
    assertThat(counts.clientFailures()).isEqualTo(1);
    assertThat(counts.clientFailures(CloseCause.HANDSHAKE_FAILED)).isEqualTo(1);
  }

  @Test
  void snapshotStaysAsItWas() {
    ExchangeCounts before = counters.snapshot();
    counters.onBegin(0);
    assertThat(before.begun()).isZero();
    assertThat(ExchangeCounts.none()).usingRecursiveComparison().isEqualTo(before);
  }

  @Test
  void observerFailuresAreToldToWhoeverReportsThem() {
    assertThat(counters.onObserverFailed(0)).isEqualTo(1);
    assertThat(counters.onObserverFailed(0)).isEqualTo(2);
    assertThat(counters.onObserverFailed(1)).isEqualTo(1);
    assertThat(counters.snapshot().observerFailures()).isEqualTo(3);
  }
}
