package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.observe.AccessLogOptions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Reads the sections of settings that hold for all: timeouts, limits, the access log. */
final class SettingsReader {
  private static final Duration DURATION_MIN = Duration.ofMillis(1);
  private static final Duration DURATION_MAX = Duration.ofDays(365);

  private static final TimeoutConfig TIMEOUTS_DEFAULT = TimeoutConfig.defaults();
  private static final ConfigKey<Duration> CONNECT = timeout("connect", TIMEOUTS_DEFAULT.connect());
  private static final ConfigKey<Duration> HANDSHAKE =
      timeout("handshake", TIMEOUTS_DEFAULT.handshake());
  private static final ConfigKey<Duration> QUEUE = timeout("queue", TIMEOUTS_DEFAULT.queue());
  private static final ConfigKey<Duration> CLIENT = timeout("client", TIMEOUTS_DEFAULT.client());
  private static final ConfigKey<Duration> SERVER = timeout("server", TIMEOUTS_DEFAULT.server());
  private static final ConfigKey<Duration> HTTP_REQUEST =
      timeout("httpRequest", TIMEOUTS_DEFAULT.httpRequest());
  private static final ConfigKey<Duration> KEEP_ALIVE =
      timeout("keepAlive", TIMEOUTS_DEFAULT.keepAlive());
  private static final ConfigKey<Duration> TUNNEL = timeout("tunnel", TIMEOUTS_DEFAULT.tunnel());
  private static final ConfigKey<Duration> IDLE = timeout("idle", TIMEOUTS_DEFAULT.idle());
  private static final ConfigKey<Duration> LINGER = timeout("linger", TIMEOUTS_DEFAULT.linger());
  static final ConfigSchema TIMEOUTS =
      ConfigSchema.of(
          "timeouts",
          CONNECT,
          HANDSHAKE,
          QUEUE,
          CLIENT,
          SERVER,
          HTTP_REQUEST,
          KEEP_ALIVE,
          TUNNEL,
          IDLE,
          LINGER);

  private static final LimitConfig LIMITS_DEFAULT = LimitConfig.defaults();
  private static final ConfigKey<Integer> HEAD_BYTES_MAX =
      size("headBytesMax", 256, 1 << 20, LIMITS_DEFAULT.headBytesMax());
  private static final ConfigKey<Integer> FIELD_COUNT_MAX =
      count("fieldCountMax", 4, 10_000, LIMITS_DEFAULT.fieldCountMax());
  private static final ConfigKey<Integer> INFORMATIONAL_HEADS_MAX =
      count("informationalHeadsMax", 1, 1_000_000, LIMITS_DEFAULT.informationalHeadsMax());
  private static final ConfigKey<Integer> OUTPUT_BYTES_MAX =
      size("outputBytesMax", 1024, 16 << 20, LIMITS_DEFAULT.outputBytesMax());
  private static final ConfigKey<Integer> REPLAY_BYTES_MAX =
      size("replayBytesMax", 0, 16 << 20, LIMITS_DEFAULT.replayBytesMax());
  private static final ConfigKey<Integer> DRAIN_BYTES_MAX =
      size("drainBytesMax", 0, 1 << 30, LIMITS_DEFAULT.drainBytesMax());
  private static final ConfigKey<Integer> CONNECTIONS_MAX =
      count("connectionsMax", 1, 10_000_000, LIMITS_DEFAULT.connectionsMax());
  private static final ConfigKey<Integer> BUFFERS_MAX =
      count("buffersMax", 8, 10_000_000, LIMITS_DEFAULT.buffersMax());
  private static final ConfigKey<Integer> ACCEPTS_PER_TURN_MAX =
      count("acceptsPerTurnMax", 1, 10_000, LIMITS_DEFAULT.acceptsPerTurnMax());
  static final ConfigSchema LIMITS =
      ConfigSchema.of(
          "limits",
          HEAD_BYTES_MAX,
          FIELD_COUNT_MAX,
          INFORMATIONAL_HEADS_MAX,
          OUTPUT_BYTES_MAX,
          REPLAY_BYTES_MAX,
          DRAIN_BYTES_MAX,
          CONNECTIONS_MAX,
          BUFFERS_MAX,
          ACCEPTS_PER_TURN_MAX);

