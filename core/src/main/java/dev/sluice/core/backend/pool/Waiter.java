package dev.sluice.core.backend.pool;

import dev.sluice.core.loop.EventLoop;
import org.jspecify.annotations.Nullable;

/**
 * Someone who waits in a {@link WaitingLine}. Linked through itself. The line calls {@link
 * #onTurn()} on the waiter's own loop when something may have become free; the waiter tries, and
 * leaves the line when it succeeds or gives up.
 */
public abstract class Waiter {
  /** The task that runs on the waiter's loop; made once, so that waking allocates nothing. */
  final Runnable wake = this::onWake;

  // Guarded by the line's lock.
  @Nullable Waiter previous;
  @Nullable Waiter next;
  @Nullable WaitingLine line;
  WaitingLine.@Nullable Lane lane;

  /** Its place in the line: smaller ones came before. */
  long number;

  /** Whether it is about to try: what it lacks is not known then. */
  boolean woken;

  Shortage lacks = Shortage.TURN;

  private @Nullable EventLoop loop;

  /** A waiter that is in no line. */
  protected Waiter() {}

  /** The loop of this waiter, set when it joins a line. */
  final EventLoop loop() {
    EventLoop l = loop;
    assert l != null : "the waiter has not joined a line";
    return l;
  }

  final void loop(EventLoop newLoop) {
    loop = newLoop;
  }

  private void onWake() {
    WaitingLine in = WaitingLine.beginTurn(this);
    if (in == null) {
      return;
    }
    long turn = number;
    try {
      onTurn();
    } finally {
      in.endTurn(turn);
    }
  }

  /** It is this waiter's turn to try. On its loop, while it is still in line. */
  protected abstract void onTurn();
}
