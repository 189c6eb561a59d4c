package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsFailure;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsRole;
import org.bouncycastle.tls.TlsFatalAlert;
import org.jspecify.annotations.Nullable;

/** From what BouncyCastle told and threw to a failure: the one place where alerts become causes. */
final class Failures {
  private Failures() {}

  /**
   * Explains a failure.
   *
   * @param role this end
   * @param handshaking whether it happened before the handshake was done
   * @param thrown what BouncyCastle threw, null if this end failed it by itself
   */
  static TlsFailure explain(
      TlsRole role, boolean handshaking, EngineEvents events, @Nullable Throwable thrown) {
    int sent = events.alertSent();
    int received = events.alertReceived();
    String peer = role == TlsRole.CLIENT ? "server" : "client";
    TlsFailureCause known = events.cause();
    if (known != null) {
      String suffix = sent == TlsAlert.NONE ? "" : "; sent alert " + TlsAlert.text(sent);
      return new TlsFailure(known, sent, received, events.detail() + suffix);
    }
    boolean peerGaveUp = received != TlsAlert.NONE && received != TlsAlert.NO_RENEGOTIATION;
    if (peerGaveUp) {
      return new TlsFailure(
          causeOfReceived(received, handshaking),
          sent,
          received,
          peer + " sent alert " + TlsAlert.text(received));
    }
    String what = describe(thrown);
    return new TlsFailure(
        causeOfSent(sent, handshaking),
        sent,
        received,
        what + "; sent the " + peer + " alert " + TlsAlert.text(sent));
  }

  private static String describe(@Nullable Throwable thrown) {
    if (thrown == null) {
      return "TLS failed";
    }
    // BouncyCastle's own text is only the alert again; what lies behind it tells more.
    Throwable cause = thrown.getCause() == null ? thrown : thrown.getCause();
    return cause instanceof TlsFatalAlert ? String.valueOf(cause.getMessage()) : cause.toString();
  }

  private static TlsFailureCause causeOfReceived(int alert, boolean handshaking) {
    return switch (alert) {
      case TlsAlert.NO_APPLICATION_PROTOCOL -> TlsFailureCause.NO_COMMON_PROTOCOL;
      case TlsAlert.CLOSE_NOTIFY, TlsAlert.USER_CANCELED ->
          handshaking ? TlsFailureCause.CLOSED_IN_HANDSHAKE : TlsFailureCause.PEER_ALERT;
      default -> TlsFailureCause.PEER_ALERT;
    };
  }

  private static TlsFailureCause causeOfSent(int alert, boolean handshaking) {
    return switch (alert) {
      case TlsAlert.PROTOCOL_VERSION -> TlsFailureCause.NO_COMMON_VERSION;
      case TlsAlert.HANDSHAKE_FAILURE, TlsAlert.INSUFFICIENT_SECURITY ->
          handshaking ? TlsFailureCause.NO_COMMON_PARAMETERS : TlsFailureCause.PROTOCOL_VIOLATION;
      case TlsAlert.NO_APPLICATION_PROTOCOL -> TlsFailureCause.NO_COMMON_PROTOCOL;
      case TlsAlert.BAD_RECORD_MAC -> TlsFailureCause.BAD_RECORD;
      case TlsAlert.BAD_CERTIFICATE,
          TlsAlert.UNSUPPORTED_CERTIFICATE,
          TlsAlert.CERTIFICATE_EXPIRED,
          TlsAlert.CERTIFICATE_REVOKED,
          TlsAlert.CERTIFICATE_UNKNOWN,
          TlsAlert.UNKNOWN_CA ->
          TlsFailureCause.CERTIFICATE_INVALID;
      case TlsAlert.INTERNAL_ERROR, TlsAlert.NONE -> TlsFailureCause.INTERNAL;
      default -> TlsFailureCause.PROTOCOL_VIOLATION;
    };
  }
}
