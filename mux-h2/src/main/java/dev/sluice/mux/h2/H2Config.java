package dev.sluice.mux.h2;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.mux.h2.protocol.H2Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * How HTTP/2 is spoken on the connections of one side. Immutable; any thread. Given to {@link
 * H2MuxProvider}, and with it to the engine's builder:
 *
 * <pre>{@code
 * H2Config front = H2Config.defaults().withConcurrentStreamsMax(250);
 * ProxyEngine.builder().mux(new H2MuxProvider(front, H2Config.defaults()))
 * }</pre>
 *
 * <p>The bounds of heads are those of {@link LimitConfig}, and are announced as
 * SETTINGS_MAX_HEADER_LIST_SIZE.
 *
 * <p>What is received and not yet taken by the other side is kept in memory: at most {@code
 * min(connectionWindowBytes, concurrentStreamsMax * streamWindowBytes)} for a connection. A sender
 * is no faster than one stream window in each round trip, and 256 KiB in 20 ms are 100 Mbit/s. A
 * connection window that is smaller than all stream windows together bounds memory, at the price
 * that so many stalled streams as fill it hold up the others.
 *
 * @param concurrentStreamsMax streams that the peer may have open at a time, 1 to 100,000; on the
 *     back side how many we open at most, whatever the server allows (RFC 9113 5.1.2)
 * @param assumedStreamsMax how many streams we open to a server that has not sent its SETTINGS yet,
 *     1 to 100,000
 * @param streamWindowBytes what a peer may send on a stream before some of it was taken, 1 KiB to 1
 *     GiB (SETTINGS_INITIAL_WINDOW_SIZE, RFC 9113 6.5.2)
 * @param connectionWindowBytes the same on all streams of a connection together, 65,535 bytes (with
 *     which every connection begins, RFC 9113 6.9.2) to 1 GiB
 * @param frameBytesMax the largest payload of a frame that we take, 16,384 to 16,777,215
 *     (SETTINGS_MAX_FRAME_SIZE)
 * @param headerTableBytes what the dynamic table of either direction may hold, 0 to 65,536
 *     (SETTINGS_HEADER_TABLE_SIZE); 0 for none
 * @param connectProtocol whether clients may ask for websockets (RFC 8441); front side only
 * @param abusePercent how many of the frames that cost much and carry nothing (RST_STREAM, PING,
 *     SETTINGS, empty DATA and so on) a peer may send before its connection is ended, in percent of
 *     the usual allowance, 1 to 10,000
 * @param settingsTimeout how long a peer may take to acknowledge SETTINGS; positive
 * @param drainTimeout how long a client may take to answer the first GOAWAY of a connection that is
 *     drained, before the final one is sent; positive
 */
public record H2Config(
    int concurrentStreamsMax,
    int assumedStreamsMax,
    int streamWindowBytes,
    int connectionWindowBytes,
    int frameBytesMax,
    int headerTableBytes,
    boolean connectProtocol,
    int abusePercent,
    Duration settingsTimeout,
    Duration drainTimeout) {
  private static final int CONNECTION_WINDOW_BYTES_MIN = 65_535;
  private static final int WINDOW_BYTES_MAX = 1 << 30;

  private static final H2Config DEFAULTS =
      new H2Config(
          100,
          10,
          256 << 10,
          4 << 20,
          16_384,
          4096,
          true,
          100,
          Duration.ofSeconds(10),
          Duration.ofSeconds(1));

  /**
   * Checks the ranges.
   *
   * @throws IllegalArgumentException naming every value that is out of its range
   */
  public H2Config {
    Objects.requireNonNull(settingsTimeout, "settingsTimeout");
    Objects.requireNonNull(drainTimeout, "drainTimeout");
    List<String> problems = new ArrayList<>();
    range(problems, "concurrentStreamsMax", concurrentStreamsMax, 1, 100_000);
    range(problems, "assumedStreamsMax", assumedStreamsMax, 1, 100_000);
    range(problems, "streamWindowBytes", streamWindowBytes, 1024, WINDOW_BYTES_MAX);
    range(
        problems,
        "connectionWindowBytes",
        connectionWindowBytes,
        CONNECTION_WINDOW_BYTES_MIN,
        WINDOW_BYTES_MAX);
    range(problems, "frameBytesMax", frameBytesMax, 1 << 14, (1 << 24) - 1);
    range(problems, "headerTableBytes", headerTableBytes, 0, 1 << 16);
    range(problems, "abusePercent", abusePercent, 1, 10_000);
    positive(problems, "settingsTimeout", settingsTimeout);
    positive(problems, "drainTimeout", drainTimeout);
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
  }

  /** What holds if nothing is said. */
  public static H2Config defaults() {
    return DEFAULTS;
  }

  /** The same with another number of streams. */
  public H2Config withConcurrentStreamsMax(int max) {
    return new H2Config(
        max,
        assumedStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        headerTableBytes,
        connectProtocol,
        abusePercent,
        settingsTimeout,
        drainTimeout);
  }

  /** The same with another number of streams that are opened before the server's SETTINGS. */
  public H2Config withAssumedStreamsMax(int max) {
    return new H2Config(
        concurrentStreamsMax,
        max,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        headerTableBytes,
        connectProtocol,
        abusePercent,
        settingsTimeout,
        drainTimeout);
  }

  /** The same with other windows. */
  public H2Config withWindows(int streamBytes, int connectionBytes) {
    return new H2Config(
        concurrentStreamsMax,
        assumedStreamsMax,
        streamBytes,
        connectionBytes,
        frameBytesMax,
        headerTableBytes,
        connectProtocol,
        abusePercent,
        settingsTimeout,
        drainTimeout);
  }

  /** The same with or without websockets from clients. */
  public H2Config withConnectProtocol(boolean offered) {
    return new H2Config(
        concurrentStreamsMax,
        assumedStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        headerTableBytes,
        offered,
        abusePercent,
        settingsTimeout,
        drainTimeout);
  }

  /** The same with another allowance for what a peer may annoy with. */
  public H2Config withAbusePercent(int percent) {
    return new H2Config(
        concurrentStreamsMax,
        assumedStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        headerTableBytes,
        connectProtocol,
        percent,
        settingsTimeout,
        drainTimeout);
  }

  /** What the protocol is told, once the bounds of heads are known. */
  H2Options options(LimitConfig limits) {
    H2Options defaults = H2Options.defaults();
    return new H2Options(
        concurrentStreamsMax,
        assumedStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        limits.headBytesMax(),
        limits.fieldCountMax(),
        headerTableBytes,
        defaults.continuationsMax(),
        defaults.interimHeadsMax(),
        defaults.quantumBytes(),
        connectProtocol,
        abusePercent,
        settingsTimeout.toNanos(),
        drainTimeout.toNanos());
  }

  private static void range(List<String> problems, String key, int value, int min, int max) {
    if (value < min || value > max) {
      problems.add("h2." + key + " is " + value + ": " + min + " to " + max + " is valid");
    }
  }

  private static void positive(List<String> problems, String key, Duration value) {
    if (value.isNegative() || value.isZero() || value.compareTo(Duration.ofDays(1)) > 0) {
      problems.add("h2." + key + " is " + value + ": more than nothing, up to a day, is valid");
    }
  }
}
