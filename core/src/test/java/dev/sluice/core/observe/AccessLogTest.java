package dev.sluice.core.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The log with its thread. */
@Timeout(60)
@SuppressWarnings("try") // a capture works by being open
class AccessLogTest {
  private static final InstantSource CLOCK =
      InstantSource.fixed(Instant.parse("2026-11-25T10:25:00Z"));

  private static ExchangeRecord record(String path) {
    ExchangeRecord record = new ExchangeRecord();
    record.begin("web", "h1", ClientFacts.NONE, 0);
    record.request(Texts.of("GET", "", path), 0);
    record.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 2_500_000_000L);
    return record;
  }

  private static AccessLogOptions options(ByteArrayOutputStream out) {
    return AccessLogOptions.stream(out).withClock(CLOCK);
  }

  @Test
  void closeWritesWhatWaits() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = AccessLog.open(options(out));
    for (int i = 0; i < 1000; i++) {
      log.onExchange(record("/" + i));
    }
    log.close();
    log.close();

    List<String> lines = out.toString(US_ASCII).lines().toList();
    assertThat(lines).hasSize(1000);
    assertThat(lines.get(0)).startsWith("time=2026-11-25T10:24:57.500Z client=- frontend=web");
    assertThat(lines.get(999)).contains(" path=/999 ");
    assertThat(log.counts()).isEqualTo(new AccessLogCounts(1000, 0, 0, 0));
  }

  @Test
  void lineIsWrittenWithoutWaitingForMore() throws Exception {
    BlockingQueue<String> written = new LinkedBlockingQueue<>();
    try (AccessLog log = open(written::add)) {
      for (int i = 0; i < 5; i++) {
        // The writer has gone back to wait, or is about to: each line has to wake it.
        log.onExchange(record("/" + i));
        assertThat(written.poll(30, SECONDS)).contains(" path=/" + i + " ");
      }
    }
  }

  @Test
  void slowSinkMakesLinesDropAndNobodyWait() throws Exception {
    CountDownLatch inSink = new CountDownLatch(1);
    CountDownLatch mayGoOn = new CountDownLatch(1);
    List<String> written = new ArrayList<>();
    AccessLog log =
        open(
            text -> {
              inSink.countDown();
              mayGoOn.await();
              written.add(text);
            });
    log.onExchange(record("/first"));
    inSink.await();
    // The writer holds no line while it writes: all eight are free.
    for (int i = 0; i < 20; i++) {
      log.onExchange(record("/" + i));
    }
    assertThat(log.counts().dropped()).isEqualTo(12);
    mayGoOn.countDown();
    log.close();

    assertThat(String.join("", written).lines()).hasSize(9).last().asString().contains(" path=/7 ");
    assertThat(log.counts()).isEqualTo(new AccessLogCounts(9, 12, 0, 0));
  }

  @Test
  void closeGivesUpOnASinkThatBlocks() throws Exception {
    CountDownLatch inSink = new CountDownLatch(1);
    CountDownLatch never = new CountDownLatch(1);
    CountDownLatch interrupted = new CountDownLatch(1);
    AccessLogOptions options =
        options(new ByteArrayOutputStream()).withCloseDeadline(Duration.ofMillis(1));
    AccessLog log =
        AccessLog.open(
            options,
            new TextSink(
                text -> {
                  inSink.countDown();
                  try {
                    never.await();
                  } catch (InterruptedException e) {
                    interrupted.countDown();
                    throw e;
                  }
                }));
    try (LogCapture ignored = LogCapture.of(LogWriter.class)) {
      log.onExchange(record("/blocked"));
      inSink.await();
      log.onExchange(record("/waits"));
      log.close();
      interrupted.await();
      log.awaitEnd();
    }
    assertThat(log.counts()).isEqualTo(new AccessLogCounts(0, 1, 1, 1));
  }

  @Test
  void lineAfterTheEndIsDroppedAndCounted() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = AccessLog.open(options(out));
    log.close();
    log.onExchange(record("/late"));

    assertThat(out.size()).isZero();
    assertThat(log.counts()).isEqualTo(new AccessLogCounts(0, 1, 0, 0));
  }

  @Test
  void recordThatCannotBeReadCostsNoLine() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try (AccessLog log = AccessLog.open(options(out).withLinesMax(2))) {
      ExchangeRecord broken = new ExchangeRecord();
      broken.begin("web", "h1", ClientFacts.NONE, 0);
      broken.request(
          new RequestText() {
            @Override
            public String methodName() {
              return "GET";
            }

            @Override
            public void writeMethodTo(ByteTarget target) {
              throw new IllegalStateException("broken");
            }

            @Override
            public void writeHostTo(ByteTarget target) {}

            @Override
            public void writePathTo(ByteTarget target) {}
          },
          0);
      broken.end(CloseCause.COMPLETE, CloseCause.Origin.NOBODY, "", 0);
      for (int i = 0; i < 5; i++) {
        assertThatThrownBy(() -> log.onExchange(broken)).hasMessage("broken");
      }
      assertThat(log.counts().dropped()).isEqualTo(5);
      log.onExchange(record("/fine"));
    }
    assertThat(out.toString(US_ASCII)).contains(" path=/fine ");
  }

  @Test
  void severalLoopsWriteWholeLines() throws Exception {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    AccessLog log = AccessLog.open(options(out).withLinesMax(64));
    List<Thread> loops = new ArrayList<>();
    for (int loop = 0; loop < 3; loop++) {
      String path = "/" + "abc".charAt(loop) + "x".repeat(100 * loop);
      Thread thread =
          new Thread(
              () -> {
                ExchangeRecord record = record(path);
                for (int i = 0; i < 20_000; i++) {
                  log.onExchange(record);
                }
              });
      loops.add(thread);
      thread.start();
    }
    for (Thread loop : loops) {
      loop.join();
    }
    log.close();

    AccessLogCounts counts = log.counts();
    assertThat(counts.written() + counts.dropped()).isEqualTo(60_000);
    List<String> lines = out.toString(US_ASCII).lines().toList();
    assertThat(lines).hasSize((int) counts.written());
    assertThat(lines)
        .allMatch(line -> line.startsWith("time=") && line.endsWith(" detail=\"\""))
        .allMatch(line -> line.matches(".* path=/[abc]x*+ status=0 .*"));
  }

  @Test
  void fileIsAppendedTo(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("access.log");
    for (int i = 0; i < 2; i++) {
      try (AccessLog log = AccessLog.open(AccessLogOptions.file(file))) {
        log.onExchange(record("/" + i));
      }
    }
    assertThat(Files.readAllLines(file)).hasSize(2).last().asString().contains(" path=/1 ");
  }

  @Test
  void fileThatCannotBeOpenedIsNamed(@TempDir Path directory) {
    Path file = directory.resolve("missing").resolve("access.log");
    assertThatThrownBy(() -> AccessLog.open(AccessLogOptions.file(file)))
        .isInstanceOf(IOException.class)
        .hasMessageContaining("access log")
        .hasMessageContaining(file.toString());
  }

  @Test
  void loggerGetsEachLineAsAMessage() throws IOException {
    String name = "test.access";
    try (LogCapture capture = LogCapture.of(name)) {
      try (AccessLog log = AccessLog.open(AccessLogOptions.logger(System.getLogger(name)))) {
        log.onExchange(record("/{0}"));
        log.onExchange(record("/b"));
      }
      assertThat(capture.messages()).hasSize(2);
      assertThat(capture.messages().get(0))
          .startsWith("time=")
          .contains(" path=/{0} ")
          .endsWith("\"");
    }
  }

  private static AccessLog open(TextSink.Text text) {
    AccessLogOptions options = options(new ByteArrayOutputStream()).withLinesMax(8);
    return AccessLog.open(options, new TextSink(text));
  }

  /** Passes on what is written. */
  private record TextSink(Text text) implements LogSink {
    interface Text {
      void take(String written) throws InterruptedException;
    }

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      try {
        text.take(new String(bytes, 0, length, US_ASCII));
      } catch (InterruptedException e) {
        throw new InterruptedIOException("interrupted");
      }
    }

    @Override
    public void flush() {}

    @Override
    public void close() {}
  }
}
