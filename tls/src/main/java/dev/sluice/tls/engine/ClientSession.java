package dev.sluice.tls.engine;

import java.security.cert.X509Certificate;
import java.util.List;

/** A session that a client may resume. Immutable; the arrays are not to be changed. */
public final class ClientSession {
  private final TlsVersion version;
  private final TlsCipherSuite suite;
  private final byte[] secret;
  private final byte[] id;
  private final byte[] ticket;
  private final List<X509Certificate> peerCertificates;
  private final long authenticatedAtMillis;
  private final long expiresAtMillis;

  /**
   * Notes a session.
   *
   * @param version the version that it was made with, the only one that it can be resumed with
   * @param suite its suite
   * @param secret the pre-shared key of TLS 1.3, the master secret of TLS 1.2
   * @param id the session's id, empty if it has a ticket
   * @param ticket the server's ticket, empty if it has an id
   * @param peerCertificates what the server showed in the full handshake
   * @param authenticatedAtMillis when that was
   * @param expiresAtMillis when it ends, which is also the end of the server's certificate
   */
  public ClientSession(
      TlsVersion version,
      TlsCipherSuite suite,
      byte[] secret,
      byte[] id,
      byte[] ticket,
      List<X509Certificate> peerCertificates,
      long authenticatedAtMillis,
      long expiresAtMillis) {
    this.version = version;
    this.suite = suite;
    this.secret = secret;
    this.id = id;
    this.ticket = ticket;
    this.peerCertificates = List.copyOf(peerCertificates);
    this.authenticatedAtMillis = authenticatedAtMillis;
    this.expiresAtMillis = expiresAtMillis;
  }

  /** The version that it was made with. */
  public TlsVersion version() {
    return version;
  }

  /** The suite that it was made with. */
  public TlsCipherSuite suite() {
    return suite;
  }

  /** The pre-shared key of TLS 1.3, the master secret of TLS 1.2. */
  public byte[] secret() {
    return secret;
  }

  /** The session's id, empty if it has a ticket. */
  public byte[] id() {
    return id;
  }

  /** The server's ticket, empty if it has an id. */
  public byte[] ticket() {
    return ticket;
  }

  /** What the server showed in the full handshake, leaf first. */
  public List<X509Certificate> peerCertificates() {
    return peerCertificates;
  }

  /** When the server was last authenticated by its certificate. */
  public long authenticatedAtMillis() {
    return authenticatedAtMillis;
  }

  /** When it must no longer be offered. */
  public long expiresAtMillis() {
    return expiresAtMillis;
  }
}
