package dev.sluice.tls.engine.bc;

import java.io.IOException;
import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.Signature;
import java.security.spec.X509EncodedKeySpec;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.SignatureAlgorithm;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.Tls13Verifier;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCertificate;

/** A certificate whose key may check TLS 1.3 signatures by the JDK instead of BouncyCastle. */
final class VerifiedCertificate extends BcTlsCertificate {
  private final EngineTlsCrypto engineCrypto;

  VerifiedCertificate(EngineTlsCrypto crypto, byte[] encoding) throws IOException {
    super(crypto, encoding);
    this.engineCrypto = crypto;
  }

  @Override
  public Tls13Verifier createVerifier(int signatureScheme) throws IOException {
    // Checks that the key fits the scheme and may sign, and is the answer unless the JDK's is
    // wanted.
    Tls13Verifier own = super.createVerifier(signatureScheme);
    if (!engineCrypto.verifiesByJdk(signatureScheme)) {
      return own;
    }
    Signature signature;
    try {
      signature = JcaSignatures.verifying(signatureScheme, publicKey());
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.unsupported_certificate, e);
    }
    return new Tls13Verifier() {
      @Override
      public OutputStream getOutputStream() {
        return new SignatureStream(signature);
      }

      @Override
      public boolean verifySignature(byte[] bytes) {
        try {
          return signature.verify(bytes);
        } catch (GeneralSecurityException e) {
          // A malformed signature is a wrong one.
          return false;
        }
      }
    };
  }

  private PublicKey publicKey() throws IOException, GeneralSecurityException {
    byte[] encoded = getSubjectPublicKeyInfo().getEncoded();
    String algorithm = supportsSignatureAlgorithm(SignatureAlgorithm.ecdsa) ? "EC" : "RSA";
    return KeyFactory.getInstance(algorithm).generatePublic(new X509EncodedKeySpec(encoded));
  }
}
