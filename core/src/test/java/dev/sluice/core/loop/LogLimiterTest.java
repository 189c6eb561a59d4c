package dev.sluice.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.loop.LoggingReporterTest.RecordingLogger;
import org.junit.jupiter.api.Test;

class LogLimiterTest {
  private static final long SECOND = 1_000_000_000L;

  @Test
  void oneLineASecondIsLoggedAndTheRestIsCounted() {
    RecordingLogger logger = new RecordingLogger();
    LogLimiter limiter = new LogLimiter();
    // System.nanoTime may be negative.
    long start = -SECOND / 2;
    for (int i = 0; i < 10; i++) {
      limiter.warn(logger, start + i, "first", new RuntimeException());
    }
    limiter.warn(logger, start + SECOND, "second", new RuntimeException());
    limiter.warn(logger, start + 3 * SECOND, "third", new RuntimeException());

    assertThat(logger.lines).containsExactly("first", "second (9 more not logged)", "third");
  }
}
