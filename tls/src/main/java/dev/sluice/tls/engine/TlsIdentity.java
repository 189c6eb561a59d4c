package dev.sluice.tls.engine;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.cert.X509Certificate;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.EdECPublicKey;
import java.security.interfaces.RSAPublicKey;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A certificate chain with the private key of its leaf: what one end shows of itself. Immutable.
 */
public final class TlsIdentity {
  /**
   * What kind of key a leaf has, which decides the signature algorithms and, in TLS 1.2, the
   * suites.
   */
  public enum KeyKind {
    /** RSA of at least 2048 bits. */
    RSA,
    /** ECDSA on P-256. */
    ECDSA_P256,
    /** ECDSA on P-384. */
    ECDSA_P384,
    /** Ed25519 (RFC 8032). */
    ED25519
  }

  private static final int RSA_BITS_MIN = 2048;
  private static final byte[] PROBE = {'s', 'l', 'u', 'i', 'c', 'e'};

  private final List<X509Certificate> chain;
  private final PrivateKey privateKey;
  private final KeyKind keyKind;

  private TlsIdentity(List<X509Certificate> chain, PrivateKey privateKey, KeyKind keyKind) {
    this.chain = chain;
    this.privateKey = privateKey;
    this.keyKind = keyKind;
  }

  /**
   * Puts a chain and a key together.
   *
   * @param chain leaf first, then the intermediates; a root may be left out
   * @param privateKey the key of the leaf; one that can't be read out, such as a key in a hardware
   *     module, signs by the provider that it is of, within a step of the handshake
   * @throws IllegalArgumentException if the chain is empty, the key is of a kind that the engine
   *     does not speak, or it does not belong to the leaf; the message says which and what would be
   *     right
   */
  public static TlsIdentity of(List<X509Certificate> chain, PrivateKey privateKey) {
    if (chain.isEmpty()) {
      throw new IllegalArgumentException(
          "the certificate chain is empty; it must hold the leaf first");
    }
    X509Certificate leaf = chain.get(0);
    String subject = leaf.getSubjectX500Principal().getName();
    KeyKind kind = kindOf(leaf.getPublicKey());
    if (kind == null) {
      throw new IllegalArgumentException(
          "certificate '%s' has a %s key; usable are RSA from %d bits, ECDSA on P-256 or P-384, and Ed25519"
              .formatted(subject, describe(leaf.getPublicKey()), RSA_BITS_MIN));
    }
    if (!belongTogether(kind, leaf.getPublicKey(), privateKey)) {
      throw new IllegalArgumentException(
          "the private key does not belong to certificate '%s' (serial %s): the key must be the one that the first "
                  .formatted(subject, leaf.getSerialNumber().toString(16))
              + "certificate of the chain was made for");
    }
    return new TlsIdentity(List.copyOf(chain), privateKey, kind);
  }

  /** The chain, leaf first. */
  public List<X509Certificate> chain() {
    return chain;
  }

  /** The certificate that the key belongs to. */
  public X509Certificate leaf() {
    return chain.get(0);
  }

  /** The leaf's private key. */
  public PrivateKey privateKey() {
    return privateKey;
  }

  /** What kind of key it is. */
  public KeyKind keyKind() {
    return keyKind;
  }

  /** The kind of a public key, null if the engine does not speak it. */
  public static @Nullable KeyKind kindOf(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return rsa.getModulus().bitLength() >= RSA_BITS_MIN && "RSA".equals(key.getAlgorithm())
          ? KeyKind.RSA
          : null;
    }
    if (key instanceof ECPublicKey ec) {
      return switch (ec.getParams().toString().split(" ", 2)[0]) {
        case "secp256r1" -> KeyKind.ECDSA_P256;
        case "secp384r1" -> KeyKind.ECDSA_P384;
        default -> null;
      };
    }
    if (key instanceof EdECPublicKey ed) {
      return "Ed25519".equals(ed.getParams().getName()) ? KeyKind.ED25519 : null;
    }
    return null;
  }

  private static String describe(PublicKey key) {
    if (key instanceof RSAPublicKey rsa) {
      return rsa.getModulus().bitLength() + " bit " + key.getAlgorithm();
    }
    return key instanceof ECPublicKey ec ? "EC (" + ec.getParams() + ")" : key.getAlgorithm();
  }

  /**
   * A signature made by the one and checked by the other is the only test that works for every kind
   * of key alike.
   */
  private static boolean belongTogether(KeyKind kind, PublicKey publicKey, PrivateKey privateKey) {
    String algorithm =
        switch (kind) {
          case RSA -> "SHA256withRSA";
          case ECDSA_P256, ECDSA_P384 -> "SHA256withECDSA";
          case ED25519 -> "Ed25519";
        };
    try {
      Signature signer = Signature.getInstance(algorithm);
      signer.initSign(privateKey);
      signer.update(PROBE);
      byte[] signature = signer.sign();
      Signature verifier = Signature.getInstance(algorithm);
      verifier.initVerify(publicKey);
      verifier.update(PROBE);
      return verifier.verify(signature);
    } catch (GeneralSecurityException e) {
      // A key of another algorithm than the certificate's ends here: it does not match either.
      return false;
    }
  }

  @Override
  public String toString() {
    return "TlsIdentity[" + leaf().getSubjectX500Principal().getName() + ", " + keyKind + "]";
  }
}
