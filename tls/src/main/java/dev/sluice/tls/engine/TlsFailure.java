package dev.sluice.tls.engine;

/**
 * What went wrong, as a value.
 *
 * @param cause why, in one word
 * @param alertSent the number of the fatal alert that this end sends, or {@link TlsAlert#NONE}
 * @param alertReceived the number of the alert that the peer sent, or {@link TlsAlert#NONE}
 * @param message one sentence for a log; it names the alert where there is one
 */
public record TlsFailure(TlsFailureCause cause, int alertSent, int alertReceived, String message) {
  /** A failure without any alert on the wire. */
  public static TlsFailure silent(TlsFailureCause cause, String message) {
    return new TlsFailure(cause, TlsAlert.NONE, TlsAlert.NONE, message);
  }
}
