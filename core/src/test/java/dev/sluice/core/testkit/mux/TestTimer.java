package dev.sluice.core.testkit.mux;

import dev.sluice.core.time.Timer;

/** A timer that runs an action. */
final class TestTimer extends Timer {
  private final Runnable action;

  TestTimer(Runnable action) {
    this.action = action;
  }

  @Override
  protected void onTimer(long nowNanos) {
    action.run();
  }
}
