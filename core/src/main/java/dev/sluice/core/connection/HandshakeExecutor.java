package dev.sluice.core.connection;

import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.HandshakeCounts;
import dev.sluice.core.time.NanoClock;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;

/**
 * Threads for steps of handshakes: so many, a bounded line before them, and a bound on how long a
 * step waits there. First come, first served. Any thread.
 */
public final class HandshakeExecutor implements Executor, AutoCloseable {
  private final ThreadPoolExecutor threads;
  private final NanoClock clock;
  private final long waitNanosMax;
  private final LongAdder ran = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private final LongAdder expired = new LongAdder();
  private final AtomicInteger waitingPeak = new AtomicInteger();

  private HandshakeExecutor(HandshakeConfig config, NanoClock clock) {
    AtomicInteger number = new AtomicInteger();
    this.clock = clock;
    this.waitNanosMax = config.waitMax().toNanos();
    this.threads =
        new ThreadPoolExecutor(
            config.threads(),
            config.threads(),
            0,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(config.waitingMax()),
            task -> {
              Thread thread = new Thread(task, "sluice-handshake-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
  }

  /**
   * Makes the threads; they start with the first steps.
   *
   * @param config with at least one thread
   */
  public static HandshakeExecutor start(HandshakeConfig config, NanoClock clock) {
    return new HandshakeExecutor(config, clock);
  }

  /**
   * Runs a step, or has it wait.
   *
   * @throws RejectedExecutionException if the line is full or the executor closed
   */
  @Override
  public void execute(Runnable step) {
    try {
      threads.execute(new Waiting(step));
    } catch (RejectedExecutionException e) {
      refused.increment();
      throw e;
    }
    waitingPeak.accumulateAndGet(threads.getQueue().size(), Math::max);
  }

  /** What it has done, now. */
  public HandshakeCounts counts() {
    return new HandshakeCounts(
        threads.getActiveCount(),
        threads.getQueue().size(),
        waitingPeak.get(),
        ran.sum(),
        refused.sum(),
        expired.sum());
  }

  /** Ends the threads; steps that run finish, those that wait are dropped. */
  @Override
  public void close() {
    threads.shutdownNow();
  }

  private final class Waiting implements Runnable {
    private final Runnable step;
    private final long sinceNanos;

    Waiting(Runnable step) {
      this.step = step;
      this.sinceNanos = clock.nanoTime();
    }

    @Override
    public void run() {
      if (step instanceof LentHandshake lent && clock.nanoTime() - sinceNanos > waitNanosMax) {
        expired.increment();
        lent.refuse(
            new Failure(
                CloseCause.RESOURCE_LIMIT, "a step of the handshake waited too long for a thread"));
        return;
      }
      ran.increment();
      step.run();
    }
  }
}
