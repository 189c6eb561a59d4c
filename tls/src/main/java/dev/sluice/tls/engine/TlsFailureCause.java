package dev.sluice.tls.engine;

/** Why a TLS connection failed, from this end's point of view. */
public enum TlsFailureCause {
  /** The first bytes are no TLS record. */
  NOT_TLS,
  /** The first bytes are an HTTP request in the clear: someone speaks plain HTTP to a TLS port. */
  PLAIN_HTTP,
  /** The ClientHello is longer than the limit. */
  HELLO_TOO_LARGE,
  /** A handshake message, or all of them together, is longer than the limit. */
  HANDSHAKE_TOO_LARGE,
  /** Both ends have no protocol version in common. */
  NO_COMMON_VERSION,
  /** Both ends have no suite, group or signature algorithm in common. */
  NO_COMMON_PARAMETERS,
  /** Both ends have no application protocol in common (alert 120, sent or received). */
  NO_COMMON_PROTOCOL,
  /** The server chose an application protocol that was not offered. */
  PROTOCOL_NOT_OFFERED,
  /** The client asked for a name that this server has no certificate for, and strict SNI is on. */
  UNKNOWN_SERVER_NAME,
  /** The peer's certificate is expired or not yet valid. */
  CERTIFICATE_EXPIRED,
  /** No trusted authority stands behind the peer's certificate. */
  CERTIFICATE_UNTRUSTED,
  /** The server's certificate is for another name. */
  CERTIFICATE_NAME_MISMATCH,
  /** The peer's certificate is malformed, badly signed or made for another usage. */
  CERTIFICATE_INVALID,
  /** The peer has to show a certificate and has none. */
  CERTIFICATE_MISSING,
  /** The peer sent a fatal alert; the failure carries its number. */
  PEER_ALERT,
  /** A record did not authenticate: it was changed or cut on the way. */
  BAD_RECORD,
  /** The peer broke the protocol in another way; the failure carries the alert that it was sent. */
  PROTOCOL_VIOLATION,
  /** The peer ended the connection before the handshake was done. */
  CLOSED_IN_HANDSHAKE,
  /** The transport ended without the peer's close_notify: bytes may be missing (RFC 8446 6.1). */
  TRUNCATED,
  /** A fault of this end. */
  INTERNAL
}
