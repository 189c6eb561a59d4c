package dev.sluice.tls.engine;

/**
 * Why a peer's certificates were refused.
 *
 * @param cause the cause that the connection fails with
 * @param alert the alert that the peer is sent (RFC 8446 6.2)
 * @param message one sentence that names the certificate and what is wrong with it
 */
public record PeerRejection(TlsFailureCause cause, int alert, String message) {}
