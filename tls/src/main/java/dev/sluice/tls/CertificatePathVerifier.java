package dev.sluice.tls;

import dev.sluice.tls.engine.PeerRejection;
import dev.sluice.tls.engine.PeerVerifier;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsFailureCause;
import java.security.GeneralSecurityException;
import java.security.cert.CertPath;
import java.security.cert.CertPathValidator;
import java.security.cert.CertPathValidatorException;
import java.security.cert.CertPathValidatorException.BasicReason;
import java.security.cert.CertificateExpiredException;
import java.security.cert.CertificateFactory;
import java.security.cert.CertificateNotYetValidException;
import java.security.cert.CertificateParsingException;
import java.security.cert.PKIXParameters;
import java.security.cert.PKIXReason;
import java.security.cert.TrustAnchor;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Date;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import javax.security.auth.x500.X500Principal;
import org.jspecify.annotations.Nullable;

/**
 * Verifies a peer's chain by the JDK's PKIX rules (RFC 5280) against given authorities, then its
 * usage, then its name. Without revocation: that would block on the network. Immutable and
 * thread-safe.
 */
final class CertificatePathVerifier implements PeerVerifier {
  static final String SERVER_USE = "1.3.6.1.5.5.7.3.1";
  static final String CLIENT_USE = "1.3.6.1.5.5.7.3.2";

  private static final String ANY_USE = "2.5.29.37.0";
  private static final int DIGITAL_SIGNATURE = 0;

  private final Map<X500Principal, List<X509Certificate>> authorities = new HashMap<>();
  private final String requiredUse;
  private final Clock clock;

  /**
   * Prepares.
   *
   * @param requiredUse the extended key usage that a leaf must have, if it has any
   * @param clock what time it is for validity
   */
  CertificatePathVerifier(Collection<X509Certificate> trusted, String requiredUse, Clock clock) {
    for (X509Certificate authority : trusted) {
      authorities
          .computeIfAbsent(authority.getSubjectX500Principal(), name -> new ArrayList<>(1))
          .add(authority);
    }
    this.requiredUse = requiredUse;
    this.clock = clock;
  }

  @Override
  public @Nullable PeerRejection check(List<X509Certificate> chain, @Nullable String expectedName) {
    X509Certificate leaf = chain.get(0);
    PeerRejection rejection = isTrustedItself(leaf) ? checkDates(leaf) : checkPath(chain);
    if (rejection == null) {
      rejection = checkUse(leaf);
    }
    if (rejection == null && expectedName != null && !HostNameCheck.matches(leaf, expectedName)) {
      List<String> names = HostNameCheck.names(leaf);
      rejection =
          new PeerRejection(
              TlsFailureCause.CERTIFICATE_NAME_MISMATCH,
              TlsAlert.BAD_CERTIFICATE,
              "the certificate is for %s, not for %s"
                  .formatted(names.isEmpty() ? "no name" : names, expectedName));
    }
    return rejection;
  }

  /**
   * A certificate that was given as trusted is so without anyone's signature: the way to pin a
   * self-signed one.
   */
  private boolean isTrustedItself(X509Certificate leaf) {
    return authorities.getOrDefault(leaf.getSubjectX500Principal(), List.of()).contains(leaf);
  }

  private @Nullable PeerRejection checkDates(X509Certificate leaf) {
    try {
      leaf.checkValidity(Date.from(clock.instant()));
      return null;
    } catch (CertificateExpiredException | CertificateNotYetValidException e) {
      return expired(leaf);
    }
  }

  private @Nullable PeerRejection checkPath(List<X509Certificate> chain) {
    List<X509Certificate> path = pathToAuthority(chain);
    if (path.isEmpty()) {
      return untrusted(chain.get(0));
    }
    X500Principal authority = path.get(path.size() - 1).getIssuerX500Principal();
    Set<TrustAnchor> anchors = new HashSet<>();
    for (X509Certificate each : authorities.getOrDefault(authority, List.of())) {
      anchors.add(new TrustAnchor(each, null));
    }
    try {
      CertPath certPath = CertificateFactory.getInstance("X.509").generateCertPath(path);
      PKIXParameters parameters = new PKIXParameters(anchors);
      parameters.setRevocationEnabled(false);
      parameters.setDate(Date.from(clock.instant()));
      CertPathValidator.getInstance("PKIX").validate(certPath, parameters);
      return null;
    } catch (CertPathValidatorException e) {
      return explain(e, path);
    } catch (GeneralSecurityException e) {
      return invalid(chain.get(0), TlsAlert.BAD_CERTIFICATE, String.valueOf(e.getMessage()));
    }
  }

