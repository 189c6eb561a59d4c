package dev.sluice.core.observe;

import java.io.IOException;
import java.time.InstantSource;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/**
 * Writes a line for each exchange, off the loops: the loop encodes the record into a line that was
 * made at the start, a thread of the log's own does what may block. If that falls behind, lines are
 * dropped and counted; no loop waits.
 *
 * <p>A line is a list of {@code key=value}, separated by one space each, always all of them and in
 * this order, so that both {@code grep cause=CONNECT_TIMEOUT} and a split at spaces work. No value
 * but the last has a space in it. An absent text is {@code -}.
 *
 * <table>
 * <caption>The keys of a line</caption>
 * <tr><th>key</th><th>value</th></tr>
 * <tr><td>time</td><td>when the exchange began; ISO 8601, UTC, milliseconds</td></tr>
 * <tr><td>client</td><td>the client's address and port</td></tr>
 * <tr><td>frontend</td><td>where it came in</td></tr>
 * <tr><td>method, host, path</td><td>of the request; - in TCP mode and if no head came</td></tr>
 * <tr><td>status</td><td>what the client got; 0 if no status</td></tr>
 * <tr><td>backend, server</td><td>where it went, by the last attempt</td></tr>
 * <tr><td>front, back</td><td>the protocol on either side</td></tr>
 * <tr><td>conn</td><td>new or reused, the connection of the last attempt; - without one</td></tr>
 * <tr><td>mux</td><td>when that connection's mux was installed: connect, or handshake</td></tr>
 * <tr><td>retries</td><td>attempts after the first</td></tr>
 * <tr><td>in, out</td><td>content from the client, and to it, in bytes</td></tr>
 * <tr><td>t_request, t_routing, t_queue, t_lost, t_connect, t_handshake, t_wait, t_response</td>
 *     <td>the stages of {@link ExchangeRecord}, in microseconds; they make up t_total</td></tr>
 * <tr><td>t_first</td><td>from the head to the first byte of the answer; 0 if none came</td></tr>
 * <tr><td>t_total</td><td>from the beginning to the end</td></tr>
 * <tr><td>phase, by, cause</td><td>the {@link TerminationState}</td></tr>
 * <tr><td>tls_front, tls_back</td><td>what the handshakes told, with commas for spaces</td></tr>
 * <tr><td>detail</td><td>more of the cause, in quotes; may have spaces</td></tr>
 * </table>
 *
 * <p>Visible ASCII but the quotation mark and the backslash stands for itself, and everything else
 * is written as {@code \\xNN}, in UTF-8 where it is a text of ours: nothing that a peer sends can
 * end a line or a value. A text that is too long is cut, and ends with three dots.
 *
 * <p>An engine opens and closes it; a program only gives {@link AccessLogOptions} to the builder.
 */
public final class AccessLog implements AutoCloseable {
  private static final long NANOS_PER_MILLI = 1_000_000L;

  /**
   * After a batch the writer rests for a moment, in which nobody need wake it: a loop pays for a
   * wake-up once in this time at most, and not once a line.
   */
  private static final long REST_NANOS = NANOS_PER_MILLI;

  private static final int LINES_PER_RUN_MAX = 4096;

  private final LogQueue queue;
  private final LogWriter writer;
  private final InstantSource clock;
  private final int pathBytesMax;
  private final long closeMillis;
  private final Thread thread;
  private final AtomicLong dropped = new AtomicLong();
  private volatile State state = State.OPEN;

  /** What the writer has to do. */
  private enum State {
    /** Lines are taken. */
    OPEN,
    /** No new ones are; those that wait are written. */
    CLOSING,
    /** Nothing is written any more. */
    CLOSED
  }

  private AccessLog(AccessLogOptions options, LogSink sink) {
    queue = new LogQueue(options.linesMax(), options.lineBytesMax());
    writer = new LogWriter(queue, sink, options);
    clock = options.clock();
    pathBytesMax = options.pathBytesMax();
    closeMillis = options.closeDeadline().toMillis();
    thread = new Thread(this::runWriter, "sluice-access-log");
    thread.setDaemon(true);
  }

  /**
   * Opens the sink and starts the thread of the writer.
   *
   * @throws IOException if the sink can't be opened; the message tells which
   */
  public static AccessLog open(AccessLogOptions options) throws IOException {
    return open(options, options.openSink());
  }

  /** Opens the log over a sink of a test's own. */
  static AccessLog open(AccessLogOptions options, LogSink sink) {
    AccessLog log = new AccessLog(options, sink);
    log.thread.start();
    return log;
  }

  /** An exchange has ended. Any loop; neither blocks nor allocates. */
  public void onExchange(ExchangeRecord record) {
    LogLine line = state == State.OPEN ? queue.take() : null;
    if (line == null) {
      dropped.incrementAndGet();
      return;
    }
    boolean written = false;
    try {
      long began = clock.millis() - record.totalNanos() / NANOS_PER_MILLI;
      AccessLogFormat.encode(record, began, pathBytesMax, line);
      written = true;
    } finally {
      if (written) {
        queue.put(line, thread);
      } else {
        // What threw is the caller's to report.
        queue.giveBack(line);
        dropped.incrementAndGet();
      }
    }
  }

  /** What it has counted. Any thread. */
  public AccessLogCounts counts() {
    return new AccessLogCounts(writer.written(), dropped.get(), writer.lost(), writer.errors());
  }

  /**
   * Writes what waits, and closes the sink. Returns when that is done, or at the deadline of the
   * options, after which what is left is dropped. May be repeated; not from a loop.
   */
  @Override
  public void close() {
    if (state != State.OPEN) {
      return;
    }
    state = State.CLOSING;
    LockSupport.unpark(thread);
    boolean interrupted = false;
    try {
      thread.join(closeMillis);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    state = State.CLOSED;
    // A sink that blocks for good may let go of an interrupted thread.
    thread.interrupt();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  /** Returns when the thread of the writer has ended, whenever that may be. For tests. */
  void awaitEnd() throws InterruptedException {
    thread.join();
  }

  private void runWriter() {
    while (state == State.OPEN) {
      if (writer.run(LINES_PER_RUN_MAX)) {
        LockSupport.parkNanos(this, REST_NANOS);
      } else if (queue.park()) {
        waitForLines();
      }
    }
    while (state == State.CLOSING && writer.run(LINES_PER_RUN_MAX)) {
      // Until none is left, or the deadline closes the log.
    }
    dropRest();
    writer.close();
  }

  private void waitForLines() {
    if (state == State.OPEN) {
      long toFlush = writer.millisToFlush();
      if (toFlush < 0) {
        LockSupport.park(this);
      } else {
        LockSupport.parkNanos(this, toFlush * NANOS_PER_MILLI);
      }
    }
    queue.unpark();
  }

  private void dropRest() {
    for (LogLine line = queue.poll(); line != null; line = queue.poll()) {
      dropped.incrementAndGet();
      queue.giveBack(line);
    }
  }
}
