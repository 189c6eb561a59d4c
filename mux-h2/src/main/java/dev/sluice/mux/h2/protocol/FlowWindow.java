package dev.sluice.mux.h2.protocol;

/**
 * What we may send: the window of a stream or of the connection (RFC 9113 6.9).
 *
 * <p>A window may be negative: SETTINGS_INITIAL_WINDOW_SIZE can take away more than is left (RFC
 * 9113 6.9.2). Confined to its connection.
 */
public final class FlowWindow {
  /** The largest window (RFC 9113 6.9.1). */
  public static final int BYTES_MAX = Integer.MAX_VALUE;

  private int bytes;

  /** A window of this size. */
  public FlowWindow(int bytes) {
    this.bytes = bytes;
  }

  /** How many bytes may be sent; negative if nothing may be sent before so much was added. */
  public int bytes() {
    return bytes;
  }

  /**
   * Changes the window by an increment of the peer's, or by the difference of two initial sizes.
   *
   * @return false, with nothing changed, if it would be larger than {@link #BYTES_MAX}
   */
  public boolean add(int delta) {
    long sum = (long) bytes + delta;
    if (sum > BYTES_MAX) {
      return false;
    }
    // Two settings of up to 2^31-1 and no more content than a window held: the sum can't pass the
    // lower end of an int, since the smallest is 0 - (2^31-1).
    bytes = (int) sum;
    return true;
  }

  /** Content is sent. */
  public void take(int length) {
    assert length >= 0 && length <= bytes : length + " sent with a window of " + bytes;
    bytes -= length;
  }

  void reset(int newBytes) {
    bytes = newBytes;
  }
}
