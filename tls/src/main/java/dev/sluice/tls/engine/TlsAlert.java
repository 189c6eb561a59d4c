package dev.sluice.tls.engine;

/** Alert numbers (RFC 8446 6, RFC 7301 3.2) and their registered names. */
public final class TlsAlert {
  /** No alert was sent or received. */
  public static final int NONE = -1;

  public static final int CLOSE_NOTIFY = 0;
  public static final int UNEXPECTED_MESSAGE = 10;
  public static final int BAD_RECORD_MAC = 20;
  public static final int RECORD_OVERFLOW = 22;
  public static final int HANDSHAKE_FAILURE = 40;
  public static final int BAD_CERTIFICATE = 42;
  public static final int UNSUPPORTED_CERTIFICATE = 43;
  public static final int CERTIFICATE_REVOKED = 44;
  public static final int CERTIFICATE_EXPIRED = 45;
  public static final int CERTIFICATE_UNKNOWN = 46;
  public static final int ILLEGAL_PARAMETER = 47;
  public static final int UNKNOWN_CA = 48;
  public static final int DECODE_ERROR = 50;
  public static final int DECRYPT_ERROR = 51;
  public static final int PROTOCOL_VERSION = 70;
  public static final int INSUFFICIENT_SECURITY = 71;
  public static final int INTERNAL_ERROR = 80;
  public static final int USER_CANCELED = 90;
  public static final int NO_RENEGOTIATION = 100;
  public static final int MISSING_EXTENSION = 109;
  public static final int UNRECOGNIZED_NAME = 112;
  public static final int CERTIFICATE_REQUIRED = 116;
  public static final int NO_APPLICATION_PROTOCOL = 120;

  private TlsAlert() {}

  /** The registered name of an alert, {@code unknown} for a number that nobody registered. */
  public static String name(int alert) {
    return switch (alert) {
      case CLOSE_NOTIFY -> "close_notify";
      case UNEXPECTED_MESSAGE -> "unexpected_message";
      case BAD_RECORD_MAC -> "bad_record_mac";
      case 21 -> "decryption_failed";
      case RECORD_OVERFLOW -> "record_overflow";
      case 30 -> "decompression_failure";
      case HANDSHAKE_FAILURE -> "handshake_failure";
      case 41 -> "no_certificate";
      case BAD_CERTIFICATE -> "bad_certificate";
      case UNSUPPORTED_CERTIFICATE -> "unsupported_certificate";
      case CERTIFICATE_REVOKED -> "certificate_revoked";
      case CERTIFICATE_EXPIRED -> "certificate_expired";
      case CERTIFICATE_UNKNOWN -> "certificate_unknown";
      case ILLEGAL_PARAMETER -> "illegal_parameter";
      case UNKNOWN_CA -> "unknown_ca";
      case 49 -> "access_denied";
      case DECODE_ERROR -> "decode_error";
      case DECRYPT_ERROR -> "decrypt_error";
      case PROTOCOL_VERSION -> "protocol_version";
      case INSUFFICIENT_SECURITY -> "insufficient_security";
      case INTERNAL_ERROR -> "internal_error";
      case 86 -> "inappropriate_fallback";
      case USER_CANCELED -> "user_canceled";
      case NO_RENEGOTIATION -> "no_renegotiation";
      case MISSING_EXTENSION -> "missing_extension";
      case 110 -> "unsupported_extension";
      case UNRECOGNIZED_NAME -> "unrecognized_name";
      case 113 -> "bad_certificate_status_response";
      case 115 -> "unknown_psk_identity";
      case CERTIFICATE_REQUIRED -> "certificate_required";
      case NO_APPLICATION_PROTOCOL -> "no_application_protocol";
      default -> "unknown";
    };
  }

  /** Number and name as messages show them, {@code 48 unknown_ca}. */
  public static String text(int alert) {
    return alert + " " + name(alert);
  }
}
