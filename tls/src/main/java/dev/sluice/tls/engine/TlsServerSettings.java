package dev.sluice.tls.engine;

import java.security.SecureRandom;
import java.util.List;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * What server engines of one configuration have in common.
 *
 * @param protocol versions, suites, groups and limits
 * @param identities all identities that the selector can return
 * @param selector chooses among them by the client's SNI
 * @param applicationProtocols the ALPN protocols, the preferred first; empty to take no part in
 *     ALPN
 * @param continueWithoutCommonProtocol whether a client whose ALPN offer holds none of ours is
 *     served without a protocol, instead of being sent alert 120
 * @param clientAuthentication whether clients are asked for a certificate
 * @param clientVerifier decides on a client's certificates; null only where none are asked for
 * @param clientAuthorities the names sent with the request as a hint, may be empty
 * @param tickets makes and reads the tickets of sessions, null to resume none; belongs to these
 *     settings alone, since what it opens was accepted under them
 * @param random the source of all randomness; thread-safe
 */
public record TlsServerSettings(
    TlsProtocolSettings protocol,
    List<TlsIdentity> identities,
    IdentitySelector selector,
    List<String> applicationProtocols,
    boolean continueWithoutCommonProtocol,
    ClientAuthentication clientAuthentication,
    @Nullable PeerVerifier clientVerifier,
    List<X500Principal> clientAuthorities,
    @Nullable TicketSealer tickets,
    SecureRandom random) {
  /** What a server wants of its clients. */
  public enum ClientAuthentication {
    /** Not asked for. */
    NONE,
    /** Asked for, but a client without one is served. */
    OPTIONAL,
    /** A client without one is refused. */
    REQUIRED
  }

  public TlsServerSettings {
    identities = List.copyOf(identities);
    applicationProtocols = List.copyOf(applicationProtocols);
    clientAuthorities = List.copyOf(clientAuthorities);
    if (identities.isEmpty()) {
      throw new IllegalArgumentException("a TLS server needs at least one certificate");
    }
    if (clientAuthentication != ClientAuthentication.NONE && clientVerifier == null) {
      throw new IllegalArgumentException(
          "client certificates are asked for, but nothing says which to trust");
    }
  }
}
