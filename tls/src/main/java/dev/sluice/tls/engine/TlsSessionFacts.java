package dev.sluice.tls.engine;

import java.security.cert.X509Certificate;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a handshake agreed. Immutable, so that it can be kept beyond the connection.
 *
 * @param version the negotiated version
 * @param suite the negotiated suite
 * @param group the key exchange group, null where it is not known (TLS 1.2, client side)
 * @param serverName the name that the client asked for (SNI), null if it sent none
 * @param applicationProtocol the protocol that ALPN agreed on, null if none
 * @param peerCertificates the peer's chain, leaf first; empty if it showed none
 * @param resumed whether an earlier session was resumed
 */
public record TlsSessionFacts(
    TlsVersion version,
    TlsCipherSuite suite,
    @Nullable TlsGroup group,
    @Nullable String serverName,
    @Nullable String applicationProtocol,
    List<X509Certificate> peerCertificates,
    boolean resumed) {
  public TlsSessionFacts {
    peerCertificates = List.copyOf(peerCertificates);
  }
}
