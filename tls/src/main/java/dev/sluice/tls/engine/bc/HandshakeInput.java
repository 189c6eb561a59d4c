package dev.sluice.tls.engine.bc;

import java.nio.ByteBuffer;
import java.util.Arrays;
import org.bouncycastle.tls.TlsUtils;

/**
 * Whole records waiting for a handshake step. They are copied out of the caller's buffer because
 * the step may run on another thread, while the caller's buffer stays with its loop; the copy also
 * takes what came glued to the last flight.
 */
final class HandshakeInput {
  private byte[] records = TlsUtils.EMPTY_BYTES;
  private int start;
  private int end;

  boolean isEmpty() {
    return start == end;
  }

  /** Appends the next {@code length} bytes of the wire. */
  void take(ByteBuffer wire, int length) {
    if (records.length - end < length) {
      records =
          Arrays.copyOf(records, Math.max(end + length, Math.min(2 * records.length, 64 * 1024)));
    }
    wire.get(records, end, length);
    end += length;
  }

  byte[] array() {
    return records;
  }

  int position() {
    return start;
  }

  /** Drops the first record; the array goes when it was the last. */
  void consumed(int length) {
    start += length;
    assert start <= end;
    if (start == end) {
      records = TlsUtils.EMPTY_BYTES;
      start = 0;
      end = 0;
    }
  }
}
