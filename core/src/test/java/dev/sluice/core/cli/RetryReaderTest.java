package dev.sluice.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.BackoffConfig;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.RetryBudgetConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import dev.sluice.core.config.YamlReader;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The section {@code retry} of a backend. */
class RetryReaderTest {
  private final ConfigProblems problems = new ConfigProblems();

  @TempDir private Path directory;

  private RetryConfig read(String text) throws IOException {
    Path file = directory.resolve("x.yaml");
    Files.writeString(file, text);
    ConfigNode root = YamlReader.read(file, problems);
    return RetryReader.read(Objects.requireNonNull(root), problems);
  }

  @Test
  void whatIsNotSaidIsAsInTheRecord() throws IOException {
    assertThat(read("connectsMax: 1")).isEqualTo(RetryConfig.defaults());
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void everyKeyIsRead() throws IOException {
    RetryConfig retry =
        read(
            """
            connectsMax: 2
            replaysMax: 3
            refusalsMax: 4
            retriesMax: 5
            on: [emptyResponse, responseTimeout, 503, 421]
            tryTimeout: 250ms
            backoff:
              base: 25ms
              max: 1s
              fromFirst: true
            budget:
              percent: 20
              retriesMin: 7
            """);

    assertThat(problems.errors()).isEmpty();
    assertThat(retry.connectsMax()).isEqualTo(2);
    assertThat(retry.replaysMax()).isEqualTo(3);
    assertThat(retry.refusalsMax()).isEqualTo(4);
    assertThat(retry.retriesMax()).isEqualTo(5);
    assertThat(retry.on())
        .containsExactlyInAnyOrder(RetryOn.EMPTY_RESPONSE, RetryOn.RESPONSE_TIMEOUT);
    assertThat(retry.statuses()).containsExactly(421, 503);
    assertThat(retry.tryTimeout()).isEqualTo(Duration.ofMillis(250));
    assertThat(retry.backoff())
        .isEqualTo(new BackoffConfig(Duration.ofMillis(25), Duration.ofSeconds(1), true));
    assertThat(retry.budget()).isEqualTo(new RetryBudgetConfig(20, 7));
  }

  @Test
  void longestStepIsTenTimesTheFirstUnlessItIsSaid() throws IOException {
    assertThat(read("backoff: {base: 25ms}").backoff())
        .isEqualTo(BackoffConfig.of(Duration.ofMillis(25), Duration.ofMillis(250)));
  }

  @Test
  void wordsAndStatusesThatAreNoneAreTold() throws IOException {
    read("on: [emptyRespons, 200, 503]");

    assertThat(problems.errors())
        .satisfiesExactly(
            error -> assertThat(error.toString()).contains("emptyRespons", "emptyResponse"),
            error -> assertThat(error.toString()).contains("200", "400 to 599"));
  }
}
