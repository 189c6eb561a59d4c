package dev.sluice.mux.h2.protocol;

import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.mux.h2.hpack.HpackEncoder;

/**
 * The numbers of one connection: what we announce, and the bounds of what we keep. Immutable.
 *
 * <p>Content that was not taken is at most {@code connectionWindowBytes} for a connection, and at
 * most {@code streamWindowBytes} for a stream; in all at most {@code concurrentStreamsMax *
 * streamWindowBytes}.
 *
 * @param concurrentStreamsMax streams that the peer may have open at a time; on the back side the
 *     bound for our own, whatever the peer allows
 * @param assumedStreamsMax how many streams we open before the peer's SETTINGS are here (RFC 9113
 *     6.5.2: there is no bound yet, but a server may refuse what is beyond its own)
 * @param streamWindowBytes the window that we give a stream
 * @param connectionWindowBytes the window that we give the connection
 * @param frameBytesMax the largest frame that we take
 * @param headBytesMax bytes of names and values in one section
 * @param fieldCountMax fields in one section
 * @param headerTableBytes what the peer's encoder may keep, and ours at most
 * @param continuationsMax CONTINUATION frames in one block
 * @param interimHeadsMax informational heads before a final one
 * @param quantumBytes what a stream may send before the next one's turn
 * @param connectProtocol whether extended CONNECT is offered (RFC 8441); front side only
 * @param abusePercent the allowances against floods, in percent of the usual ones
 * @param settingsTimeoutNanos how long the peer may take to acknowledge our SETTINGS
 * @param drainTimeoutNanos how long a draining client may take to answer before the final GOAWAY
 */
public record H2Options(
    int concurrentStreamsMax,
    int assumedStreamsMax,
    int streamWindowBytes,
    int connectionWindowBytes,
    int frameBytesMax,
    int headBytesMax,
    int fieldCountMax,
    int headerTableBytes,
    int continuationsMax,
    int interimHeadsMax,
    int quantumBytes,
    boolean connectProtocol,
    int abusePercent,
    long settingsTimeoutNanos,
    long drainTimeoutNanos) {

  private static final H2Options DEFAULTS =
      new H2Options(
          100,
          10,
          1 << 16,
          1 << 24,
          Settings.FRAME_BYTES_MIN,
          16 << 10,
          100,
          HpackEncoder.DEFAULT_TABLE_SIZE,
          32,
          32,
          1 << 14,
          true,
          100,
          10_000_000_000L,
          1_000_000_000L);

  /** What holds if nothing is said. */
  public static H2Options defaults() {
    return DEFAULTS;
  }

  /** The same with another number of streams. */
  public H2Options withConcurrentStreamsMax(int max) {
    return new H2Options(
        max,
        assumedStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        headBytesMax,
        fieldCountMax,
        headerTableBytes,
        continuationsMax,
        interimHeadsMax,
        quantumBytes,
        connectProtocol,
        abusePercent,
        settingsTimeoutNanos,
        drainTimeoutNanos);
  }

  /** The same with other windows. */
  public H2Options withWindows(int streamBytes, int connectionBytes) {
    return new H2Options(
        concurrentStreamsMax,
        assumedStreamsMax,
        streamBytes,
        connectionBytes,
        frameBytesMax,
        headBytesMax,
        fieldCountMax,
        headerTableBytes,
        continuationsMax,
        interimHeadsMax,
        quantumBytes,
        connectProtocol,
        abusePercent,
        settingsTimeoutNanos,
        drainTimeoutNanos);
  }

  /** The same with other bounds for sections of fields. */
  public H2Options withHeads(int bytesMax, int countMax) {
    return new H2Options(
        concurrentStreamsMax,
        assumedStreamsMax,
        streamWindowBytes,
        connectionWindowBytes,
        frameBytesMax,
        bytesMax,
        countMax,
        headerTableBytes,
        continuationsMax,
        interimHeadsMax,
        quantumBytes,
        connectProtocol,
        abusePercent,
        settingsTimeoutNanos,
        drainTimeoutNanos);
  }

  /** What the fields of a section may come to as RFC 9113 6.5.2 counts them. */
  public int headerListBytesMax() {
    return headBytesMax + 32 * fieldCountMax;
  }
}
