package dev.sluice.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.SpareConfig;
import dev.sluice.core.config.YamlReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Every key of a backend that tells how connections are kept comes to its place. */
class PoolReaderTest {
  private final ConfigProblems problems = new ConfigProblems();

  private PoolConfig read(String yaml) {
    ConfigNode root =
        Objects.requireNonNull(YamlReader.read(yaml, "x.yaml", Path.of(""), problems));
    return PoolReader.read(ConfigSection.open(root, BackendReader.SCHEMA, problems), problems);
  }

  @Test
  void whatIsNotSaidIsTheDefault() {
    assertThat(read("servers: [127.0.0.1:80]")).isEqualTo(PoolConfig.defaults());
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void everyKeyIsRead() {
    PoolConfig pool =
        read(
            """
            servers: [127.0.0.1:80]
            reuse: aggressive
            idlePerLoopMax: 11
            idleMax: 12
            idleTimeout: 13s
            purgeInterval: 14s
            handshakesMax: 15
            maxAge: 16m
            requestsMax: 17
            privateIdleMax: 18
            warmMin: 19
            handover: 23ms
            spread: {streams: 20, connectionsMin: 21, connectionsMax: 22}
            """);

    assertThat(problems.errors()).isEmpty();
    assertThat(pool)
        .isEqualTo(
            new PoolConfig(
                Reuse.AGGRESSIVE,
                15,
                new RetirementConfig(
                    11,
                    12,
                    Duration.ofSeconds(13),
                    Duration.ofSeconds(14),
                    Duration.ofMinutes(16),
                    17),
                new SpareConfig(19, 21, 20, 22),
                18,
                Duration.ofMillis(23)));
  }
}
