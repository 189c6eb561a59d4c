package dev.sluice.core.loop;

import org.jspecify.annotations.Nullable;

/**
 * Something to be done later in the same turn of a loop; an entry of one of its lists, linked
 * through itself, so that queueing allocates nothing. Confined to its loop.
 *
 * <p>A task is on one list at a time at most, and queueing it again while it is on that list
 * changes nothing. It can't be taken off: a task whose reason has gone finds that out when it runs.
 */
public abstract class TurnTask {
  @Nullable TurnTask next;
  @Nullable TurnList list;

  /** Creates a task that isn't queued. */
  protected TurnTask() {}

  /** Tells whether this task is going to run. */
  public final boolean queued() {
    return list != null;
  }

  /** Called when its turn has come. The task isn't queued any more, and may be queued again. */
  protected abstract void runTurn();

  /**
   * Called when {@link #runTurn} has thrown, after that was counted and reported, so that the owner
   * can give up its connection. Does nothing unless overridden.
   */
  protected void onTurnFailure(Throwable failure) {}
}