  private static final HandshakeConfig HANDSHAKES_DEFAULT = HandshakeConfig.defaults();
  private static final ConfigKey<Integer> HANDSHAKE_THREADS =
      ConfigKey.integer("threads", 0, 1024)
          .withDefault(HANDSHAKES_DEFAULT.threads(), "half of the processors");
  private static final ConfigKey<Integer> WAITING_MAX =
      ConfigKey.integer("waitingMax", 1, 1 << 20)
          .withDefault(HANDSHAKES_DEFAULT.waitingMax(), "1024 for each of these threads");
  private static final ConfigKey<Duration> WAIT_MAX =
      timeout("waitMax", HANDSHAKES_DEFAULT.waitMax());
  static final ConfigSchema HANDSHAKES =
      ConfigSchema.of("handshakes", HANDSHAKE_THREADS, WAITING_MAX, WAIT_MAX);

  private static final ResolveConfig RESOLVE_DEFAULT = ResolveConfig.defaults();
  private static final Duration DAY = Duration.ofDays(1);
  private static final ConfigKey<Duration> REFRESH = upToADay("refresh", RESOLVE_DEFAULT.refresh());
  private static final ConfigKey<Duration> TTL_MIN = upToADay("ttlMin", RESOLVE_DEFAULT.ttlMin());
  private static final ConfigKey<Duration> TTL_MAX = upToADay("ttlMax", RESOLVE_DEFAULT.ttlMax());
  private static final ConfigKey<Duration> LOOKUP_TIMEOUT =
      upToADay("timeout", RESOLVE_DEFAULT.timeout());
  private static final ConfigKey<Duration> RETRY_MIN =
      upToADay("retryMin", RESOLVE_DEFAULT.retryMin());
  private static final ConfigKey<Duration> RETRY_MAX =
      upToADay("retryMax", RESOLVE_DEFAULT.retryMax());
  private static final ConfigKey<Integer> LOOKUP_THREADS =
      count("threads", 1, 64, RESOLVE_DEFAULT.threads());
  private static final ConfigKey<Duration> ATTEMPT_DELAY =
      ConfigKey.duration("attemptDelay", Duration.ofMillis(10), DAY)
          .withDefault(
              RESOLVE_DEFAULT.attemptDelay(), Words.duration(RESOLVE_DEFAULT.attemptDelay()));
  static final ConfigSchema RESOLVE =
      ConfigSchema.of(
          "resolve",
          REFRESH,
          TTL_MIN,
          TTL_MAX,
          LOOKUP_TIMEOUT,
          RETRY_MIN,
          RETRY_MAX,
          LOOKUP_THREADS,
          ATTEMPT_DELAY);
  private static final DrainConfig DRAIN_DEFAULT = DrainConfig.defaults();
  private static final ConfigKey<Duration> NOTICE = drainPart("notice", DRAIN_DEFAULT.notice());
  private static final ConfigKey<Duration> WINDOW = drainPart("window", DRAIN_DEFAULT.window());
  private static final ConfigKey<Duration> LAST_CALL =
      drainPart("lastCall", DRAIN_DEFAULT.lastCall());
  private static final ConfigKey<Duration> DEADLINE =
      ConfigKey.duration("deadline", DURATION_MIN, Duration.ofDays(1))
          .withDefault(DRAIN_DEFAULT.deadline(), Words.duration(DRAIN_DEFAULT.deadline()));
  private static final ConfigKey<String> READY_PATH =
      ConfigKey.text("readyPath").otherwise("no such path");
  static final ConfigSchema DRAIN =
      ConfigSchema.of("drain", NOTICE, WINDOW, LAST_CALL, DEADLINE, READY_PATH);

  private static final ConfigKey<ConfigNode> FILE = ConfigKey.file("file").required();
  private static final ConfigKey<Integer> LINES_MAX = count("linesMax", 2, 1 << 20, 2048);
  private static final ConfigKey<Integer> PATH_BYTES_MAX = size("pathBytesMax", 8, 1 << 16, 512);
  static final ConfigSchema ACCESS_LOG =
      ConfigSchema.of("accessLog", FILE, LINES_MAX, PATH_BYTES_MAX);

  private SettingsReader() {}

  private static ConfigKey<Duration> timeout(String name, Duration fallback) {
    return ConfigKey.duration(name, DURATION_MIN, DURATION_MAX)
        .withDefault(fallback, Words.duration(fallback));
  }

  private static ConfigKey<Duration> upToADay(String name, Duration fallback) {
    return ConfigKey.duration(name, DURATION_MIN, DAY)
        .withDefault(fallback, Words.duration(fallback));
  }

