package dev.sluice.core.connection;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.LentStep;

/**
 * A step of a handshake on its way to a thread and back to its loop. One that nobody waits for any
 * more by the time its turn comes is not run.
 */
final class LentHandshake implements Runnable {
  private final Connection connection;
  private final EventLoop loop;
  private final LentStep step;
  private volatile boolean abandoned;

  LentHandshake(Connection connection, LentStep step) {
    this.connection = connection;
    this.loop = connection.loop();
    this.step = step;
  }

  /** The connection is closed. From its loop. */
  void abandon() {
    abandoned = true;
  }

  /** On the executor's thread. */
  @Override
  public void run() {
    if (abandoned) {
      refuse(new Failure(CloseCause.COMPLETE, "closed before its step of the handshake"));
      return;
    }
    try {
      step.run();
    } finally {
      tell(step::onReturned);
    }
  }

  /** It will not be run. Any thread. */
  void refuse(Failure why) {
    tell(() -> step.onRefused(why));
  }

  private void tell(Runnable news) {
    boolean told =
        loop.tryExecute(
            () -> {
              news.run();
              connection.afterHandshakeStep();
            });
    // A loop that takes no task has stopped, or the handshake's deadline will end the connection.
    assert told || !loop.inLoop();
  }
}
