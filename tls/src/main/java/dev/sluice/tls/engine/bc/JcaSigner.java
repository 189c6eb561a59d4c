package dev.sluice.tls.engine.bc;

import java.io.OutputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.Signature;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsSigner;
import org.bouncycastle.tls.crypto.TlsStreamSigner;

/**
 * Signs with a key that is the JDK's, perhaps only in name: one in a hardware module never leaves
 * it. The call may take its time, which is why it is made within a step of the handshake.
 */
final class JcaSigner implements TlsSigner {
  private final PrivateKey key;
  private final SecureRandom random;

  JcaSigner(PrivateKey key, SecureRandom random) {
    this.key = key;
    this.random = random;
  }

  @Override
  public byte[] generateRawSignature(SignatureAndHashAlgorithm algorithm, byte[] hash)
      throws TlsFatalAlert {
    // Never asked for where there is a stream signer; a key in a module may sign no bare digests.
    throw new TlsFatalAlert(AlertDescription.internal_error);
  }

  @Override
  public TlsStreamSigner getStreamSigner(SignatureAndHashAlgorithm algorithm) throws TlsFatalAlert {
    Signature signature;
    try {
      signature = JcaSignatures.signing(SignatureScheme.from(algorithm), key, random);
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.internal_error, e);
    }
    return new TlsStreamSigner() {
      @Override
      public OutputStream getOutputStream() {
        return new SignatureStream(signature);
      }

      @Override
      public byte[] getSignature() throws TlsFatalAlert {
        try {
          return signature.sign();
        } catch (GeneralSecurityException e) {
          throw new TlsFatalAlert(AlertDescription.internal_error, e);
        }
      }
    };
  }
}
