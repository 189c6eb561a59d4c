package dev.sluice.core.cli;

import dev.sluice.core.config.BackoffConfig;
import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.RetryBudgetConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import java.time.Duration;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/** Reads when the requests of a backend are tried again. */
final class RetryReader {
  private static final int COUNT_MAX = 100;
  private static final Duration HOUR = Duration.ofHours(1);
  private static final RetryConfig DEFAULTS = RetryConfig.defaults();

  private static final ConfigKey<Integer> CONNECTS_MAX =
      ConfigKey.integer("connectsMax", 0, COUNT_MAX)
          .withDefault(DEFAULTS.connectsMax(), Integer.toString(DEFAULTS.connectsMax()));
  private static final ConfigKey<Integer> REPLAYS_MAX =
      ConfigKey.integer("replaysMax", 0, COUNT_MAX)
          .withDefault(DEFAULTS.replaysMax(), Integer.toString(DEFAULTS.replaysMax()));
  private static final ConfigKey<Integer> REFUSALS_MAX =
      ConfigKey.integer("refusalsMax", 0, COUNT_MAX)
          .withDefault(DEFAULTS.refusalsMax(), Integer.toString(DEFAULTS.refusalsMax()));
  private static final ConfigKey<Integer> RETRIES_MAX =
      ConfigKey.integer("retriesMax", 0, 3 * COUNT_MAX)
          .withDefault(DEFAULTS.retriesMax(), "the sum of the three above");
  private static final ConfigKey<List<ConfigNode>> ON =
      ConfigKey.list("on", "words and statuses")
          .otherwise("connectFailure, handshakeFailure, emptyResponse, refused");
  private static final ConfigKey<Duration> TRY_TIMEOUT =
      ConfigKey.duration("tryTimeout", Duration.ofMillis(1), Duration.ofDays(365))
          .withDefault(DEFAULTS.tryTimeout(), "the server timeout alone");
  private static final ConfigKey<ConfigNode> BACKOFF = ConfigKey.section("backoff");
  private static final ConfigKey<ConfigNode> BUDGET = ConfigKey.section("budget");
  static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          "backends.<name>.retry",
          CONNECTS_MAX,
          REPLAYS_MAX,
          REFUSALS_MAX,
          RETRIES_MAX,
          ON,
          TRY_TIMEOUT,
          BACKOFF,
          BUDGET);

  private static final ConfigKey<Duration> BASE =
      ConfigKey.duration("base", Duration.ofMillis(1), HOUR).required();
  private static final ConfigKey<Duration> MAX =
      ConfigKey.duration("max", Duration.ofMillis(1), HOUR).otherwise("ten times the base");
  private static final ConfigKey<Boolean> FROM_FIRST = ConfigKey.flag("fromFirst");
  static final ConfigSchema BACKOFF_SCHEMA =
      ConfigSchema.of("backends.<name>.retry.backoff", BASE, MAX, FROM_FIRST);

  private static final ConfigKey<Integer> PERCENT = ConfigKey.integer("percent", 0, 99).required();
  private static final ConfigKey<Integer> RETRIES_MIN =
      ConfigKey.integer("retriesMin", 0, 1_000_000)
          .withDefault(
              DEFAULTS.budget().retriesMin(), Integer.toString(DEFAULTS.budget().retriesMin()));
  static final ConfigSchema BUDGET_SCHEMA =
      ConfigSchema.of("backends.<name>.retry.budget", PERCENT, RETRIES_MIN);

  private static final ConfigKey<RetryOn> ENDS =
      ConfigKey.choice(
          "on",
          Map.of(
              "connectFailure", RetryOn.CONNECT_FAILURE,
              "handshakeFailure", RetryOn.HANDSHAKE_FAILURE,
              "emptyResponse", RetryOn.EMPTY_RESPONSE,
              "junkResponse", RetryOn.JUNK_RESPONSE,
              "responseTimeout", RetryOn.RESPONSE_TIMEOUT,
              "refused", RetryOn.REFUSED));
  private static final ConfigKey<Integer> STATUS = ConfigKey.integer("on", 400, 599);

  private RetryReader() {}

  static RetryConfig read(ConfigNode node, ConfigProblems problems) {
    ConfigSection section = ConfigSection.open(node, SCHEMA, problems);
    Set<RetryOn> on = DEFAULTS.on();
    Set<Integer> statuses = DEFAULTS.statuses();
    List<ConfigNode> listed = section.find(ON);
    if (listed != null) {
      on = EnumSet.noneOf(RetryOn.class);
      statuses = new TreeSet<>();
      for (ConfigNode each : listed) {
        readOne(each, on, statuses, problems);
      }
    }
    return new RetryConfig(
        section.get(CONNECTS_MAX),
        section.get(REPLAYS_MAX),
        section.get(REFUSALS_MAX),
        section.get(RETRIES_MAX),
        on,
        statuses,
        section.get(TRY_TIMEOUT),
        backoff(section, problems),
        budget(section, problems));
  }

  private static void readOne(
      ConfigNode node, Set<RetryOn> on, Set<Integer> statuses, ConfigProblems problems) {
    if (!node.text().isEmpty() && Character.isDigit(node.text().charAt(0))) {
      Integer status = STATUS.read(node, problems);
      if (status != null) {
        statuses.add(status);
      }
      return;
    }
    RetryOn end = ENDS.read(node, problems);
    if (end != null) {
      on.add(end);
    }
  }

  private static BackoffConfig backoff(ConfigSection retry, ConfigProblems problems) {
    ConfigNode node = retry.find(BACKOFF);
    if (node == null) {
      return DEFAULTS.backoff();
    }
    ConfigSection section = ConfigSection.open(node, BACKOFF_SCHEMA, problems);
    Duration base = section.find(BASE);
    if (base == null) {
      return DEFAULTS.backoff();
    }
    Duration max = section.find(MAX);
    Duration ten = base.multipliedBy(10);
    Duration most = max != null ? max : ten.compareTo(HOUR) > 0 ? HOUR : ten;
    return new BackoffConfig(base, most, section.get(FROM_FIRST));
  }

  private static RetryBudgetConfig budget(ConfigSection retry, ConfigProblems problems) {
    ConfigNode node = retry.find(BUDGET);
    if (node == null) {
      return DEFAULTS.budget();
    }
    ConfigSection section = ConfigSection.open(node, BUDGET_SCHEMA, problems);
    Integer percent = section.find(PERCENT);
    return percent == null
        ? DEFAULTS.budget()
        : new RetryBudgetConfig(percent, section.get(RETRIES_MIN));
  }
}
