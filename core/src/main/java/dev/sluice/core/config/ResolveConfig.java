package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How the names of servers are looked up and followed, and how a server with several addresses is
 * connected to.
 *
 * @param refresh how long an answer holds if it doesn't tell; the JDK's never does
 * @param ttlMin how long an answer holds at least, however short it says
 * @param ttlMax how long it holds at most, however long it says
 * @param timeout how long a lookup may take; one that takes longer has failed
 * @param retryMin the wait after a lookup that failed, doubled with each further one, less a chance
 *     part of up to half
 * @param retryMax the longest such wait
 * @param threads how many lookups run at a time
 * @param attemptDelay how long a connection waits for one address of its server before it tries the
 *     next beside it (RFC 8305 5)
 */
public record ResolveConfig(
    Duration refresh,
    Duration ttlMin,
    Duration ttlMax,
    Duration timeout,
    Duration retryMin,
    Duration retryMax,
    int threads,
    Duration attemptDelay) {
  private static final int THREADS_MAX = 64;
  private static final Duration DAY = Duration.ofDays(1);
  private static final Duration MILLI = Duration.ofMillis(1);

  /** RFC 8305 8: shorter ones would flood the network, longer ones would be felt. */
  private static final Duration ATTEMPT_DELAY_MIN = Duration.ofMillis(10);

  private static final ResolveConfig DEFAULTS =
      new ResolveConfig(
          Duration.ofSeconds(30),
          Duration.ofSeconds(1),
          Duration.ofMinutes(5),
          Duration.ofSeconds(5),
          Duration.ofSeconds(1),
          Duration.ofSeconds(30),
          2,
          Duration.ofMillis(250));

  /** Rejects nulls. */
  public ResolveConfig {
    Objects.requireNonNull(refresh, "refresh");
    Objects.requireNonNull(ttlMin, "ttlMin");
    Objects.requireNonNull(ttlMax, "ttlMax");
    Objects.requireNonNull(timeout, "timeout");
    Objects.requireNonNull(retryMin, "retryMin");
    Objects.requireNonNull(retryMax, "retryMax");
    Objects.requireNonNull(attemptDelay, "attemptDelay");
  }

  /** What holds if nothing is said. */
  public static ResolveConfig defaults() {
    return DEFAULTS;
  }

  /** These with another time for which answers hold that don't tell. */
  public ResolveConfig withRefresh(Duration time) {
    return new ResolveConfig(
        time, ttlMin, ttlMax, timeout, retryMin, retryMax, threads, attemptDelay);
  }

  /** These with other limits of how long an answer holds. */
  public ResolveConfig withTtl(Duration min, Duration max) {
    return new ResolveConfig(refresh, min, max, timeout, retryMin, retryMax, threads, attemptDelay);
  }

  /** These with another limit of how long a lookup may take. */
  public ResolveConfig withTimeout(Duration time) {
    return new ResolveConfig(
        refresh, ttlMin, ttlMax, time, retryMin, retryMax, threads, attemptDelay);
  }

  /** These with other waits after a lookup that failed. */
  public ResolveConfig withRetry(Duration min, Duration max) {
    return new ResolveConfig(refresh, ttlMin, ttlMax, timeout, min, max, threads, attemptDelay);
  }

  /** These with another number of threads. */
  public ResolveConfig withThreads(int count) {
    return new ResolveConfig(
        refresh, ttlMin, ttlMax, timeout, retryMin, retryMax, count, attemptDelay);
  }

  /** These with another wait before the next address is tried. */
  public ResolveConfig withAttemptDelay(Duration delay) {
    return new ResolveConfig(refresh, ttlMin, ttlMax, timeout, retryMin, retryMax, threads, delay);
  }

  /** One line for each value that is out of its range. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    range(problems, "refresh", refresh, MILLI, DAY);
    range(problems, "ttlMin", ttlMin, MILLI, DAY);
    range(problems, "ttlMax", ttlMax, MILLI, DAY);
    range(problems, "timeout", timeout, MILLI, DAY);
    range(problems, "retryMin", retryMin, MILLI, DAY);
    range(problems, "retryMax", retryMax, MILLI, DAY);
    range(problems, "attemptDelay", attemptDelay, ATTEMPT_DELAY_MIN, DAY);
    if (ttlMax.compareTo(ttlMin) < 0) {
      problems.add("resolve.ttlMax is " + ttlMax + ": ttlMin, " + ttlMin + ", or more is valid");
    }
    if (retryMax.compareTo(retryMin) < 0) {
      problems.add(
          "resolve.retryMax is " + retryMax + ": retryMin, " + retryMin + ", or more is valid");
    }
    if (threads < 1 || threads > THREADS_MAX) {
      problems.add("resolve.threads is " + threads + ": 1 to " + THREADS_MAX + " is valid");
    }
    return problems;
  }

  private static void range(
      List<String> problems, String key, Duration value, Duration min, Duration max) {
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      problems.add("resolve." + key + " is " + value + ": " + min + " to " + max + " is valid");
    }
  }
}
