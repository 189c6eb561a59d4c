package dev.sluice.core;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.RequestHead;
import dev.sluice.core.observe.AccessLog;
import dev.sluice.core.observe.AccessLogOptions;
import dev.sluice.core.observe.ByteTarget;
import dev.sluice.core.observe.ClientFacts;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.EngineCounters;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.observe.RequestText;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.testkit.ThreadAllocations;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.logging.Handler;
import java.util.logging.LogRecord;
import java.util.logging.Logger;
import org.junit.jupiter.api.Test;

class EngineSinkTest {
  private static final int EXCHANGES = 100_000;
  private static final long BYTES_MAX = 4096;

  private static final SessionFacts SERVER_SESSION =
      new SessionFacts("TLSv1.2", "Y", "", null, "", false);

  private final EngineCounters counters = new EngineCounters(1);

  /** What an observer of a user might sum up. */
  private static final class Sums implements ProxyObserver {
    private long nanos;
    private long failed;

    @Override
    public void onExchange(ExchangeRecord record) {
      nanos += record.totalNanos() + record.firstByteNanos();
      if (!record.termination().complete()) {
        failed++;
      }
    }
  }

  /** Shows a head as a stream does. */
  private record HeadText(RequestHead head) implements RequestText {
    @Override
    public String methodName() {
      return head.methodName();
    }

    @Override
    public void writeMethodTo(ByteTarget target) {
      target.write(head.methodBytes(), head.methodOffset(), head.methodLength());
    }

    @Override
    public void writeHostTo(ByteTarget target) {
      target.write(head.bytes(), head.authorityOffset(), head.authorityLength());
    }

    @Override
    public void writePathTo(ByteTarget target) {
      target.write(head.bytes(), head.pathOffset(), head.pathLength());
    }
  }

  @Test
  void exchangeIsRecordedLoggedAndObservedWithoutAllocation() throws IOException {
    Sums sums = new Sums();
    RequestHead head = new RequestHead(1024, 16);
    // A method that the engine does not know by name would be a string for each exchange.
    assertThat(head.setMethod("PROPFIND")).isTrue();
    assertThat(head.setAuthority("example.org:8080")).isTrue();
    assertThat(head.setPath("/a/long/path?with=a&query=" + "x".repeat(600))).isTrue();
    HeadText text = new HeadText(head);
    ClientFacts client =
        new ClientFacts(
            new InetSocketAddress("192.0.2.7", 5123),
            new SessionFacts("TLSv1.3", "X", "", null, "", false));
    ExchangeRecord record = new ExchangeRecord();
    try (AccessLog log = AccessLog.open(AccessLogOptions.stream(OutputStream.nullOutputStream()))) {
      EngineSink sink = new EngineSink(counters, log, List.of(sums));
      Runnable exchanges =
          () -> {
            for (int i = 0; i < EXCHANGES; i++) {
              exchange(sink, record, text, client, 1_000_000L * i);
            }
          };
      assertThat(ThreadAllocations.leastDuring(5, exchanges)).isLessThanOrEqualTo(BYTES_MAX);
    }

    assertThat(counters.snapshot().ended()).isEqualTo(5 * EXCHANGES);
    assertThat(sums.failed).isEqualTo(5 * EXCHANGES);
    assertThat(sums.nanos).isPositive();
  }

  private static void exchange(
      EngineSink sink, ExchangeRecord record, RequestText text, ClientFacts client, long now) {
    record.begin("web", "h1", client, now);
    sink.onBegin(0);
    record.request(text, now + 10_000);
    record.routed("app", now + 20_000);
    record.attempt("a");
    record.queued(5_000);
    record.attempt("b");
    record.connected("h1", SERVER_SESSION, true, 30_000, 40_000, now + 100_000);
    record.firstByte(now + 200_000);
    record.status(200);
    record.addFromClient(100);
    record.addToClient(1_000);
    record.end(
        CloseCause.SERVER_ABORT, CloseCause.Origin.SERVER, "Connection reset", now + 300_000);
    sink.onEnd(0, record);
  }

  @Test
  void observerThatThrowsDisturbsNobodyAndIsReportedEverMoreRarely() {
    List<String> seen = new ArrayList<>();
    ProxyObserver broken =
        new ProxyObserver() {
          @Override
          public void onExchange(ExchangeRecord record) {
            throw new AssertionError("broken");
          }

          @Override
          public void onConnectFailed(String server, Failure failure) {
            throw new IllegalStateException("broken");
          }

          @Override
          public void onClientFailed(String frontend, Failure failure) {
            throw new IllegalStateException("broken");
          }
        };
    ProxyObserver sound =
        new ProxyObserver() {
          @Override
          public void onExchange(ExchangeRecord record) {
            seen.add(record.frontend());
          }

          @Override
          public void onConnectFailed(String server, Failure failure) {
            seen.add(server + failure.cause());
          }

          @Override
          public void onClientFailed(String frontend, Failure failure) {
            seen.add(frontend + failure.cause());
          }
        };
    EngineSink sink = new EngineSink(counters, null, List.of(broken, sound));
    ExchangeRecord record = new ExchangeRecord();
    List<String> reports = new ArrayList<>();
    Logger logger = Logger.getLogger(EngineSink.class.getName());
    Handler handler = handler(reports);
    logger.addHandler(handler);
    logger.setUseParentHandlers(false);
    try {
      for (int i = 0; i < 100; i++) {
        record.begin("web", "h1", ClientFacts.NONE, 0);
        record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 0);
        sink.onEnd(0, record);
      }
      sink.onConnectFailed(0, "a", Failure.of(CloseCause.CONNECT_REFUSED));
      sink.onClientFailed(0, "web", Failure.of(CloseCause.HANDSHAKE_FAILED));
    } finally {
      logger.removeHandler(handler);
      logger.setUseParentHandlers(true);
    }

    assertThat(seen).hasSize(102).endsWith("aCONNECT_REFUSED", "webHANDSHAKE_FAILED");
    // 1, 2, 4, ... 64.
    assertThat(reports).hasSize(7);
    assertThat(counters.snapshot().observerFailures()).isEqualTo(102);
    assertThat(counters.snapshot().ended()).isEqualTo(100);
  }

  private static Handler handler(List<String> reports) {
    return new Handler() {
      @Override
      public void publish(LogRecord record) {
        reports.add(record.getMessage());
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
