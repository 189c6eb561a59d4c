package dev.sluice.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Objects;

/**
 * How long a request waits before it is tried again: a random time between half of a step and the
 * whole of it, where the first step is the base, and each further one twice the one before.
 *
 * @param base the first step; zero for no wait at all
 * @param max the longest step
 * @param fromFirst whether even the first retry waits if it goes to another server, or follows a
 *     refusal
 */
public record BackoffConfig(Duration base, Duration max, boolean fromFirst) {
  private static final BackoffConfig NONE =
      new BackoffConfig(Duration.ZERO, Duration.ofSeconds(1), false);

  /** Rejects nulls. */
  public BackoffConfig {
    Objects.requireNonNull(base, "base");
    Objects.requireNonNull(max, "max");
  }

  /** No wait. */
  public static BackoffConfig none() {
    return NONE;
  }

  /** From this step to that one; the first retry is immediate if it goes elsewhere. */
  public static BackoffConfig of(Duration base, Duration max) {
    return new BackoffConfig(base, max, false);
  }

  void check(String where, List<String> problems) {
    if (base.isNegative() || base.compareTo(Duration.ofHours(1)) > 0) {
      problems.add(where + ".base is " + base + ": zero to an hour is valid");
    }
    if (max.compareTo(base) < 0 || max.compareTo(Duration.ofHours(1)) > 0) {
      problems.add(where + ".max is " + max + ": " + base + ", the base, to an hour is valid");
    }
  }
}
