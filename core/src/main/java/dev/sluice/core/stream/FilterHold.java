package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a direction that a filter holds: decided or cancelled once, whichever comes first.
 * Any thread; what was decided is carried out on the loop, by the chain that still has it.
 */
final class FilterHold implements FilterSuspension {
  private static final Outcome CANCELLED = new Outcome(null, null);

  private final FilterPort port;
  private final FilterChain chain;
  private final EventLoop loop;
  private final DeadlineTimer timer = new DeadlineTimer();
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> cancelTask = new AtomicReference<>();

  /** What was decided: to answer, or to go on after a step or at once. */
  record Outcome(@Nullable Runnable first, @Nullable FixedResponse response) {}

  FilterHold(FilterPort port, FilterChain chain, EventLoop loop, Duration deadline) {
    this.port = port;
    this.chain = chain;
    this.loop = loop;
    loop.timers().arm(timer, Deadline.after(loop.nowNanos(), deadline.toNanos()));
  }

  @Override
  public boolean resume() {
    return decide(new Outcome(null, null));
  }

  @Override
  public boolean resume(Runnable first) {
    return decide(new Outcome(Objects.requireNonNull(first, "first"), null));
  }

  @Override
  public boolean answer(FixedResponse response) {
    return decide(new Outcome(null, Objects.requireNonNull(response, "response")));
  }

  private boolean decide(Outcome decision) {
    if (!outcome.compareAndSet(null, decision)) {
      return false;
    }
    loop.execute(() -> carryOut(decision));
    return true;
  }

  private void carryOut(Outcome decision) {
    if (port.hold == this) {
      port.hold = null;
      loop.timers().cancel(timer);
      chain.onDecided(port, decision);
    }
  }

  @Override
  @SuppressWarnings("ReferenceEquality") // The cancelling outcome is one object.
  public boolean cancelled() {
    return outcome.get() == CANCELLED;
  }

  @Override
  public void onCancel(Runnable task) {
    cancelTask.set(Objects.requireNonNull(task, "task"));
    if (cancelled()) {
      runCancelTask();
    }
  }

  /** Nobody waits for the decision any more. On the loop. */
  void cancel() {
    loop.timers().cancel(timer);
    if (outcome.compareAndSet(null, CANCELLED)) {
      runCancelTask();
    }
  }

  private void runCancelTask() {
    Runnable task = cancelTask.getAndSet(null);
    if (task != null) {
      try {
        task.run();
      } catch (RuntimeException e) {
        loop.report("the cancel task of a filter failed", e);
      }
    }
  }

  private final class DeadlineTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      Outcome decided = outcome.get();
      if (decided != null) {
        // In time: its task is on its way.
        carryOut(decided);
        return;
      }
      port.cancelHold();
      chain.onDeadline(port);
    }

    @Override
    protected void onTimerFailure(Throwable problem) {
      chain.stream().onBroken(problem);
    }
  }
}
