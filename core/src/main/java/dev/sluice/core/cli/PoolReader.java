package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.PoolConfig;
import dev.sluice.core.config.RetirementConfig;
import dev.sluice.core.config.Reuse;
import dev.sluice.core.config.SpareConfig;
import java.time.Duration;
import java.util.Map;

/** Reads those keys of a backend that tell how connections are kept. */
final class PoolReader {
  private static final int COUNT_MAX = 1_000_000;
  private static final Duration SHORTEST = Duration.ofMillis(1);
  private static final Duration LONGEST = Duration.ofDays(365);
  private static final PoolConfig DEFAULTS = PoolConfig.defaults();
  private static final RetirementConfig RETIREMENT = DEFAULTS.retirement();
  private static final SpareConfig SPARES = DEFAULTS.spares();

  static final ConfigKey<Reuse> REUSE =
      ConfigKey.choice(
              "reuse",
              Map.of(
                  "never",
                  Reuse.NEVER,
                  "safe",
                  Reuse.SAFE,
                  "aggressive",
                  Reuse.AGGRESSIVE,
                  "always",
                  Reuse.ALWAYS))
          .withDefault(DEFAULTS.reuse(), "safe");
  static final ConfigKey<Integer> IDLE_PER_LOOP_MAX =
      count("idlePerLoopMax", 0, RETIREMENT.idlePerLoopMax());
  static final ConfigKey<Integer> IDLE_MAX = unlimited("idleMax", 0);
  static final ConfigKey<Duration> IDLE_TIMEOUT =
      ConfigKey.duration("idleTimeout", SHORTEST, LONGEST)
          .withDefault(RETIREMENT.idleTimeout(), "the `idle` of the timeouts");
  static final ConfigKey<Duration> PURGE_INTERVAL =
      ConfigKey.duration("purgeInterval", SHORTEST, LONGEST)
          .withDefault(RETIREMENT.purgeInterval(), "5s");
  static final ConfigKey<Integer> HANDSHAKES_MAX =
      count("handshakesMax", 1, DEFAULTS.handshakesMax());
  static final ConfigKey<Duration> MAX_AGE =
      ConfigKey.duration("maxAge", SHORTEST, LONGEST).withDefault(RETIREMENT.maxAge(), "no limit");
  static final ConfigKey<Integer> REQUESTS_MAX = unlimited("requestsMax", 1);
  static final ConfigKey<Duration> HANDOVER =
      ConfigKey.duration("handover", Duration.ZERO, Duration.ofMinutes(1))
          .withDefault(DEFAULTS.handover(), "20 ms");
  static final ConfigKey<Integer> PRIVATE_IDLE_MAX =
      count("privateIdleMax", 0, DEFAULTS.privateIdleMax());
  static final ConfigKey<Integer> WARM_MIN = count("warmMin", 0, SPARES.warmMin());
  static final ConfigKey<ConfigNode> SPREAD = ConfigKey.section("spread");

  private static final ConfigKey<Integer> SPREAD_STREAMS = unlimited("streams", 1);
  private static final ConfigKey<Integer> CONNECTIONS_MIN =
      count("connectionsMin", 0, SPARES.spreadMin());
  private static final ConfigKey<Integer> CONNECTIONS_MAX = unlimited("connectionsMax", 1);
  static final ConfigSchema SPREAD_SCHEMA =
      ConfigSchema.of("backends.<name>.spread", SPREAD_STREAMS, CONNECTIONS_MIN, CONNECTIONS_MAX);

  private PoolReader() {}

  private static ConfigKey<Integer> count(String name, int min, int byDefault) {
    return ConfigKey.integer(name, min, COUNT_MAX)
        .withDefault(byDefault, Integer.toString(byDefault));
  }

  private static ConfigKey<Integer> unlimited(String name, int min) {
    return ConfigKey.integer(name, min, COUNT_MAX).withDefault(PoolConfig.UNLIMITED, "no limit");
  }

  /**
   * Reads them.
   *
   * @param backend the section of the backend
   */
  static PoolConfig read(ConfigSection backend, ConfigProblems problems) {
    RetirementConfig retirement =
        new RetirementConfig(
            backend.get(IDLE_PER_LOOP_MAX),
            backend.get(IDLE_MAX),
            backend.get(IDLE_TIMEOUT),
            backend.get(PURGE_INTERVAL),
            backend.get(MAX_AGE),
            backend.get(REQUESTS_MAX));
    SpareConfig spares = SPARES.withWarmMin(backend.get(WARM_MIN));
    ConfigNode spread = backend.find(SPREAD);
    if (spread != null) {
      ConfigSection section = ConfigSection.open(spread, SPREAD_SCHEMA, problems);
      spares =
          spares.withSpread(
              section.get(CONNECTIONS_MIN),
              section.get(SPREAD_STREAMS),
              section.get(CONNECTIONS_MAX));
    }
    return new PoolConfig(
        backend.get(REUSE),
        backend.get(HANDSHAKES_MAX),
        retirement,
        spares,
        backend.get(PRIVATE_IDLE_MAX),
        backend.get(HANDOVER));
  }
}
