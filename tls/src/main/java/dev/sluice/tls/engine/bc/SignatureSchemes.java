package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsIdentity;
import java.util.List;
import java.util.Vector;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.jspecify.annotations.Nullable;

/** Which signature algorithms are offered, and which one a key signs with. */
final class SignatureSchemes {
  /**
   * Offered by clients and asked of client certificates, the preferred first; no SHA-1, no DSA, no
   * weak curve.
   */
  private static final int[] OFFERED = {
    SignatureScheme.ecdsa_secp256r1_sha256,
    SignatureScheme.ed25519,
    SignatureScheme.rsa_pss_rsae_sha256,
    SignatureScheme.ecdsa_secp384r1_sha384,
    SignatureScheme.rsa_pss_rsae_sha384,
    SignatureScheme.rsa_pss_rsae_sha512,
    SignatureScheme.ecdsa_secp521r1_sha512,
    // For certificates, and in TLS 1.2 for handshakes too.
    SignatureScheme.rsa_pkcs1_sha256,
    SignatureScheme.rsa_pkcs1_sha384,
    SignatureScheme.rsa_pkcs1_sha512,
  };

  private static final List<Integer> RSA_13 =
      List.of(
          SignatureScheme.rsa_pss_rsae_sha256,
          SignatureScheme.rsa_pss_rsae_sha384,
          SignatureScheme.rsa_pss_rsae_sha512);
  private static final List<Integer> RSA_12 =
      List.of(
          SignatureScheme.rsa_pss_rsae_sha256,
          SignatureScheme.rsa_pss_rsae_sha384,
          SignatureScheme.rsa_pss_rsae_sha512,
          SignatureScheme.rsa_pkcs1_sha256,
          SignatureScheme.rsa_pkcs1_sha384,
          SignatureScheme.rsa_pkcs1_sha512);
  private static final List<Integer> P256 = List.of(SignatureScheme.ecdsa_secp256r1_sha256);
  private static final List<Integer> P384 = List.of(SignatureScheme.ecdsa_secp384r1_sha384);
  private static final List<Integer> ED25519 = List.of(SignatureScheme.ed25519);

  private SignatureSchemes() {}

  /** All that this end can verify, in BouncyCastle's form. */
  @SuppressWarnings("JdkObsolete") // BouncyCastle's interface
  static Vector<SignatureAndHashAlgorithm> offered() {
    Vector<SignatureAndHashAlgorithm> offered = new Vector<>(OFFERED.length);
    for (int scheme : OFFERED) {
      offered.add(SignatureScheme.getSignatureAndHashAlgorithm(scheme));
    }
    return offered;
  }

  /**
   * The algorithm that a key signs with.
   *
   * @param peerAccepts what the peer said it can verify, null if it said nothing: that would mean
   *     SHA-1, which is refused
   * @return null if there is none
   */
  @SuppressWarnings("JdkObsolete") // BouncyCastle's interface
  static @Nullable SignatureAndHashAlgorithm choose(
      TlsIdentity.KeyKind key, boolean tls13, @Nullable Vector<?> peerAccepts) {
    if (peerAccepts == null) {
      return null;
    }
    List<Integer> usable =
        switch (key) {
          case RSA -> tls13 ? RSA_13 : RSA_12;
          case ECDSA_P256 -> P256;
          case ECDSA_P384 -> P384;
          case ED25519 -> ED25519;
        };
    for (int scheme : usable) {
      SignatureAndHashAlgorithm algorithm = SignatureScheme.getSignatureAndHashAlgorithm(scheme);
      if (peerAccepts.contains(algorithm)) {
        return algorithm;
      }
    }
    return null;
  }
}
