package dev.sluice.core.testkit;

/** Bytes that can be made and checked at any offset, for bodies too large to keep. */
public final class PatternBytes {
  private PatternBytes() {}

  /** Returns the byte at {@code offset} of the pattern {@code seed}. */
  public static byte at(long seed, long offset) {
    long x = (seed * 0x9E3779B97F4A7C15L) ^ (offset >>> 3) * 0xBF58476D1CE4E5B9L;
    x ^= x >>> 29;
    x *= 0x94D049BB133111EBL;
    return (byte) (x >>> ((offset & 7) * 8));
  }

  /** Fills a range of an array with the pattern from {@code offset} on. */
  public static void fill(long seed, long offset, byte[] bytes, int from, int length) {
    for (int i = 0; i < length; i++) {
      bytes[from + i] = at(seed, offset + i);
    }
  }

  /** Returns {@code length} bytes of the pattern from its start. */
  public static byte[] of(long seed, int length) {
    byte[] bytes = new byte[length];
    fill(seed, 0, bytes, 0, length);
    return bytes;
  }
}
