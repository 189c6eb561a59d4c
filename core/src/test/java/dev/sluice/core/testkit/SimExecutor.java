package dev.sluice.core.testkit;

import dev.sluice.core.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.Executor;

/**
 * An executor of the simulation: tasks lent to it run later, one by one, in an order and at moments
 * that the seed decides, on the one thread of the simulation but on no loop.
 */
public final class SimExecutor implements Executor {
  private final ManualClock clock;
  private final SplittableRandom random;
  private final SimTrace trace;
  private final long delayNanosMax;
  private final List<Lent> lent = new ArrayList<>();
  private boolean held;
  private long ran;

  private record Lent(Runnable task, long dueNanos) {}

  SimExecutor(ManualClock clock, SplittableRandom random, SimTrace trace, long delayNanosMax) {
    this.clock = clock;
    this.random = random;
    this.trace = trace;
    this.delayNanosMax = delayNanosMax;
  }

  @Override
  public void execute(Runnable task) {
    long delay = delayNanosMax == 0 ? 0 : random.nextLong(delayNanosMax + 1);
    lent.add(new Lent(task, Deadline.after(clock.nanoTime(), delay)));
  }

  /** Runs no task until {@link #proceed()}, so that a test can act while tasks are lent. */
  public void hold() {
    held = true;
  }

  /** Ends {@link #hold()}. */
  public void proceed() {
    held = false;
  }

  /** Returns how many tasks are lent and haven't run yet. */
  public int pending() {
    return lent.size();
  }

  /** Returns how many tasks have run. */
  public long ran() {
    return ran;
  }

  long nextNanos() {
    long next = Deadline.NONE;
    if (!held) {
      for (Lent task : lent) {
        next = Math.min(next, task.dueNanos);
      }
    }
    return next;
  }

  /** Runs one of the tasks that are due; there must be one. */
  void runOne() {
    int due = 0;
    int chosen = -1;
    long now = clock.nanoTime();
    for (int i = 0; i < lent.size(); i++) {
      // Each due task replaces the choice with the right probability to make all equally likely.
      if (lent.get(i).dueNanos <= now && random.nextInt(++due) == 0) {
        chosen = i;
      }
    }
    Lent task = lent.remove(chosen);
    ran++;
    trace.add("lent", "executor", ran);
    task.task.run();
  }
}
