package dev.sluice.app;

import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Carries what the engine tells from its loops to the thread that shows it. Bounded: what nobody
 * takes in time is dropped, since a loop must never wait.
 */
final class RecordFeed implements ProxyObserver {
  private static final int WAITING_MAX = 1024;

  private final BlockingQueue<News> news = new ArrayBlockingQueue<>(WAITING_MAX);
  private final AtomicLong dropped = new AtomicLong();

  /**
   * Something that happened.
   *
   * @param record the record of an exchange, or null if a client's connection came to nothing
   * @param words what happened to the client's connection; empty if there is a record
   */
  record News(@Nullable ExchangeRecord record, String words) {}

  @Override
  public void onExchange(ExchangeRecord record) {
    offer(new News(record.snapshot(), ""));
  }

  @Override
  public void onClientFailed(String frontend, Failure failure) {
    String words = ExchangeTable.words(failure.cause());
    String detail = failure.detail().isEmpty() ? "" : ": " + failure.detail();
    String line = "A client of the " + Entrance.of(frontend).label() + " listener: " + words;
    offer(new News(null, line + detail));
  }

  private void offer(News next) {
    if (!news.offer(next)) {
      dropped.incrementAndGet();
    }
  }

  /** Waits for the next thing to happen; that some were dropped is one, too. */
  News take() throws InterruptedException {
    long lost = dropped.getAndSet(0);
    return lost > 0 ? new News(null, lost + " more, too fast to be shown") : news.take();
  }

  /** Waits for the record of an exchange; null if none comes in time. */
  @Nullable ExchangeRecord await(Pairing pairing, String method, long timeoutNanos)
      throws InterruptedException {
    long deadline = System.nanoTime() + timeoutNanos;
    while (true) {
      News next = news.poll(deadline - System.nanoTime(), TimeUnit.NANOSECONDS);
      if (next == null) {
        return null;
      }
      ExchangeRecord record = next.record();
      if (record != null
          && record.backend().equals(pairing.backend())
          && record.method().equals(method)) {
        return record;
      }
    }
  }
}
