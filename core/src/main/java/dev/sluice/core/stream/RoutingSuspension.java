package dev.sluice.core.stream;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.loop.EventLoop;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The handle of a suspended decision: decided or cancelled once, whichever comes first. Any thread;
 * the decision is carried out on the loop.
 */
final class RoutingSuspension implements Suspension {
  private static final Outcome CANCELLED = new Outcome(null, null);

  private final Routing routing;
  private final EventLoop loop;
  private final int generation;
  private final AtomicReference<@Nullable Outcome> outcome = new AtomicReference<>();
  private final AtomicReference<@Nullable Runnable> cancelTask = new AtomicReference<>();

  private record Outcome(@Nullable String backend, @Nullable FixedResponse response) {}

  RoutingSuspension(Routing routing, EventLoop loop, int generation) {
    this.routing = routing;
    this.loop = loop;
    this.generation = generation;
  }

  @Override
  public boolean forward(String backend) {
    return decide(new Outcome(Objects.requireNonNull(backend, "backend"), null));
  }

  @Override
  public boolean answer(FixedResponse response) {
    return decide(new Outcome(null, Objects.requireNonNull(response, "response")));
  }

  private boolean decide(Outcome decision) {
    if (!outcome.compareAndSet(null, decision)) {
      return false;
    }
    loop.execute(() -> routing.onResumed(this, generation));
    return true;
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

  void cancel() {
    if (outcome.compareAndSet(null, CANCELLED)) {
      runCancelTask();
    }
  }

  private void runCancelTask() {
    Runnable task = cancelTask.getAndSet(null);
    if (task != null) {
      task.run();
    }
  }

  @Nullable String backend() {
    Outcome decided = outcome.get();
    return decided == null ? null : decided.backend();
  }

  @Nullable FixedResponse response() {
    Outcome decided = outcome.get();
    return decided == null ? null : decided.response();
  }
}
