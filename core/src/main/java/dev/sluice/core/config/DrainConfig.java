package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * How an engine is drained: how long each of the phases takes in which it lets go of its clients.
 * The phases follow on each other; whatever is left at the deadline is cut.
 *
 * @param notice how long everything goes on as before, but for the readiness, so that a load
 *     balancer notices and sends no more
 * @param window how long after that the listeners go on accepting, while every answer is the last
 *     one of its connection
 * @param lastCall how long after the listeners are closed an idle connection may still bring a
 *     request that was on its way; one that brings none is closed then. May be longer than the
 *     deadline allows
 * @param deadline how long all of it may take, from the beginning
 */
public record DrainConfig(Duration notice, Duration window, Duration lastCall, Duration deadline) {
  private static final Duration LAST_CALL = Duration.ofSeconds(1);
  private static final Duration DEADLINE = Duration.ofSeconds(30);
  private static final Duration MAX = Duration.ofDays(1);

  /** No notice and no window, a last call of a second, and 30 seconds for all of it. */
  public static DrainConfig defaults() {
    return within(DEADLINE);
  }

  /** The default with another deadline. */
  public static DrainConfig within(Duration deadline) {
    return new DrainConfig(Duration.ZERO, Duration.ZERO, LAST_CALL, deadline);
  }

  /** The same with another notice. */
  public DrainConfig withNotice(Duration newNotice) {
    return new DrainConfig(newNotice, window, lastCall, deadline);
  }

  /** The same with another window. */
  public DrainConfig withWindow(Duration newWindow) {
    return new DrainConfig(notice, newWindow, lastCall, deadline);
  }

  /** The same with another last call. */
  public DrainConfig withLastCall(Duration newLastCall) {
    return new DrainConfig(notice, window, newLastCall, deadline);
  }

  /** The same with another deadline. */
  public DrainConfig withDeadline(Duration newDeadline) {
    return new DrainConfig(notice, window, lastCall, newDeadline);
  }

  /** One line for each value that is out of its range. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    range(problems, "notice", notice, Duration.ZERO);
    range(problems, "window", window, Duration.ZERO);
    range(problems, "lastCall", lastCall, Duration.ZERO);
    range(problems, "deadline", deadline, Duration.ofMillis(1));
    if (problems.isEmpty() && notice.plus(window).compareTo(deadline) > 0) {
      problems.add(
          "drain.deadline is %s, and notice and window take %s: no less than these is valid"
              .formatted(deadline, notice.plus(window)));
    }
    return problems;
  }

  private static void range(List<String> problems, String name, Duration value, Duration min) {
    if (value.compareTo(min) < 0 || value.compareTo(MAX) > 0) {
      problems.add("drain.%s is %s: %s to %s is valid".formatted(name, value, min, MAX));
    }
  }
}
