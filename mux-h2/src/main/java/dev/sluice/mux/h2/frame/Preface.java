package dev.sluice.mux.h2.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** The bytes that a client begins a connection with (RFC 9113 3.4). */
public final class Preface {
  private static final byte[] BYTES =
      "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII);

  /** How many bytes it has. */
  public static final int LENGTH = 24;

  private Preface() {}

  /** Writes the preface. */
  public static void write(ByteBuffer out) {
    out.put(BYTES);
  }

  /**
   * Compares the input from its position on, which is not moved.
   *
   * @param matched how many bytes of the preface came before
   * @return how many more bytes match, up to all that are left, or -1 if one differs
   */
  public static int match(ByteBuffer in, int matched) {
    int more = Math.min(in.remaining(), LENGTH - matched);
    for (int i = 0; i < more; i++) {
      if (in.get(in.position() + i) != BYTES[matched + i]) {
        return -1;
      }
    }
    return more;
  }
}
