package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsEngine;

/**
 * Early data that a client sends although this server takes none (RFC 8446 4.2.10): its records
 * can't be opened and are passed over, up to a bound, until one can. A client does so that has its
 * ticket from another server of the same name. Confined to its connection.
 */
final class EarlyData {
  /** What servers that take early data allow, as a rule, and its overhead. */
  private static final int BYTES_MAX = TlsEngine.RECORD_BYTES_MAX;

  private int bytesLeft;

  /** The client's hello says that early data follows it. */
  void offered() {
    bytesLeft = BYTES_MAX;
  }

  /** There is none, or no more. */
  void over() {
    bytesLeft = 0;
  }

  /** Whether records that can't be opened are still passed over. */
  boolean expected() {
    return bytesLeft > 0;
  }

  /** Whether a record that can't be opened may be passed over; counts it. */
  boolean skip(int fragmentBytes) {
    if (bytesLeft < fragmentBytes) {
      over();
      return false;
    }
    bytesLeft -= fragmentBytes;
    return bytesLeft > 0;
  }
}
