package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * When connections to a server are given up although the server has not ended them.
 *
 * @param idlePerLoopMax idle connections that a loop keeps for each server
 * @param idleMax idle connections that all loops together keep for each server
 * @param idleTimeout how long an idle connection is kept; zero for the {@code idle} of the timeouts
 * @param purgeInterval how often a loop closes a half of those idle connections of a server that
 *     have not been needed of late; zero for never
 * @param maxAge the age at which a connection takes no further request; each has a limit of its
 *     own, by chance up to a tenth lower, so that those made together don't end together; zero for
 *     none
 * @param requestsMax how many requests a connection carries in its life
 */
public record RetirementConfig(
    int idlePerLoopMax,
    int idleMax,
    Duration idleTimeout,
    Duration purgeInterval,
    Duration maxAge,
    int requestsMax) {
  private static final Duration LONGEST = Duration.ofDays(365);

  private static final RetirementConfig DEFAULTS =
      new RetirementConfig(
          256,
          PoolConfig.UNLIMITED,
          Duration.ZERO,
          Duration.ofSeconds(5),
          Duration.ZERO,
          PoolConfig.UNLIMITED);

  /** Rejects null. */
  public RetirementConfig {
    Objects.requireNonNull(idleTimeout, "idleTimeout");
    Objects.requireNonNull(purgeInterval, "purgeInterval");
    Objects.requireNonNull(maxAge, "maxAge");
  }

  /** What holds if nothing is said. */
  public static RetirementConfig defaults() {
    return DEFAULTS;
  }

  /** These with another number of idle connections on each loop. */
  public RetirementConfig withIdlePerLoopMax(int max) {
    return new RetirementConfig(max, idleMax, idleTimeout, purgeInterval, maxAge, requestsMax);
  }

  /** These with another number of idle connections on all loops. */
  public RetirementConfig withIdleMax(int max) {
    return new RetirementConfig(
        idlePerLoopMax, max, idleTimeout, purgeInterval, maxAge, requestsMax);
  }

  /** These with another time for which idle connections are kept. */
  public RetirementConfig withIdleTimeout(Duration timeout) {
    return new RetirementConfig(
        idlePerLoopMax, idleMax, timeout, purgeInterval, maxAge, requestsMax);
  }

  /** These with another time between two purges; zero for none. */
  public RetirementConfig withPurgeInterval(Duration interval) {
    return new RetirementConfig(
        idlePerLoopMax, idleMax, idleTimeout, interval, maxAge, requestsMax);
  }

  /** These with another age at which connections are retired; zero for none. */
  public RetirementConfig withMaxAge(Duration age) {
    return new RetirementConfig(
        idlePerLoopMax, idleMax, idleTimeout, purgeInterval, age, requestsMax);
  }

  /** These with another number of requests after which connections are retired. */
  public RetirementConfig withRequestsMax(int max) {
    return new RetirementConfig(idlePerLoopMax, idleMax, idleTimeout, purgeInterval, maxAge, max);
  }

  /** One line for each value that is out of its range. */
  List<String> problems(String where) {
    List<String> problems = new ArrayList<>();
    PoolConfig.atLeast(problems, where + "idlePerLoopMax", idlePerLoopMax, 0);
    PoolConfig.atLeast(problems, where + "idleMax", idleMax, 0);
    PoolConfig.atLeast(problems, where + "requestsMax", requestsMax, 1);
    duration(problems, where + "idleTimeout", idleTimeout, "the idle of the timeouts");
    duration(problems, where + "purgeInterval", purgeInterval, "never");
    duration(problems, where + "maxAge", maxAge, "no limit");
    return problems;
  }

  private static void duration(
      List<String> problems, String key, Duration value, String zeroMeans) {
    if (value.isNegative() || value.compareTo(LONGEST) > 0) {
      problems.add("%s is negative or more than a year: 0 stands for %s".formatted(key, zeroMeans));
    }
  }
}
