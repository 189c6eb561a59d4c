package dev.sluice.core.backend.resolve;

import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Threads for lookups, which may block. They start when needed, and end when idle. Any thread. */
final class LookupThreads implements Executor, AutoCloseable {
  /** Lookups that wait for a thread; one more is refused, and tried again later. */
  static final int WAITING_MAX = 1024;

  private static final long IDLE_SECONDS = 30;

  private final ThreadPoolExecutor threads;

  LookupThreads(int count) {
    AtomicInteger number = new AtomicInteger();
    threads =
        new ThreadPoolExecutor(
            count,
            count,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new ArrayBlockingQueue<>(WAITING_MAX),
            task -> {
              Thread thread = new Thread(task, "sluice-lookup-" + number.getAndIncrement());
              thread.setDaemon(true);
              return thread;
            });
    threads.allowCoreThreadTimeOut(true);
  }

  /**
   * Runs a lookup, or has it wait.
   *
   * @throws RejectedExecutionException if too many wait, or after {@link #close()}
   */
  @Override
  public void execute(Runnable lookup) {
    threads.execute(lookup);
  }

  @Override
  public void close() {
    threads.shutdownNow();
  }
}
