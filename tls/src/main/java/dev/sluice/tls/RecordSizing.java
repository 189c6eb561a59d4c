package dev.sluice.tls;

/**
 * How much content goes into one record. A receiver can use nothing of a record before all of it is
 * there: while the congestion window is small, a record that spans several segments delays its
 * first byte by round trips, so a connection begins with records of one segment. Once it streams,
 * full records cost the least. After a pause the window is small again (RFC 5681 4.1). Confined to
 * its connection's loop.
 */
final class RecordSizing {
  /**
   * Content that fits one segment: 1,500 bytes of Ethernet less the largest headers of IPv6, TCP
   * with timestamps, and TLS 1.2.
   */
  static final int SEGMENT_BYTES = 1_369;

  /** Records of one segment before full ones: about four initial windows of ten segments. */
  static final int SEGMENT_RECORDS = 40;

  /** A pause after which it begins anew. */
  static final long PAUSE_NANOS = 1_000_000_000L;

  private final int fullBytes;
  private final boolean growing;
  private int segmentBytesLeft;
  private long lastNanos;

  private RecordSizing(int fullBytes, boolean growing) {
    this.fullBytes = fullBytes;
    this.growing = growing;
    begin();
  }

  /**
   * A sizing that grows.
   *
   * @param fullBytes the content of a full record
   */
  static RecordSizing growing(int fullBytes) {
    return new RecordSizing(fullBytes, true);
  }

  /** Full records from the first. */
  static RecordSizing constant(int fullBytes) {
    return new RecordSizing(fullBytes, false);
  }

  /** The most content of the next record. */
  int contentBytesMax(long nowNanos) {
    if (growing && nowNanos - lastNanos >= PAUSE_NANOS) {
      begin();
    }
    return segmentBytesLeft > 0 ? SEGMENT_BYTES : fullBytes;
  }

  /** Content was sealed. */
  void onSealed(int bytes, long nowNanos) {
    lastNanos = nowNanos;
    segmentBytesLeft = Math.max(0, segmentBytesLeft - bytes);
  }

  private void begin() {
    segmentBytesLeft = growing ? SEGMENT_RECORDS * SEGMENT_BYTES : 0;
  }
}
