package dev.sluice.bench;

/**
 * Counts whole messages in a stream of bytes, all of one kind: a head, and content whose length is
 * known beforehand. Allocates nothing.
 */
final class MessageCounter {
  private static final byte[] HEAD_END = {'\r', '\n', '\r', '\n'};

  private final int contentBytes;
  private int matched;
  private int left;

  MessageCounter(int contentBytes) {
    this.contentBytes = contentBytes;
  }

  /** Looks at the next bytes and returns how many messages have ended within them. */
  int count(byte[] bytes, int offset, int length) {
    int whole = 0;
    int i = offset;
    int end = offset + length;
    while (i < end) {
      if (left > 0) {
        int n = Math.min(left, end - i);
        i += n;
        left -= n;
        if (left == 0) {
          whole++;
        }
        continue;
      }
      byte b = bytes[i++];
      matched = b == HEAD_END[matched] ? matched + 1 : b == '\r' ? 1 : 0;
      if (matched == HEAD_END.length) {
        matched = 0;
        left = contentBytes;
        if (left == 0) {
          whole++;
        }
      }
    }
    return whole;
  }
}
