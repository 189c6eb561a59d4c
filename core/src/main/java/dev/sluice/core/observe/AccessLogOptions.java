package dev.sluice.core.observe;

import java.io.IOException;
import java.io.OutputStream;
import java.lang.System.Logger;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Objects;

/**
 * Where an access log goes, and within which bounds. Immutable; any thread.
 *
 * <pre>{@code
 * ProxyEngine.builder().accessLog(AccessLogOptions.file(Path.of("access.log")))
 * }</pre>
 */
public final class AccessLogOptions {
  private static final int LINES_MAX = 2048;
  private static final int PATH_BYTES_MAX = 512;
  private static final Duration CLOSE_DEADLINE = Duration.ofSeconds(2);

  private final Opener opener;
  private final int linesMax;
  private final int pathBytesMax;
  private final Duration flushInterval;
  private final Duration closeDeadline;
  private final InstantSource clock;

  /** Opens the sink, each time an engine starts. */
  @FunctionalInterface
  interface Opener {
    LogSink open() throws IOException;
  }

  private AccessLogOptions(
      Opener opener,
      int linesMax,
      int pathBytesMax,
      Duration flushInterval,
      Duration closeDeadline,
      InstantSource clock) {
    this.opener = opener;
    this.linesMax = linesMax;
    this.pathBytesMax = pathBytesMax;
    this.flushInterval = flushInterval;
    this.closeDeadline = closeDeadline;
    this.clock = clock;
  }

  private static AccessLogOptions of(Opener opener) {
    return new AccessLogOptions(
        opener, LINES_MAX, PATH_BYTES_MAX, Duration.ZERO, CLOSE_DEADLINE, InstantSource.system());
  }

  /** Appends to a file, which is made if it is missing. */
  public static AccessLogOptions file(Path path) {
    Objects.requireNonNull(path, "path");
    return of(() -> LogSink.file(path));
  }

  /** Writes to a stream, which is flushed at the end and never closed. */
  public static AccessLogOptions stream(OutputStream stream) {
    Objects.requireNonNull(stream, "stream");
    return of(() -> LogSink.stream(stream, false));
  }

  /** Logs each line at level INFO; this makes a string of each, on the thread of the writer. */
  public static AccessLogOptions logger(Logger logger) {
    Objects.requireNonNull(logger, "logger");
    return of(() -> LogSink.logger(logger));
  }

  /**
   * Sets how many lines may wait for the writer; 2048 if nothing is said. A line that finds no room
   * is dropped and counted. The memory for all of them is taken at the start.
   *
   * @param count 2 to 1,048,576; rounded up to a power of two
   */
  public AccessLogOptions withLinesMax(int count) {
    if (count < 2 || count > 1 << 20) {
      throw new IllegalArgumentException("linesMax is " + count + ": 2 to 1048576 is valid");
    }
    return new AccessLogOptions(
        opener,
        Integer.highestOneBit(count - 1) << 1,
        pathBytesMax,
        flushInterval,
        closeDeadline,
        clock);
  }

  /**
   * Sets how many bytes a path may take in its line, escapes included; 512 if nothing is said.
   *
   * @param count 8 to 65,536
   */
  public AccessLogOptions withPathBytesMax(int count) {
    if (count < 8 || count > 1 << 16) {
      throw new IllegalArgumentException("pathBytesMax is " + count + ": 8 to 65536 is valid");
    }
    return new AccessLogOptions(opener, linesMax, count, flushInterval, closeDeadline, clock);
  }

  /**
   * Sets how long written lines may stay in a stream's own buffer before it is flushed. Zero, which
   * holds if nothing is said, flushes whenever no line waits. Of no consequence for files, which
   * have no such buffer, and for loggers.
   */
  public AccessLogOptions withFlushInterval(Duration interval) {
    if (interval.isNegative() || interval.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "flushInterval is " + interval + ": zero to an hour is valid");
    }
    return new AccessLogOptions(opener, linesMax, pathBytesMax, interval, closeDeadline, clock);
  }

  /**
   * Sets how long the end of the engine waits until the lines that wait are written; 2 seconds if
   * nothing is said. Those that are left then are dropped and counted.
   */
  public AccessLogOptions withCloseDeadline(Duration deadline) {
    if (deadline.isNegative() || deadline.isZero() || deadline.compareTo(Duration.ofHours(1)) > 0) {
      throw new IllegalArgumentException(
          "closeDeadline is " + deadline + ": more than zero, up to an hour is valid");
    }
    return new AccessLogOptions(opener, linesMax, pathBytesMax, flushInterval, deadline, clock);
  }

  /** Sets the clock that the times of the lines come from; the system's if nothing is said. */
  public AccessLogOptions withClock(InstantSource wallClock) {
    Objects.requireNonNull(wallClock, "wallClock");
    return new AccessLogOptions(
        opener, linesMax, pathBytesMax, flushInterval, closeDeadline, wallClock);
  }

  LogSink openSink() throws IOException {
    return opener.open();
  }

  int linesMax() {
    return linesMax;
  }

  int pathBytesMax() {
    return pathBytesMax;
  }

  int lineBytesMax() {
    return AccessLogFormat.BYTES_MAX_WITHOUT_PATH + pathBytesMax;
  }

  Duration flushInterval() {
    return flushInterval;
  }

  Duration closeDeadline() {
    return closeDeadline;
  }

  InstantSource clock() {
    return clock;
  }
}
