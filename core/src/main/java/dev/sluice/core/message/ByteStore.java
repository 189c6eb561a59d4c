package dev.sluice.core.message;

import java.util.Arrays;

/**
 * The bytes of a field section: one array that is appended to. What is replaced leaves a hole, so
 * the array may be up to twice the bound before it is packed; the live bytes never pass the bound.
 * Confined to the loop of its message.
 */
final class ByteStore {
  private static final int FIRST_BYTES = 512;

  private final int liveBytesMax;
  private byte[] bytes;
  private int end;
  private int liveBytes;

  ByteStore(int liveBytesMax) {
    this.liveBytesMax = liveBytesMax;
    this.bytes = new byte[Math.min(FIRST_BYTES, liveBytesMax)];
  }

  byte[] bytes() {
    return bytes;
  }

  int liveBytes() {
    return liveBytes;
  }

  int liveBytesMax() {
    return liveBytesMax;
  }

  /** Forgets everything; the array is kept. */
  void clear() {
    end = 0;
    liveBytes = 0;
  }

  /** Whether the bound allows {@code more} bytes, with {@code freed} live ones given back. */
  boolean allows(int more, int freed) {
    return more <= liveBytesMax && liveBytes - freed <= liveBytesMax - more;
  }

  /**
   * Makes room for {@code more} bytes at the end, by a larger array if need be: whoever looks at
   * the bytes takes the array anew.
   *
   * @return false if the holes have to be closed first
   */
  boolean extend(int more) {
    if (end + more <= bytes.length) {
      return true;
    }
    // Known names count against the bound without being stored, so this always suffices.
    int limit = 2 * liveBytesMax;
    if (end + more > limit) {
      return false;
    }
    bytes = Arrays.copyOf(bytes, (int) Math.min(limit, Math.max(end + more, 2L * bytes.length)));
    return true;
  }

  /**
   * Begins to close the holes: whatever is still of use has to be {@linkplain #move moved}.
   *
   * @return the array to move from
   */
  byte[] beginPacking() {
    byte[] old = bytes;
    bytes = new byte[2 * liveBytesMax];
    end = 0;
    return old;
  }

  /** Moves live bytes from the array before, and returns where they are now. */
  int move(byte[] old, int offset, int length) {
    int at = end;
    System.arraycopy(old, offset, bytes, at, length);
    end += length;
    return at;
  }

  /** Counts bytes that are kept elsewhere, those of a known name. */
  void count(int elsewhere) {
    liveBytes += elsewhere;
  }

  /** Gives live bytes back. */
  void free(int length) {
    liveBytes -= length;
  }

  /** Copies bytes to the end, for which there is room, and returns where they are. */
  int append(byte[] src, int offset, int length) {
    int at = end;
    System.arraycopy(src, offset, bytes, at, length);
    end += length;
    liveBytes += length;
    return at;
  }

  /** Writes a number in so many digits at the end, for which there is room. */
  int appendDigits(long value, int digits) {
    int at = end;
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      bytes[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    end += digits;
    liveBytes += digits;
    return at;
  }

  /** How many decimal digits a number has that is not negative. */
  static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
