package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.security.cert.CertificateEncodingException;
import org.bouncycastle.crypto.params.AsymmetricKeyParameter;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.tls.Certificate;
import org.bouncycastle.tls.CertificateEntry;
import org.bouncycastle.tls.DefaultTlsCredentialedSigner;
import org.bouncycastle.tls.SignatureAndHashAlgorithm;
import org.bouncycastle.tls.TlsContext;
import org.bouncycastle.tls.TlsCredentialedSigner;
import org.bouncycastle.tls.TlsUtils;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.impl.bc.BcDefaultTlsCredentialedSigner;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * An identity in BouncyCastle's form, made once per configuration: parsing would weigh on each
 * handshake. Immutable.
 */
final class BcIdentity {
  private final TlsIdentity identity;
  private final @Nullable AsymmetricKeyParameter privateKey;
  private final Certificate chain12;
  private final Certificate chain13;

  /**
   * Converts.
   *
   * @throws IllegalArgumentException if BouncyCastle can't read the key or a certificate
   */
  BcIdentity(TlsIdentity identity, BcTlsCrypto crypto) {
    this.identity = identity;
    try {
      byte[] encoded = identity.privateKey().getEncoded();
      // A key in a hardware module can't be read out; it signs where it is.
      privateKey = encoded == null ? null : PrivateKeyFactory.createKey(encoded);
      int length = identity.chain().size();
      TlsCertificate[] certificates = new TlsCertificate[length];
      CertificateEntry[] entries = new CertificateEntry[length];
      for (int i = 0; i < length; i++) {
        certificates[i] = crypto.createCertificate(identity.chain().get(i).getEncoded());
        entries[i] = new CertificateEntry(certificates[i], null);
      }
      chain12 = new Certificate(certificates);
      chain13 = new Certificate(TlsUtils.EMPTY_BYTES, entries);
    } catch (IOException | CertificateEncodingException e) {
      throw new IllegalArgumentException("unusable certificate or key: " + identity, e);
    }
  }

  TlsIdentity.KeyKind keyKind() {
    return identity.keyKind();
  }

  /** A signer for one handshake. */
  TlsCredentialedSigner signer(
      TlsContext context, EngineTlsCrypto crypto, SignatureAndHashAlgorithm algorithm) {
    Certificate chain = TlsUtils.isTLSv13(context) ? chain13 : chain12;
    TlsCryptoParameters parameters = new TlsCryptoParameters(context);
    AsymmetricKeyParameter key = privateKey;
    if (key == null || crypto.signsByJdk(identity.keyKind())) {
      return new DefaultTlsCredentialedSigner(
          parameters,
          new JcaSigner(identity.privateKey(), crypto.getSecureRandom()),
          chain,
          algorithm);
    }
    return new BcDefaultTlsCredentialedSigner(parameters, crypto, key, chain, algorithm);
  }
}
