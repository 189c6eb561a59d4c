package dev.sluice.mux.h2;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * The section {@code protocols.h2} of a configuration file.
 *
 * @param front how clients are spoken to
 * @param back how servers are spoken to
 */
record H2Section(H2Config front, H2Config back) {
  private static final H2Config DEFAULTS = H2Config.defaults();
  private static final int WINDOW_BYTES_MAX = 1 << 30;
  private static final Duration TIMEOUT_MIN = Duration.ofMillis(1);
  private static final Duration TIMEOUT_MAX = Duration.ofHours(1);

  private static final ConfigKey<ConfigNode> FRONT = ConfigKey.section("front");
  private static final ConfigKey<ConfigNode> BACK = ConfigKey.section("back");
  static final ConfigSchema SCHEMA = ConfigSchema.of("protocols.h2", FRONT, BACK);

  private static final ConfigKey<Integer> CONCURRENT_STREAMS_MAX =
      ConfigKey.integer("concurrentStreamsMax", 1, 100_000)
          .withDefault(DEFAULTS.concurrentStreamsMax(), "100");
  private static final ConfigKey<Integer> ASSUMED_STREAMS_MAX =
      ConfigKey.integer("assumedStreamsMax", 1, 100_000)
          .withDefault(DEFAULTS.assumedStreamsMax(), "10");
  private static final ConfigKey<Integer> STREAM_WINDOW_BYTES =
      ConfigKey.size("streamWindowBytes", 1024, WINDOW_BYTES_MAX)
          .withDefault(DEFAULTS.streamWindowBytes(), "256KiB");
  private static final ConfigKey<Integer> CONNECTION_WINDOW_BYTES =
      ConfigKey.size("connectionWindowBytes", 65_535, WINDOW_BYTES_MAX)
          .withDefault(DEFAULTS.connectionWindowBytes(), "4MiB");
  private static final ConfigKey<Integer> FRAME_BYTES_MAX =
      ConfigKey.size("frameBytesMax", 1 << 14, (1 << 24) - 1)
          .withDefault(DEFAULTS.frameBytesMax(), "16KiB");
  private static final ConfigKey<Integer> HEADER_TABLE_BYTES =
      ConfigKey.size("headerTableBytes", 0, 1 << 16)
          .withDefault(DEFAULTS.headerTableBytes(), "4KiB");
  private static final ConfigKey<Boolean> CONNECT_PROTOCOL =
      ConfigKey.flag("connectProtocol").withDefault(DEFAULTS.connectProtocol(), "true");
  private static final ConfigKey<Integer> ABUSE_PERCENT =
      ConfigKey.integer("abusePercent", 1, 10_000).withDefault(DEFAULTS.abusePercent(), "100");
  private static final ConfigKey<Duration> SETTINGS_TIMEOUT =
      ConfigKey.duration("settingsTimeout", TIMEOUT_MIN, TIMEOUT_MAX)
          .withDefault(DEFAULTS.settingsTimeout(), "10s");
  private static final ConfigKey<Duration> DRAIN_TIMEOUT =
      ConfigKey.duration("drainTimeout", TIMEOUT_MIN, TIMEOUT_MAX)
          .withDefault(DEFAULTS.drainTimeout(), "1s");
  static final ConfigSchema SIDE =
      ConfigSchema.of(
          "protocols.h2.front",
          CONCURRENT_STREAMS_MAX,
          ASSUMED_STREAMS_MAX,
          STREAM_WINDOW_BYTES,
          CONNECTION_WINDOW_BYTES,
          FRAME_BYTES_MAX,
          HEADER_TABLE_BYTES,
          CONNECT_PROTOCOL,
          ABUSE_PERCENT,
          SETTINGS_TIMEOUT,
          DRAIN_TIMEOUT);

  static H2Section read(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, SCHEMA, problems);
    return new H2Section(side(section.find(FRONT), problems), side(section.find(BACK), problems));
  }

  private static H2Config side(@Nullable ConfigNode node, ConfigProblems problems) {
    if (node == null) {
      return DEFAULTS;
    }
    ConfigSection section = ConfigSection.open(node, SIDE, problems);
    return new H2Config(
        section.get(CONCURRENT_STREAMS_MAX),
        section.get(ASSUMED_STREAMS_MAX),
        section.get(STREAM_WINDOW_BYTES),
        section.get(CONNECTION_WINDOW_BYTES),
        section.get(FRAME_BYTES_MAX),
        section.get(HEADER_TABLE_BYTES),
        section.get(CONNECT_PROTOCOL),
        section.get(ABUSE_PERCENT),
        section.get(SETTINGS_TIMEOUT),
        section.get(DRAIN_TIMEOUT));
  }
}
