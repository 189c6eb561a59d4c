package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;

/**
 * A direction of an exchange that a filter holds. Any thread may call it; the first call that
 * decides counts, and nothing happens if the exchange is over by then.
 */
public interface FilterSuspension {
  /**
   * Lets it go on.
   *
   * @return false if it was decided before, or the exchange is over as far as is known
   */
  boolean resume();

  /**
   * Lets it go on after a last step, which is run on the loop of the exchange and not at all if the
   * exchange is over by then. It may rewrite the head that is held; what it throws has the effect
   * of a filter that throws.
   *
   * @return false if it was decided before, or the exchange is over as far as is known
   */
  boolean resume(Runnable first);

  /**
   * Answers, as {@link FilterCall#answer} does. If a response has begun meanwhile, the exchange is
   * cut.
   *
   * @return false if it was decided before, or the exchange is over as far as is known
   */
  boolean answer(FixedResponse response);

  /** Whether the exchange has ended, or the deadline passed, without a decision. */
  boolean cancelled();

  /**
   * Runs a task when the exchange ends without a decision, so that work for it can stop: on the
   * loop, or at once if that has happened already.
   */
  void onCancel(Runnable task);
}
