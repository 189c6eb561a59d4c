package dev.sluice.core.time;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done at a deadline; an entry of one {@link TimerWheel}, linked through itself, so
 * that arming allocates nothing. Confined to the thread of the wheel.
 *
 * <p>A timer fires once per arming, never before its deadline, and at most about a millisecond
 * after it as long as the wheel is advanced often enough.
 */
public abstract class Timer {
  /** When to fire; may be later than {@link #filedNanos}, never earlier. */
  long deadlineNanos = Deadline.NONE;

  /** The deadline under which the wheel has filed this entry. */
  long filedNanos = Deadline.NONE;

  /** The slot this entry was filed under; only a hint once its slot has come due. */
  int slot;

  @Nullable TimerWheel wheel;
  Timer previous = this;
  Timer next = this;

  /** Creates a timer that isn't armed. */
  protected Timer() {}

  /** Tells whether this timer is going to fire. */
  public final boolean armed() {
    return wheel != null;
  }

  /** Returns when this timer is going to fire, {@link Deadline#NONE} if it isn't armed. */
  public final long deadlineNanos() {
    return wheel == null ? Deadline.NONE : deadlineNanos;
  }

  /**
   * Called by the wheel when the deadline is reached. The timer is no longer armed, and may be
   * armed again from here.
   *
   * @param nowNanos the time given to {@link TimerWheel#advance}, not before the deadline
   */
  protected abstract void onTimer(long nowNanos);

  /**
   * Called when {@link #onTimer} has thrown, after the failure was reported, so that the owner can
   * give up what the timer was for. Does nothing unless overridden.
   */
  protected void onTimerFailure(Throwable failure) {}
}
