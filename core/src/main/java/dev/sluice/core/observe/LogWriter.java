package dev.sluice.core.observe;

import java.io.IOException;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Takes lines from the queue and gives them to the sink, many at a time. Confined to the thread of
 * the writer, but for the counters.
 */
final class LogWriter {
  private static final Logger LOGGER = System.getLogger(LogWriter.class.getName());
  private static final int BATCH_BYTES = 64 << 10;
  private static final long REPORT_INTERVAL_MILLIS = 1000;

  private final LogQueue queue;
  private final LogSink sink;
  private final InstantSource clock;
  private final long flushIntervalMillis;
  private final byte[] batch;
  private final AtomicLong written = new AtomicLong();
  private final AtomicLong lost = new AtomicLong();
  private final AtomicLong errors = new AtomicLong();
  private int batchLength;
  private int batchLines;
  private boolean unflushed;
  private long flushedMillis;
  private long reportedMillis;
  private long unreported;

  LogWriter(LogQueue queue, LogSink sink, AccessLogOptions options) {
    this.queue = queue;
    this.sink = sink;
    this.clock = options.clock();
    this.flushIntervalMillis = options.flushInterval().toMillis();
    this.batch = new byte[Math.max(BATCH_BYTES, options.lineBytesMax())];
    this.flushedMillis = clock.millis();
    this.reportedMillis = flushedMillis - REPORT_INTERVAL_MILLIS;
  }

  /**
   * Writes lines until none waits, at most {@code linesMax} so that a flush is never put off for
   * good, and flushes if it is time.
   *
   * @return whether there was anything to write
   */
  boolean run(int linesMax) {
    int lines = 0;
    while (lines < linesMax) {
      LogLine line = queue.poll();
      if (line == null) {
        break;
      }
      lines++;
      add(line);
    }
    writeBatch();
    if (unflushed && millisToFlush() <= 0) {
      flush();
    }
    return lines > 0;
  }

  private void add(LogLine line) {
    if (batchLength + line.length() > batch.length) {
      writeBatch();
    }
    System.arraycopy(line.bytes(), 0, batch, batchLength, line.length());
    batchLength += line.length();
    batchLines++;
    queue.giveBack(line);
  }

  private void writeBatch() {
    if (batchLines == 0) {
      return;
    }
    int lines = batchLines;
    int length = batchLength;
    batchLines = 0;
    batchLength = 0;
    try {
      sink.write(batch, length);
      unflushed = true;
      written.addAndGet(lines);
    } catch (IOException | RuntimeException e) {
      lost.addAndGet(lines);
      failed(e);
    }
  }

  private void flush() {
    unflushed = false;
    flushedMillis = clock.millis();
    try {
      sink.flush();
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  /** How long a flush may still wait; less than 0 if there is nothing to flush. */
  long millisToFlush() {
    if (!unflushed) {
      return -1;
    }
    long since = clock.millis() - flushedMillis;
    // A wall clock may have been set back.
    return since < 0 ? 0 : Math.max(0, flushIntervalMillis - since);
  }

  /** The last words. */
  void close() {
    try {
      sink.close();
    } catch (IOException | RuntimeException e) {
      failed(e);
    }
  }

  private void failed(Exception problem) {
    errors.incrementAndGet();
    unreported++;
    long now = clock.millis();
    if (Math.abs(now - reportedMillis) >= REPORT_INTERVAL_MILLIS) {
      LOGGER.log(
          Level.WARNING,
          "the access log can't be written (" + unreported + " failures since the last report)",
          problem);
      reportedMillis = now;
      unreported = 0;
    }
  }

  /** Lines given to the sink. Any thread. */
  long written() {
    return written.get();
  }

  /** Lines that the sink failed to take. Any thread. */
  long lost() {
    return lost.get();
  }

  /** Failures of the sink. Any thread. */
  long errors() {
    return errors.get();
  }
}
