package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsRole;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Tells TLS from what else arrives at a TLS port, from the first bytes that are there. */
final class FirstBytes {
  private static final int HANDSHAKE = 22;
  private static final int ALERT = 21;
  private static final int MAJOR_VERSION = 3;
  private static final byte[][] HTTP_REQUESTS = {
    ascii("GET "),
    ascii("HEAD "),
    ascii("POST "),
    ascii("PUT "),
    ascii("DELETE "),
    ascii("OPTIONS "),
    ascii("CONNECT "),
    ascii("TRACE "),
    ascii("PATCH "),
    ascii("PRI * HTTP/2")
  };
  private static final byte[] HTTP_RESPONSE = ascii("HTTP/");

  private FirstBytes() {}

  /**
   * Looks at what a connection begins with.
   *
   * @return null if it may be TLS, else what it is instead
   */
  static @Nullable TlsFailureCause refused(TlsRole role, ByteBuffer wire) {
    int first = wire.get(wire.position()) & 0xFF;
    boolean tls = first == HANDSHAKE || (first == ALERT && role == TlsRole.CLIENT);
    if (tls) {
      boolean version = wire.remaining() < 2 || wire.get(wire.position() + 1) == MAJOR_VERSION;
      return version ? null : TlsFailureCause.NOT_TLS;
    }
    return isHttp(role, wire) ? TlsFailureCause.PLAIN_HTTP : TlsFailureCause.NOT_TLS;
  }

  private static boolean isHttp(TlsRole role, ByteBuffer wire) {
    if (role == TlsRole.CLIENT) {
      return agree(wire, HTTP_RESPONSE);
    }
    for (byte[] request : HTTP_REQUESTS) {
      if (agree(wire, request)) {
        return true;
      }
    }
    return false;
  }

  private static boolean agree(ByteBuffer wire, byte[] expected) {
    int length = Math.min(wire.remaining(), expected.length);
    for (int i = 0; i < length; i++) {
      if (wire.get(wire.position() + i) != expected[i]) {
        return false;
      }
    }
    return true;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
