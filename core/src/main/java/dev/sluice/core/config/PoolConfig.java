package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How connections to servers are kept.
 *
 * @param reuse who may use a connection that another request has opened
 * @param handshakesMax connections to a server that are made at a time for requests which can share
 *     one, as long as it isn't known how many one of them carries
 * @param retirement when connections are given up although their server has not ended them
 * @param spares which connections are made that no request waits for
 * @param privateIdleMax idle connections that are kept to all servers of a backend for one client
 *     connection alone
 * @param handover how long a request waits for an idle connection that was asked of another loop,
 *     and how long a busy one may be kept from its own loop for the sake of another; zero if
 *     connections stay on their loops
 */
public record PoolConfig(
    Reuse reuse,
    int handshakesMax,
    RetirementConfig retirement,
    SpareConfig spares,
    int privateIdleMax,
    Duration handover) {
  /** No limit, where a number is asked for. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final PoolConfig DEFAULTS =
      new PoolConfig(
          Reuse.SAFE, 4, RetirementConfig.defaults(), SpareConfig.none(), 5, Duration.ofMillis(20));

  /** Rejects null. */
  public PoolConfig {
    Objects.requireNonNull(reuse, "reuse");
    Objects.requireNonNull(retirement, "retirement");
    Objects.requireNonNull(spares, "spares");
    Objects.requireNonNull(handover, "handover");
  }

  /** These, and the defaults for the rest. */
  public PoolConfig(Reuse reuse, int idlePerLoopMax) {
    this(
        reuse,
        DEFAULTS.handshakesMax,
        DEFAULTS.retirement.withIdlePerLoopMax(idlePerLoopMax),
        DEFAULTS.spares,
        DEFAULTS.privateIdleMax,
        DEFAULTS.handover);
  }

  /** What holds if nothing is said: reuse safe. */
  public static PoolConfig defaults() {
    return DEFAULTS;
  }

  /** The defaults with another reuse mode. */
  public static PoolConfig reuse(Reuse reuse) {
    return new PoolConfig(reuse, DEFAULTS.retirement.idlePerLoopMax());
  }

  /** These with another number of handshakes at a time. */
  public PoolConfig withHandshakesMax(int max) {
    return new PoolConfig(reuse, max, retirement, spares, privateIdleMax, handover);
  }

  /** These with other reasons to give connections up. */
  public PoolConfig withRetirement(RetirementConfig newRetirement) {
    return new PoolConfig(reuse, handshakesMax, newRetirement, spares, privateIdleMax, handover);
  }

  /** These with another age at which connections are retired; zero for none. */
  public PoolConfig withMaxAge(Duration age) {
    return withRetirement(retirement.withMaxAge(age));
  }

  /** These with another number of requests after which connections are retired. */
  public PoolConfig withRequestsMax(int max) {
    return withRetirement(retirement.withRequestsMax(max));
  }

  /** These with other connections that no request waits for. */
  public PoolConfig withSpares(SpareConfig newSpares) {
    return new PoolConfig(reuse, handshakesMax, retirement, newSpares, privateIdleMax, handover);
  }

  /** These with another number of idle private connections. */
  public PoolConfig withPrivateIdleMax(int max) {
    return new PoolConfig(reuse, handshakesMax, retirement, spares, max, handover);
  }

  /** These with another time that one loop may wait for a connection of another; zero for none. */
  public PoolConfig withHandover(Duration time) {
    return new PoolConfig(reuse, handshakesMax, retirement, spares, privateIdleMax, time);
  }

  /** One line for each value that is out of its range. */
  List<String> problems(String where) {
    List<String> problems = new ArrayList<>();
    atLeast(problems, where + "handshakesMax", handshakesMax, 1);
    atLeast(problems, where + "privateIdleMax", privateIdleMax, 0);
    problems.addAll(retirement.problems(where));
    problems.addAll(spares.problems(where));
    if (spares.warmMin() > 0 && reuse == Reuse.NEVER) {
      problems.add(where + "warmMin is of no use with reuse NEVER: nobody may take them");
    }
    return problems;
  }

  static void atLeast(List<String> problems, String key, int value, int min) {
    if (value < min) {
      problems.add("%s is %d: %d or more is valid".formatted(key, value, min));
    }
  }
}
