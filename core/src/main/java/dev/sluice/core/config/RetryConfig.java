package dev.sluice.core.config;

import java.time.Duration;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;

/**
 * When a request is tried again, and how often.
 *
 * @param connectsMax further attempts after a connect or a handshake has failed
 * @param replaysMax further attempts after a request was sent, and was not answered or not as it
 *     should be; only where the request may be replayed
 * @param refusalsMax further attempts, on another connection where there can be one, after the
 *     server has said that it did not process the request; whatever the method
 * @param retriesMax further attempts of a request in all; {@link #UNLIMITED} for the sum of the
 *     others
 * @param on how an attempt must have ended
 * @param statuses answers, by their status, that are dropped and asked for again: 400 to 599. 421
 *     is asked for again whatever the method (RFC 9110 15.5.20), others if the method is idempotent
 * @param tryTimeout how long an attempt may take to be answered, from the end of the request, if
 *     another one can follow; zero for the server timeout alone
 * @param backoff how long to wait before
 * @param budget how many requests may be retries at a time
 */
public record RetryConfig(
    int connectsMax,
    int replaysMax,
    int refusalsMax,
    int retriesMax,
    Set<RetryOn> on,
    Set<Integer> statuses,
    Duration tryTimeout,
    BackoffConfig backoff,
    RetryBudgetConfig budget) {

  /** A number that is no limit. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final int STATUS_MIN = 400;
  private static final int STATUS_MAX = 599;

  private static final Set<RetryOn> ON =
      Collections.unmodifiableSet(
          EnumSet.of(
              RetryOn.CONNECT_FAILURE,
              RetryOn.HANDSHAKE_FAILURE,
              RetryOn.EMPTY_RESPONSE,
              RetryOn.REFUSED));

  private static final RetryConfig DEFAULTS =
      new RetryConfig(
          1,
          1,
          3,
          UNLIMITED,
          ON,
          Set.of(),
          Duration.ZERO,
          BackoffConfig.none(),
          RetryBudgetConfig.none());

  /** Rejects nulls and copies the sets. */
  public RetryConfig {
    EnumSet<RetryOn> kinds = EnumSet.noneOf(RetryOn.class);
    kinds.addAll(on);
    on = Collections.unmodifiableSet(kinds);
    statuses = Collections.unmodifiableSet(new TreeSet<>(statuses));
    Objects.requireNonNull(tryTimeout, "tryTimeout");
    Objects.requireNonNull(backoff, "backoff");
    Objects.requireNonNull(budget, "budget");
  }

  /** These numbers, and else the defaults. */
  public RetryConfig(int connectsMax, int replaysMax) {
    this(connectsMax, replaysMax, DEFAULTS.refusalsMax);
  }

  /** These numbers, and else the defaults. */
  public RetryConfig(int connectsMax, int replaysMax, int refusalsMax) {
    this(
        connectsMax,
        replaysMax,
        refusalsMax,
        UNLIMITED,
        ON,
        Set.of(),
        Duration.ZERO,
        BackoffConfig.none(),
        RetryBudgetConfig.none());
  }

  /**
   * What holds if nothing is said: one connect, one replay after an empty response, three refusals;
   * no wait, no budget.
   */
  public static RetryConfig defaults() {
    return DEFAULTS;
  }

  /** The same with so many attempts in all. */
  public RetryConfig withRetriesMax(int newRetriesMax) {
    return new RetryConfig(
        connectsMax,
        replaysMax,
        refusalsMax,
        newRetriesMax,
        on,
        statuses,
        tryTimeout,
        backoff,
        budget);
  }

  /** The same after attempts that ended in one of these ways. */
  public RetryConfig withOn(Set<RetryOn> newOn) {
    return new RetryConfig(
        connectsMax,
        replaysMax,
        refusalsMax,
        retriesMax,
        newOn,
        statuses,
        tryTimeout,
        backoff,
        budget);
  }

  /** The same after answers with one of these statuses. */
  public RetryConfig withStatuses(Set<Integer> newStatuses) {
    return new RetryConfig(
        connectsMax,
        replaysMax,
        refusalsMax,
        retriesMax,
        on,
        newStatuses,
        tryTimeout,
        backoff,
        budget);
  }

  /** The same with another {@code tryTimeout}. */
  public RetryConfig withTryTimeout(Duration newTryTimeout) {
    return new RetryConfig(
        connectsMax,
        replaysMax,
        refusalsMax,
        retriesMax,
        on,
        statuses,
        newTryTimeout,
        backoff,
        budget);
  }

  /** The same with other waits. */
  public RetryConfig withBackoff(BackoffConfig newBackoff) {
    return new RetryConfig(
        connectsMax,
        replaysMax,
        refusalsMax,
        retriesMax,
        on,
        statuses,
        tryTimeout,
        newBackoff,
        budget);
  }

  /** The same with another budget. */
  public RetryConfig withBudget(RetryBudgetConfig newBudget) {
    return new RetryConfig(
        connectsMax,
        replaysMax,
        refusalsMax,
        retriesMax,
        on,
        statuses,
        tryTimeout,
        backoff,
        newBudget);
  }

  void check(String where, List<String> problems) {
    if (connectsMax < 0 || replaysMax < 0 || refusalsMax < 0 || retriesMax < 0) {
      problems.add(where + " has a negative number: 0 or more is valid");
    }
    for (int status : statuses) {
      if (status < STATUS_MIN || status > STATUS_MAX) {
        problems.add(where + ".statuses has " + status + ": 400 to 599 is valid");
      }
    }
    if (tryTimeout.isNegative() || tryTimeout.compareTo(Duration.ofDays(365)) > 0) {
      problems.add(where + ".tryTimeout is " + tryTimeout + ": zero to a year is valid");
    }
    if (!tryTimeout.isZero() && !on.contains(RetryOn.RESPONSE_TIMEOUT)) {
      problems.add(
          where
              + ".tryTimeout ends an attempt for the sake of the next: it needs responseTimeout in"
              + " on");
    }
    backoff.check(where + ".backoff", problems);
    budget.check(where + ".budget", problems);
  }
}