  private static ConfigKey<Duration> drainPart(String name, Duration fallback) {
    return ConfigKey.duration(name, Duration.ZERO, Duration.ofDays(1))
        .withDefault(fallback, Words.duration(fallback));
  }

  private static ConfigKey<Integer> size(String name, int min, int max, int fallback) {
    return ConfigKey.size(name, min, max).withDefault(fallback, Words.size(fallback));
  }

  private static ConfigKey<Integer> count(String name, int min, int max, int fallback) {
    return ConfigKey.integer(name, min, max).withDefault(fallback, Integer.toString(fallback));
  }

  static TimeoutConfig timeouts(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, TIMEOUTS, problems);
    return new TimeoutConfig(
        section.get(CONNECT),
        section.get(HANDSHAKE),
        section.get(QUEUE),
        section.get(CLIENT),
        section.get(SERVER),
        section.get(HTTP_REQUEST),
        section.get(KEEP_ALIVE),
        section.get(TUNNEL),
        section.get(IDLE),
        section.get(LINGER));
  }

  static LimitConfig limits(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, LIMITS, problems);
    return new LimitConfig(
        section.get(HEAD_BYTES_MAX),
        section.get(FIELD_COUNT_MAX),
        section.get(INFORMATIONAL_HEADS_MAX),
        section.get(OUTPUT_BYTES_MAX),
        section.get(REPLAY_BYTES_MAX),
        section.get(DRAIN_BYTES_MAX),
        section.get(CONNECTIONS_MAX),
        section.get(BUFFERS_MAX),
        section.get(ACCEPTS_PER_TURN_MAX));
  }

  static HandshakeConfig handshakes(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, HANDSHAKES, problems);
    return new HandshakeConfig(
        section.get(HANDSHAKE_THREADS), section.get(WAITING_MAX), section.get(WAIT_MAX));
  }

  static ResolveConfig resolve(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, RESOLVE, problems);
    notLess(section, TTL_MAX, TTL_MIN);
    notLess(section, RETRY_MAX, RETRY_MIN);
    return new ResolveConfig(
        section.get(REFRESH),
        section.get(TTL_MIN),
        section.get(TTL_MAX),
        section.get(LOOKUP_TIMEOUT),
        section.get(RETRY_MIN),
        section.get(RETRY_MAX),
        section.get(LOOKUP_THREADS),
        section.get(ATTEMPT_DELAY));
  }

  private static void notLess(
      ConfigSection section, ConfigKey<Duration> max, ConfigKey<Duration> min) {
    if (section.get(max).compareTo(section.get(min)) < 0) {
      section.problem(
          max,
          "is less than %s: %s or more is valid"
              .formatted(min.name(), Words.duration(section.get(min))));
    }
  }

  /** How the engine is drained, and where it tells whether it is ready, or null if nowhere. */
  record Drain(DrainConfig config, RouteRule.@Nullable PathPrefix readyPath) {}

  static Drain drain(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, DRAIN, problems);
    DrainConfig config =
        new DrainConfig(
            section.get(NOTICE),
            section.get(WINDOW),
            section.get(LAST_CALL),
            section.get(DEADLINE));
    String path = section.find(READY_PATH);
    boolean valid = path != null && RouteRule.PathPrefix.valid(path);
    if (path != null && !valid) {
      section.problem(
          READY_PATH, "is no path: one that begins with a slash, without a query, is valid");
    }
    return new Drain(config, path != null && valid ? new RouteRule.PathPrefix(path) : null);
  }

  /** An access log with its file. */
  record LogFile(Path file, AccessLogOptions options) {}

  static @Nullable LogFile accessLog(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, ACCESS_LOG, problems);
    ConfigNode file = section.find(FILE);
    int linesMax = section.get(LINES_MAX);
    int pathBytesMax = section.get(PATH_BYTES_MAX);
    if (file == null) {
      return null;
    }
    Path path = file.resolve(file.text());
    Path parent = path.toAbsolutePath().getParent();
    if (parent == null || !Files.isDirectory(parent)) {
      problems.add(file, file.described() + " is in a directory that is not there");
    } else if (Files.isDirectory(path) || (Files.exists(path) && !Files.isWritable(path))) {
      problems.add(file, file.described() + " can't be written: a file that can be is valid");
    }
    return new LogFile(
        path, AccessLogOptions.file(path).withLinesMax(linesMax).withPathBytesMax(pathBytesMax));
  }
}