  /**
   * The certificates from the leaf to the one that an authority issued. Peers send chains in any
   * order and with more than is needed (RFC 8446 4.4.2), and a cross-signed authority may stand in
   * both places: the shortest way to trust wins.
   */
  private List<X509Certificate> pathToAuthority(List<X509Certificate> chain) {
    List<X509Certificate> rest = new ArrayList<>(chain.subList(1, chain.size()));
    List<X509Certificate> path = new ArrayList<>();
    X509Certificate current = chain.get(0);
    while (current != null) {
      path.add(current);
      X500Principal issuer = current.getIssuerX500Principal();
      if (authorities.containsKey(issuer)) {
        return path;
      }
      X509Certificate next = null;
      for (X509Certificate candidate : rest) {
        if (candidate.getSubjectX500Principal().equals(issuer)) {
          next = candidate;
          break;
        }
      }
      if (next != null) {
        rest.remove(next);
      }
      current = next;
    }
    return List.of();
  }

  private PeerRejection explain(CertPathValidatorException e, List<X509Certificate> path) {
    int index = e.getIndex();
    X509Certificate where = path.get(index >= 0 && index < path.size() ? index : 0);
    CertPathValidatorException.Reason reason = e.getReason();
    if (reason == BasicReason.EXPIRED || reason == BasicReason.NOT_YET_VALID) {
      return expired(where);
    }
    if (reason == PKIXReason.NO_TRUST_ANCHOR) {
      return untrusted(path.get(0));
    }
    if (reason == BasicReason.REVOKED) {
      return invalid(where, TlsAlert.CERTIFICATE_REVOKED, "is revoked");
    }
    // The anchor was found by name; a signature that none of that name fits is by someone else.
    if (index == path.size() - 1 && !isSignedByAuthority(where)) {
      return untrusted(path.get(0));
    }
    return invalid(where, TlsAlert.BAD_CERTIFICATE, "is not valid: " + e.getMessage());
  }

  private boolean isSignedByAuthority(X509Certificate certificate) {
    X500Principal issuer = certificate.getIssuerX500Principal();
    for (X509Certificate authority : authorities.getOrDefault(issuer, List.of())) {
      if (isSignedBy(certificate, authority)) {
        return true;
      }
    }
    return false;
  }

  /** False does not end the search: there may be another authority of the same name. */
  private static boolean isSignedBy(X509Certificate certificate, X509Certificate authority) {
    try {
      certificate.verify(authority.getPublicKey());
      return true;
    } catch (GeneralSecurityException e) {
      return false;
    }
  }

  /**
   * RFC 5280 4.2.1.3, 4.2.1.12; all handshakes here sign, none encrypts with the certificate's key.
   */
  private @Nullable PeerRejection checkUse(X509Certificate leaf) {
    boolean[] keyUsage = leaf.getKeyUsage();
    if (keyUsage != null && !keyUsage[DIGITAL_SIGNATURE]) {
      return invalid(
          leaf, TlsAlert.UNSUPPORTED_CERTIFICATE, "must not be used for signing (key usage)");
    }
    try {
      List<String> uses = leaf.getExtendedKeyUsage();
      if (uses == null || uses.contains(requiredUse) || uses.contains(ANY_USE)) {
        return null;
      }
      String role = requiredUse.equals(SERVER_USE) ? "a TLS server" : "a TLS client";
      return invalid(
          leaf,
          TlsAlert.UNSUPPORTED_CERTIFICATE,
          "is not made for " + role + " (extended key usage)");
    } catch (CertificateParsingException e) {
      return invalid(
          leaf, TlsAlert.BAD_CERTIFICATE, "has an extended key usage that can't be read");
    }
  }

  private PeerRejection expired(X509Certificate where) {
    return new PeerRejection(
        TlsFailureCause.CERTIFICATE_EXPIRED,
        TlsAlert.CERTIFICATE_EXPIRED,
        "the certificate of %s is valid from %s to %s, now it is %s"
            .formatted(
                name(where),
                where.getNotBefore().toInstant(),
                where.getNotAfter().toInstant(),
                clock.instant()));
  }

  private static PeerRejection untrusted(X509Certificate leaf) {
    return new PeerRejection(
        TlsFailureCause.CERTIFICATE_UNTRUSTED,
        TlsAlert.UNKNOWN_CA,
        "no trusted authority stands behind the certificate of %s (issued by %s)"
            .formatted(name(leaf), leaf.getIssuerX500Principal().getName()));
  }

  private static PeerRejection invalid(X509Certificate where, int alert, String what) {
    return new PeerRejection(
        TlsFailureCause.CERTIFICATE_INVALID,
        alert,
        "the certificate of " + name(where) + " " + what);
  }

  private static String name(X509Certificate certificate) {
    return certificate.getSubjectX500Principal().getName();
  }
}
