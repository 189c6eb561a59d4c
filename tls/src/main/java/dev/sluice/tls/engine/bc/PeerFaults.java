package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsFailureCause;
import java.io.EOFException;
import org.bouncycastle.tls.AlertDescription;
import org.jspecify.annotations.Nullable;

/**
 * Tells a peer that goes beyond a limit from a fault of our own: BouncyCastle says internal_error
 * to both, which would blame the wrong end.
 */
final class PeerFaults {
  private static final String LONG_MESSAGE = "exceeds the maximum";
  private static final String LONG_CHAIN = "Certificate chain longer than maximum";

  private PeerFaults() {}

  /** The alert that is right for what BouncyCastle threw; the reason is noted. */
  static short alert(short alert, @Nullable Throwable cause, EngineEvents events) {
    if (alert != AlertDescription.internal_error || cause == null) {
      return alert;
    }
    if (cause instanceof EOFException) {
      // Messages are parsed from memory: the end of input is the end of a message.
      return AlertDescription.decode_error;
    }
    String message = String.valueOf(cause.getMessage());
    if (message.contains(LONG_CHAIN)) {
      events.reason(TlsFailureCause.CERTIFICATE_INVALID, message);
      return AlertDescription.bad_certificate;
    }
    if (message.contains(LONG_MESSAGE)) {
      events.reason(TlsFailureCause.HANDSHAKE_TOO_LARGE, message);
      return AlertDescription.illegal_parameter;
    }
    return alert;
  }
}
