package dev.sluice.core.connection;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;

/**
 * The deadline of a connection's present stage: connect, handshake, first bytes, last bytes.
 * Confined to its loop.
 */
final class StageTimer extends Timer {
  private final Connection connection;
  private CloseCause cause = CloseCause.CONNECT_TIMEOUT;

  StageTimer(Connection connection) {
    this.connection = connection;
  }

  /** Begins a stage, whose deadline takes the place of the one before. */
  void arm(CloseCause expiry, long delayNanos) {
    cause = expiry;
    connection.timers().arm(this, Deadline.after(connection.nowNanos(), delayNanos));
  }

  void cancel() {
    connection.timers().cancel(this);
  }

  @Override
  protected void onTimer(long nowNanos) {
    connection.onStageExpired(cause);
  }

  @Override
  protected void onTimerFailure(Throwable problem) {
    connection.onHandlerFailure(problem);
  }
}
