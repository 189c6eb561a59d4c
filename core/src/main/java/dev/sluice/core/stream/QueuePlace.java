package dev.sluice.core.stream;

import dev.sluice.core.backend.Server;
import dev.sluice.core.backend.pool.Demand;
import dev.sluice.core.backend.pool.Shortage;
import dev.sluice.core.backend.pool.Waiter;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import org.jspecify.annotations.Nullable;

/**
 * An exchange's place in the line of a server, for the queue timeout at most. Confined to its loop.
 */
final class QueuePlace extends Waiter {
  private final ProxyStream stream;
  private final BackStreamConnector back;
  private final QueueTimer timer = new QueueTimer();
  private @Nullable Server line;
  private long sinceNanos;

  QueuePlace(ProxyStream stream, BackStreamConnector back) {
    this.stream = stream;
    this.back = back;
  }

  /**
   * Joins the line.
   *
   * @return false if it is full
   */
  boolean join(Server of, Demand demand, Shortage lacks) {
    // Set before: it may be this place's turn within the call.
    line = of;
    sinceNanos = stream.loop().nowNanos();
    if (!of.join(this, stream.loop(), demand, lacks)) {
      line = null;
      return false;
    }
    long deadlineNanos = Deadline.after(sinceNanos, stream.timeouts().queue().toNanos());
    stream.loop().timers().arm(timer, deadlineNanos);
    return true;
  }

  /** Leaves it; without effect if it stands in none. */
  void leave() {
    Server of = line;
    if (of != null) {
      line = null;
      stream.record().queued(stream.loop().nowNanos() - sinceNanos);
      if (timer.armed()) {
        stream.loop().timers().cancel(timer);
      }
      of.leave(this);
    }
  }

  @Override
  protected void onTurn() {
    back.onTurn();
  }

  private final class QueueTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      back.onQueueTimeout();
    }

    @Override
    protected void onTimerFailure(Throwable problem) {
      stream.onBroken(problem);
    }
  }
}
