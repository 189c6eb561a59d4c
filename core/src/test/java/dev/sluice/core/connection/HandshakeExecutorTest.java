package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.testkit.ManualClock;
import dev.sluice.core.transport.LentStep;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How many steps of handshakes run, wait, are refused, and expire. */
class HandshakeExecutorTest extends LifeTest {
  private static final class Step implements LentStep {
    final CountDownLatch begun = new CountDownLatch(1);
    final CountDownLatch mayEnd = new CountDownLatch(1);
    volatile boolean ran;
    volatile boolean returned;
    volatile @Nullable Failure refused;

    @Override
    public void run() {
      begun.countDown();
      try {
        mayEnd.await();
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      }
      ran = true;
    }

    @Override
    public void onReturned() {
      returned = true;
    }

    @Override
    public void onRefused(Failure why) {
      refused = why;
    }
  }

  private final ManualClock clock = new ManualClock();

  private HandshakeExecutor oneThread(int waitingMax) {
    return HandshakeExecutor.start(
        new HandshakeConfig(1, waitingMax, Duration.ofMillis(100)), clock);
  }

  /** Waits for what the executor's thread does next; every wait ends by an event. */
  private static void runTo(HandshakeExecutor executor, long ranAndExpired) {
    while (executor.counts().ran() + executor.counts().expired() < ranAndExpired
        || executor.counts().running() > 0) {
      Thread.onSpinWait();
    }
  }

  @Test
  void aFullLineRefusesAndCounts() throws InterruptedException {
    try (HandshakeExecutor executor = oneThread(1)) {
      Step running = new Step();
      Step waiting = new Step();
      executor.execute(running::run);
      running.begun.await();
      executor.execute(waiting::run);
      assertThatThrownBy(() -> executor.execute(() -> {}))
          .isInstanceOf(RejectedExecutionException.class);
      assertThat(executor.counts().refused()).isEqualTo(1);
      assertThat(executor.counts().waiting()).isEqualTo(1);
      assertThat(executor.counts().waitingPeak()).isEqualTo(1);
      running.mayEnd.countDown();
      waiting.mayEnd.countDown();
      runTo(executor, 2);
      assertThat(executor.counts().ran()).isEqualTo(2);
      assertThat(executor.counts().waiting()).isZero();
    }
  }

  @Test
  void aStepThatWaitedTooLongIsNotRun() throws InterruptedException {
    Connection connection = rig.lent();
    try (HandshakeExecutor executor = oneThread(10)) {
      Step running = new Step();
      executor.execute(running::run);
      running.begun.await();
      Step late = new Step();
      executor.execute(new LentHandshake(connection, late));
      clock.advance(Duration.ofMillis(101).toNanos());
      running.mayEnd.countDown();
      runTo(executor, 2);
      rig.simulation.run();
      assertThat(late.ran).isFalse();
      assertThat(late.refused).isNotNull();
      assertThat(late.refused.cause()).isEqualTo(CloseCause.RESOURCE_LIMIT);
      assertThat(executor.counts().expired()).isEqualTo(1);
    }
  }

  @Test
  void aStepOfAConnectionThatIsGoneIsNotRun() throws InterruptedException {
    Connection connection = rig.lent();
    try (HandshakeExecutor executor = oneThread(10)) {
      Step running = new Step();
      executor.execute(running::run);
      running.begun.await();
      Step gone = new Step();
      LentHandshake lent = new LentHandshake(connection, gone);
      executor.execute(lent);
      lent.abandon();
      running.mayEnd.countDown();
      runTo(executor, 2);
      rig.simulation.run();
      assertThat(gone.ran).isFalse();
      assertThat(gone.returned).isFalse();
      assertThat(gone.refused).isNotNull();
    }
  }
}
