package dev.sluice.tls.engine.bc;

import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.MGF1ParameterSpec;
import java.security.spec.PSSParameterSpec;
import org.bouncycastle.tls.SignatureScheme;
import org.jspecify.annotations.Nullable;

/**
 * Signature schemes of TLS (RFC 8446 4.2.3) in the JDK's words. Which provider a signature is of is
 * decided by the key, so that a key in a hardware module finds its own; therefore parameters are
 * set only when it has the key.
 */
final class JcaSignatures {
  private JcaSignatures() {}

  /** A signature to be made. */
  static Signature signing(int scheme, PrivateKey key, SecureRandom random)
      throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm(scheme));
    signature.initSign(key, random);
    return withParameters(signature, scheme);
  }

  /** A signature to be checked. */
  static Signature verifying(int scheme, PublicKey key) throws GeneralSecurityException {
    Signature signature = Signature.getInstance(algorithm(scheme));
    signature.initVerify(key);
    return withParameters(signature, scheme);
  }

  private static String algorithm(int scheme) throws GeneralSecurityException {
    return switch (scheme) {
      case SignatureScheme.ecdsa_secp256r1_sha256 -> "SHA256withECDSA";
      case SignatureScheme.ecdsa_secp384r1_sha384 -> "SHA384withECDSA";
      case SignatureScheme.ecdsa_secp521r1_sha512 -> "SHA512withECDSA";
      case SignatureScheme.ed25519 -> "Ed25519";
      case SignatureScheme.rsa_pkcs1_sha256 -> "SHA256withRSA";
      case SignatureScheme.rsa_pkcs1_sha384 -> "SHA384withRSA";
      case SignatureScheme.rsa_pkcs1_sha512 -> "SHA512withRSA";
      case SignatureScheme.rsa_pss_rsae_sha256,
          SignatureScheme.rsa_pss_rsae_sha384,
          SignatureScheme.rsa_pss_rsae_sha512 ->
          "RSASSA-PSS";
      default -> throw new GeneralSecurityException("signature scheme " + scheme);
    };
  }

  private static Signature withParameters(Signature signature, int scheme)
      throws GeneralSecurityException {
    PSSParameterSpec parameters =
        switch (scheme) {
          case SignatureScheme.rsa_pss_rsae_sha256 -> pss("SHA-256", 32);
          case SignatureScheme.rsa_pss_rsae_sha384 -> pss("SHA-384", 48);
          case SignatureScheme.rsa_pss_rsae_sha512 -> pss("SHA-512", 64);
          default -> null;
        };
    set(signature, parameters);
    return signature;
  }

  private static void set(Signature signature, @Nullable PSSParameterSpec parameters)
      throws GeneralSecurityException {
    if (parameters != null) {
      signature.setParameter(parameters);
    }
  }

  /** The salt is as long as the digest. */
  private static PSSParameterSpec pss(String digest, int bytes) {
    return new PSSParameterSpec(digest, "MGF1", new MGF1ParameterSpec(digest), bytes, 1);
  }
}
