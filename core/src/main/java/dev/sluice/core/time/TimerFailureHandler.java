package dev.sluice.core.time;

/** Told of each timer that throws. */
@FunctionalInterface
public interface TimerFailureHandler {
  /** Called right after {@code timer} has thrown {@code failure}; the wheel goes on regardless. */
  void onTimerFailure(Timer timer, Throwable failure);
}
