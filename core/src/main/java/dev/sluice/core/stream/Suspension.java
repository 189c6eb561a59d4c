package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;

/**
 * A routing decision that is still to come. Any thread may call it; the first call that decides
 * counts, and nothing happens if the exchange is over by then.
 */
public interface Suspension {
  /**
   * Forwards to a backend.
   *
   * @return false if it was decided before, or the exchange is over as far as is known
   */
  boolean forward(String backend);

  /**
   * Answers without a backend.
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
