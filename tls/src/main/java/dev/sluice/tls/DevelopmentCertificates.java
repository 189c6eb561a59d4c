package dev.sluice.tls;

import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.bc.CertificateMaker;
import dev.sluice.tls.engine.bc.CertificateMaker.Purpose;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.security.spec.ECGenParameterSpec;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * An authority that lives in memory and signs certificates for development, demonstrations and
 * tests. Its key is gone with the object, so nobody else can sign with it.
 *
 * <pre>{@code
 * DevelopmentCertificates authority = DevelopmentCertificates.create();
 * TlsIdentity server = authority.server(DevelopmentCertificates.KeyType.ECDSA_P256, "localhost", "127.0.0.1");
 * TlsTrust trust = TlsTrust.of(authority.certificate());
 * }</pre>
 */
public final class DevelopmentCertificates {
  /** The kind of key that a certificate gets. */
  public enum KeyType {
    /** RSA, 2048 bits. */
    RSA_2048("RSA"),
    /** ECDSA on P-256. */
    ECDSA_P256("EC"),
    /** ECDSA on P-384. */
    ECDSA_P384("EC"),
    /** Ed25519. */
    ED25519("Ed25519");

    private final String algorithm;

    KeyType(String algorithm) {
      this.algorithm = algorithm;
    }
  }

  /** How long before now a certificate begins to be valid: clocks differ. */
  private static final Duration BACKDATED = Duration.ofHours(1);

  private static final Duration VALID = Duration.ofDays(30);

  private final KeyPair authorityKey;
  private final X509Certificate authority;
  private final SecureRandom random;
  private final Instant now;

  private DevelopmentCertificates(Instant now, SecureRandom random, KeyType kind, String name) {
    this.now = now;
    this.random = random;
    this.authorityKey = keyPair(kind);
    this.authority =
        make(
            name,
            authorityKey,
            Purpose.AUTHORITY,
            List.of(),
            now.minus(BACKDATED),
            now.plus(VALID),
            true);
  }

  /** A new authority with an ECDSA key, valid for thirty days from now. */
  public static DevelopmentCertificates create() {
    return create(Instant.now(), new SecureRandom(), KeyType.ECDSA_P256);
  }

  /** A new authority, valid for thirty days from the given instant. */
  public static DevelopmentCertificates create(Instant now, SecureRandom random, KeyType kind) {
    return new DevelopmentCertificates(now, random, kind, "Sluice development CA");
  }

  /** The authority's certificate, for those who shall trust it. */
  public X509Certificate certificate() {
    return authority;
  }

  /**
   * A server's key and certificate.
   *
   * @param names DNS names ({@code *.} allowed) and address literals; at least one
   */
  public TlsIdentity server(KeyType kind, String... names) {
    return leaf(
        kind, Purpose.SERVER, names[0], List.of(names), now.minus(BACKDATED), now.plus(VALID));
  }

  /** A client's key and certificate. */
  public TlsIdentity client(KeyType kind, String name) {
    return leaf(kind, Purpose.CLIENT, name, List.of(), now.minus(BACKDATED), now.plus(VALID));
  }

  /**
   * A server's key and certificate for a given span of time, which may lie in the past or in the
   * future.
   */
  public TlsIdentity server(KeyType kind, Instant notBefore, Instant notAfter, String... names) {
    return leaf(kind, Purpose.SERVER, names[0], List.of(names), notBefore, notAfter);
  }

  private TlsIdentity leaf(
      KeyType kind,
      Purpose purpose,
      String subject,
      List<String> names,
      Instant notBefore,
      Instant notAfter) {
    KeyPair pair = keyPair(kind);
    X509Certificate certificate = make(subject, pair, purpose, names, notBefore, notAfter, false);
    return TlsIdentity.of(List.of(certificate), pair.getPrivate());
  }

  private X509Certificate make(
      String subject,
      KeyPair pair,
      Purpose purpose,
      List<String> names,
      Instant notBefore,
      Instant notAfter,
      boolean selfSigned) {
    try {
      return CertificateMaker.make(
          subject,
          pair.getPublic(),
          purpose,
          names,
          notBefore,
          notAfter,
          selfSigned ? null : authority,
          authorityKey.getPrivate(),
          random);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("a certificate can't be made", e);
    }
  }

  private KeyPair keyPair(KeyType kind) {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(kind.algorithm);
      switch (kind) {
        case RSA_2048 -> generator.initialize(2048, random);
        case ECDSA_P256 -> generator.initialize(new ECGenParameterSpec("secp256r1"), random);
        case ECDSA_P384 -> generator.initialize(new ECGenParameterSpec("secp384r1"), random);
        case ED25519 -> generator.initialize(255, random);
      }
      return generator.generateKeyPair();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(kind + " keys can't be made on this JDK", e);
    }
  }
}
