package dev.sluice.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Handler;
import java.util.logging.Level;
import java.util.logging.LogRecord;
import java.util.logging.Logger;

/** Collects what connections report of handlers that failed, on this thread. */
final class LogWatch extends Handler implements AutoCloseable {
  private static final Logger LOGGER = Logger.getLogger("dev.sluice.core.connection.Connection");

  private static final AtomicInteger OPEN = new AtomicInteger();

  private final long thread = Thread.currentThread().getId();
  private final List<String> messages = new ArrayList<>();

  LogWatch() {
    OPEN.incrementAndGet();
    LOGGER.setUseParentHandlers(false);
    LOGGER.addHandler(this);
  }

  List<String> messages() {
    return messages;
  }

  @Override
  public void publish(LogRecord record) {
    Throwable thrown = record.getThrown();
    boolean asked = thrown != null && "a fault that the test asked for".equals(thrown.getMessage());
    if (record.getLongThreadID() == thread
        && record.getLevel().intValue() >= Level.WARNING.intValue()
        && !asked) {
      String where = thrown == null ? "" : ": " + thrown + " at " + List.of(thrown.getStackTrace());
      messages.add(record.getMessage() + where);
    }
  }

  @Override
  public void flush() {
    // Nothing is buffered.
  }

  @Override
  public void close() {
    LOGGER.removeHandler(this);
    LOGGER.setUseParentHandlers(OPEN.decrementAndGet() == 0);
  }
}
