package dev.sluice.tls;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsFailure;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsRole;

/** The engine's failures in the core's causes: the one place where they meet. */
final class TlsFailures {
  private TlsFailures() {}

  /** Why an engine failed, as its connection reports it. */
  static Failure failure(TlsEngine engine, boolean handshaking) {
    TlsFailure why = engine.failure();
    if (why == null) {
      return new Failure(CloseCause.INTERNAL_ERROR, "TLS failed without a reason");
    }
    return new Failure(cause(why.cause(), engine.role(), handshaking), why.message());
  }

  private static CloseCause cause(TlsFailureCause cause, TlsRole role, boolean handshaking) {
    return switch (cause) {
      case PLAIN_HTTP ->
          role == TlsRole.SERVER ? CloseCause.PLAIN_HTTP_TO_TLS : CloseCause.HANDSHAKE_FAILED;
      case NO_COMMON_PROTOCOL -> CloseCause.NO_COMMON_PROTOCOL;
      case PROTOCOL_NOT_OFFERED -> CloseCause.PROTOCOL_NOT_OFFERED;
      case CLOSED_IN_HANDSHAKE -> CloseCause.HANDSHAKE_CLOSED;
      case TRUNCATED -> CloseCause.TRUNCATED;
      case INTERNAL -> CloseCause.INTERNAL_ERROR;
      case NOT_TLS,
          HELLO_TOO_LARGE,
          HANDSHAKE_TOO_LARGE,
          NO_COMMON_VERSION,
          NO_COMMON_PARAMETERS,
          UNKNOWN_SERVER_NAME,
          CERTIFICATE_EXPIRED,
          CERTIFICATE_UNTRUSTED,
          CERTIFICATE_NAME_MISMATCH,
          CERTIFICATE_INVALID,
          CERTIFICATE_MISSING ->
          CloseCause.HANDSHAKE_FAILED;
      case PEER_ALERT, BAD_RECORD, PROTOCOL_VIOLATION ->
          handshaking ? CloseCause.HANDSHAKE_FAILED : broken(role);
    };
  }

  private static CloseCause broken(TlsRole role) {
    return role == TlsRole.SERVER ? CloseCause.CLIENT_ABORT : CloseCause.SERVER_ABORT;
  }
}
