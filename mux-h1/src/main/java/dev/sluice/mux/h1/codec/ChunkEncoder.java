package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.Fields;
import java.nio.ByteBuffer;

/** Writes the chunked coding (RFC 9112 7.1). Stateless. */
public final class ChunkEncoder {
  /** The longest line before a chunk. */
  public static final int HEAD_BYTES_MAX = 10;

  /** What follows the bytes of a chunk. */
  public static final int TAIL_BYTES = 2;

  private static final byte[] LAST = {'0', '\r', '\n'};
  private static final byte[] CRLF = {'\r', '\n'};

  private ChunkEncoder() {}

  /** How many bytes {@link #putHead} writes. */
  public static int headBytes(int size) {
    return digits(size) + 2;
  }

  /** Writes the line before a chunk; {@code size} is above 0, since 0 would end the message. */
  public static void putHead(ByteBuffer out, int size) {
    assert size > 0;
    for (int shift = (digits(size) - 1) * 4; shift >= 0; shift -= 4) {
      int digit = size >> shift & 0xf;
      out.put((byte) (digit < 10 ? '0' + digit : 'a' + digit - 10));
    }
    out.put(CRLF);
  }

  /** Writes what follows the bytes of a chunk. */
  public static void putTail(ByteBuffer out) {
    out.put(CRLF);
  }

  /** An upper bound of what {@link #putEnd} writes. */
  public static int endBytes(Fields trailers) {
    return LAST.length + CRLF.length + H1Encoder.fieldBytes(trailers);
  }

  /** Ends the message: the last chunk, the trailers, the empty line. */
  public static void putEnd(ByteBuffer out, Fields trailers) {
    out.put(LAST);
    H1Encoder.putFields(out, trailers, false);
    out.put(CRLF);
  }

  /** Ends the message without trailers; needs 5 bytes. */
  public static void putEnd(ByteBuffer out) {
    out.put(LAST);
    out.put(CRLF);
  }

  private static int digits(int size) {
    return (35 - Integer.numberOfLeadingZeros(size)) / 4;
  }
}
