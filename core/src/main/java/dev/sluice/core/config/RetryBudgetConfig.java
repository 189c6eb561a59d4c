package dev.sluice.core.config;

import java.util.List;

/**
 * How many of the requests of a backend may be retries at a time, so that servers in trouble do not
 * get more work for it. A request counts as a retry from then on until its answer begins, or until
 * it ends.
 *
 * @param percent of the requests under way; 100 for no budget
 * @param retriesMin so many may be retries however few requests are under way
 */
public record RetryBudgetConfig(int percent, int retriesMin) {
  /** The percentage that is no limit. */
  public static final int UNLIMITED_PERCENT = 100;

  private static final RetryBudgetConfig NONE = new RetryBudgetConfig(UNLIMITED_PERCENT, 3);

  /** No budget. */
  public static RetryBudgetConfig none() {
    return NONE;
  }

  void check(String where, List<String> problems) {
    if (percent < 0 || percent > UNLIMITED_PERCENT) {
      problems.add(where + ".percent is " + percent + ": 0 to 100 is valid");
    }
    if (retriesMin < 0) {
      problems.add(where + ".retriesMin is " + retriesMin + ": 0 or more is valid");
    }
  }
}
