package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsFailureCause;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/**
 * Tells a peer that goes beyond a limit from a fault of our own: BouncyCastle says internal_error
 * to both, which would blame the wrong end.
 */
final class PeerExcess {
  private static final String LONG_MESSAGE = "exceeds the maximum";
  private static final String LONG_CHAIN = "Certificate chain longer than maximum";

  private PeerExcess() {}

  /** The alert that is right for what BouncyCastle threw; the reason is noted. */
  static short alert(short alert, @Nullable Throwable cause, EngineEvents events) {
    if (alert != AlertDescription.internal_error || !(cause instanceof TlsFatalAlert)) {
      return alert;
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
