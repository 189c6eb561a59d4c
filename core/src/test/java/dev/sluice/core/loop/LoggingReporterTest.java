package dev.sluice.core.loop;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.testkit.ManualClock;
import java.lang.System.Logger;
import java.util.ArrayList;
import java.util.List;
import java.util.ResourceBundle;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class LoggingReporterTest {
  @Test
  void oneLineASecondIsLoggedAndTheRestIsCounted() {
    ManualClock clock = new ManualClock();
    RecordingLogger logger = new RecordingLogger();
    LoggingReporter reporter = new LoggingReporter(logger, clock);
    for (int i = 0; i < 10; i++) {
      reporter.report("first", new RuntimeException());
    }
    clock.advance(1_000_000_000L);
    reporter.report("second", new RuntimeException());
    assertThat(logger.lines).containsExactly("first", "second (9 more not logged)");
  }

  static final class RecordingLogger implements Logger {
    final List<String> lines = new ArrayList<>();

    @Override
    public String getName() {
      return "recording";
    }

    @Override
    public boolean isLoggable(Level level) {
      return true;
    }

    @Override
    public void log(Level level, @Nullable ResourceBundle bundle, String line, Throwable thrown) {
      lines.add(line);
    }

    @Override
    public void log(
        Level level, @Nullable ResourceBundle bundle, String format, @Nullable Object... params) {
      lines.add(format);
    }
  }
}
