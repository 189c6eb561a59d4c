package dev.sluice.mux.h2.protocol;

/**
 * What the peer may send, and the credit that we owe it (RFC 9113 6.9). Counts of one stream or of
 * the connection.
 *
 * <p>Every byte of the window's size is in one of three places: {@code open}, the peer may send it;
 * {@code unread}, it came and has not been taken yet; {@code credit}, it was taken and not told to
 * the peer. So {@code open + unread + credit} is the size at all times, and unread content, which
 * is what has to be stored, never passes the size.
 *
 * <p>Confined to its connection.
 */
public final class ReceiveWindow {
  private int size;
  private int open;
  private int unread;
  private int credit;

  /** A window of this size. */
  public ReceiveWindow(int size) {
    reset(size);
  }

  /** How many bytes the peer may send; negative after the size was lowered. */
  public int open() {
    return open;
  }

  /** Bytes that came and were not taken. */
  public int unread() {
    return unread;
  }

  /** Bytes that were taken, and for which no WINDOW_UPDATE was sent yet. */
  public int credit() {
    return credit;
  }

  /** The size: the sum of the three. */
  public int size() {
    return size;
  }

  /**
   * Content came, padding included.
   *
   * @return false, with nothing changed, if the peer has sent more than it was allowed
   */
  public boolean receive(int length) {
    if (length > open) {
      return false;
    }
    open -= length;
    unread += length;
    return true;
  }

  /** Content was taken or dropped. */
  public void consume(int length) {
    assert length >= 0 && length <= unread : length + " consumed of " + unread;
    unread -= length;
    credit += length;
  }

  /**
   * The increment to send now, which counts as sent; or 0. Credit is gathered up to half of the
   * size: many small updates cost more than they bring, and half a window keeps the peer busy.
   */
  public int takeUpdate() {
    if (credit == 0 || credit < (size + 1) / 2) {
      return 0;
    }
    int update = credit;
    credit = 0;
    open += update;
    return update;
  }

  /**
   * The peer has learned of a new size (RFC 9113 6.9.2), or is told by an increment of the
   * difference.
   */
  public void resize(int newSize) {
    open += newSize - size;
    size = newSize;
  }

  void reset(int newSize) {
    size = newSize;
    open = newSize;
    unread = 0;
    credit = 0;
  }
}
