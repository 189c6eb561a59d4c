package dev.sluice.core.observe;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** The writer without its thread. */
class LogWriterTest {
  private static final int LINES_MAX = 4;

  private final Sink sink = new Sink();
  private long nowMillis = 1_000_000;
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMillis);
  private final LogQueue queue = new LogQueue(LINES_MAX, 100);
  private LogWriter writer = writer(Duration.ZERO);

  private LogWriter writer(Duration flushInterval) {
    return new LogWriter(
        queue,
        sink,
        AccessLogOptions.stream(new ByteArrayOutputStream())
            .withClock(clock)
            .withFlushInterval(flushInterval));
  }

  private void put(String text) {
    LogLine line = queue.take();
    assertThat(line).isNotNull();
    line.clear();
    line.constant(text.getBytes(US_ASCII));
    queue.put(line, Thread.currentThread());
  }

  @Test
  void linesAreWrittenTogetherAndInOrder() {
    put("one\n");
    put("two\n");

    assertThat(writer.run(100)).isTrue();
    assertThat(sink.writes).containsExactly("one\ntwo\n");
    assertThat(writer.run(100)).isFalse();
    assertThat(writer.written()).isEqualTo(2);
  }

  @Test
  void queueHandsOutAsManyLinesAsItHasAndNoMore() {
    List<LogLine> taken = new ArrayList<>();
    for (int i = 0; i < LINES_MAX; i++) {
      taken.add(queue.take());
    }
    assertThat(taken).doesNotContainNull().doesNotHaveDuplicates();
    assertThat(queue.take()).isNull();

    queue.giveBack(taken.get(0));
    assertThat(queue.take()).isSameAs(taken.get(0));
  }

  @Test
  void writtenLinesCanBeTakenAgain() {
    for (int i = 0; i < 10 * LINES_MAX; i++) {
      put("line " + i + "\n");
      assertThat(writer.run(100)).isTrue();
    }
    assertThat(sink.writes).hasSize(10 * LINES_MAX).endsWith("line 39\n");
  }

  @Test
  void runIsBounded() {
    put("1\n");
    put("2\n");
    put("3\n");

    assertThat(writer.run(2)).isTrue();
    assertThat(sink.writes).containsExactly("1\n2\n");
    assertThat(writer.run(2)).isTrue();
    assertThat(writer.run(2)).isFalse();
  }

  @Test
  void flushesAfterEachRunIfNothingElseIsSaid() {
    put("1\n");
    writer.run(100);
    assertThat(sink.flushes).isEqualTo(1);
    writer.run(100);
    assertThat(sink.flushes).isEqualTo(1);
    assertThat(writer.millisToFlush()).isNegative();
  }

  @Test
  void flushesOnceAnInterval() {
    writer = writer(Duration.ofMillis(500));
    put("1\n");
    writer.run(100);
    assertThat(sink.flushes).isZero();
    assertThat(writer.millisToFlush()).isEqualTo(500);

    nowMillis += 499;
    put("2\n");
    writer.run(100);
    assertThat(sink.flushes).isZero();
    assertThat(writer.millisToFlush()).isEqualTo(1);

    nowMillis += 1;
    writer.run(100);
    assertThat(sink.flushes).isEqualTo(1);
    assertThat(writer.millisToFlush()).isNegative();
  }

  @Test
  void clockThatIsSetBackPutsOffNoFlush() {
    writer = writer(Duration.ofMillis(500));
    nowMillis -= 3_600_000;
    put("1\n");
    writer.run(100);
    assertThat(sink.flushes).isEqualTo(1);
  }

  @Test
  void sinkThatFailsLosesTheLineAndIsTriedAgain() {
    sink.problem = new IOException("No space left on device");
    try (LogCapture log = LogCapture.of(LogWriter.class)) {
      put("1\n");
      put("2\n");
      writer.run(100);
      assertThat(writer.lost()).isEqualTo(2);
      assertThat(writer.errors()).isEqualTo(1);
      assertThat(writer.written()).isZero();
      assertThat(log.messages()).hasSize(1);

      sink.problem = null;
      put("3\n");
      writer.run(100);
      assertThat(sink.writes).containsExactly("3\n");
      assertThat(writer.written()).isEqualTo(1);
    }
  }

  @Test
  void failuresAreReportedOnceASecondWithTheirCount() {
    sink.problem = new IllegalStateException("broken");
    try (LogCapture log = LogCapture.of(LogWriter.class)) {
      for (int i = 0; i < 50; i++) {
        put("line\n");
        writer.run(100);
        nowMillis += 100;
      }
      assertThat(log.messages()).hasSize(5);
      assertThat(log.messages().get(1)).contains("10 failures");
    }
    assertThat(writer.errors()).isEqualTo(50);
  }

  @Test
  void failureOfFlushAndCloseIsCounted() {
    sink.flushProblem = new IOException("flush");
    try (LogCapture log = LogCapture.of(LogWriter.class)) {
      put("1\n");
      writer.run(100);
      writer.close();
      assertThat(log.messages()).hasSize(1);
    }
    assertThat(writer.errors()).isEqualTo(2);
    assertThat(writer.lost()).isZero();
  }

  @Test
  void optionsOutOfTheirRangeAreRefused() {
    AccessLogOptions options = AccessLogOptions.stream(new ByteArrayOutputStream());
    assertThatThrownBy(() -> options.withLinesMax(1)).hasMessageContaining("linesMax is 1");
    assertThatThrownBy(() -> options.withPathBytesMax(7)).hasMessageContaining("pathBytesMax is 7");
    assertThatThrownBy(() -> options.withFlushInterval(Duration.ofSeconds(-1)))
        .hasMessageContaining("flushInterval");
    assertThatThrownBy(() -> options.withCloseDeadline(Duration.ZERO))
        .hasMessageContaining("closeDeadline");
    assertThat(options.withLinesMax(5).linesMax()).isEqualTo(8);
    assertThat(options.withLinesMax(8).linesMax()).isEqualTo(8);
    assertThat(options.withLinesMax(2).linesMax()).isEqualTo(2);
  }

  /** Remembers what it gets, unless it is told to fail. */
  private static final class Sink implements LogSink {
    final List<String> writes = new ArrayList<>();
    int flushes;
    @Nullable Exception problem;
    @Nullable IOException flushProblem;

    @Override
    public void write(byte[] bytes, int length) throws IOException {
      if (problem instanceof IOException io) {
        throw io;
      }
      if (problem instanceof RuntimeException runtime) {
        throw runtime;
      }
      writes.add(new String(bytes, 0, length, US_ASCII));
    }

    @Override
    public void flush() throws IOException {
      if (flushProblem != null) {
        throw flushProblem;
      }
      flushes++;
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
