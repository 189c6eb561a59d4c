package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.TlsPrimitives.Primitive;
import java.io.IOException;
import java.security.SecureRandom;
import org.bouncycastle.crypto.Digest;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.CertificateType;
import org.bouncycastle.tls.EncryptionAlgorithm;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.CryptoHashAlgorithm;
import org.bouncycastle.tls.crypto.TlsCertificate;
import org.bouncycastle.tls.crypto.TlsCipher;
import org.bouncycastle.tls.crypto.TlsCryptoParameters;
import org.bouncycastle.tls.crypto.TlsECConfig;
import org.bouncycastle.tls.crypto.TlsECDomain;
import org.bouncycastle.tls.crypto.TlsNonceGenerator;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.bouncycastle.tls.crypto.impl.bc.BcTlsCrypto;
import org.jspecify.annotations.Nullable;

/**
 * The primitives of one connection: public-key arithmetic from BouncyCastle, whose curves are the
 * faster ones on CPUs without AVX-512 IFMA, or from the JDK where that was chosen; hashes and
 * record protection from the JDK, where BouncyCastle's are many times slower.
 *
 * <p>One object per connection, because it remembers the record cipher that its handshake made
 * last; it is cheap.
 */
final class EngineTlsCrypto extends BcTlsCrypto {
  private final TlsPrimitives primitives;
  private final EarlyData earlyData = new EarlyData();
  private @Nullable AeadRecordCipher lastCipher;

  EngineTlsCrypto(SecureRandom random, TlsPrimitives primitives) {
    super(random);
    this.primitives = primitives;
  }

  /** Whether signatures of a scheme are checked by the JDK. */
  boolean verifiesByJdk(int scheme) {
    return switch (scheme) {
      case SignatureScheme.ecdsa_secp256r1_sha256,
          SignatureScheme.ecdsa_secp384r1_sha384,
          SignatureScheme.ecdsa_secp521r1_sha512 ->
          primitives.isByJdk(Primitive.ECDSA_VERIFY);
      case SignatureScheme.rsa_pss_rsae_sha256,
          SignatureScheme.rsa_pss_rsae_sha384,
          SignatureScheme.rsa_pss_rsae_sha512 ->
          primitives.isByJdk(Primitive.RSA_VERIFY);
      default -> false;
    };
  }

  /** Whether a kind of key signs by the JDK. */
  boolean signsByJdk(TlsIdentity.KeyKind kind) {
    return switch (kind) {
      case ECDSA_P256, ECDSA_P384 -> primitives.isByJdk(Primitive.ECDSA_SIGN);
      case RSA -> primitives.isByJdk(Primitive.RSA_SIGN);
      case ED25519 -> false;
    };
  }

  @Override
  public TlsCertificate createCertificate(short type, byte[] encoding) throws IOException {
    return type == CertificateType.X509
        ? new VerifiedCertificate(this, encoding)
        : super.createCertificate(type, encoding);
  }

  @Override
  public TlsECDomain createECDomain(TlsECConfig config) {
    return switch (config.getNamedGroup()) {
      case NamedGroup.x25519 ->
          primitives.isByJdk(Primitive.X25519)
              ? () -> new JdkAgreement(this, true)
              : super.createECDomain(config);
      case NamedGroup.secp256r1 ->
          primitives.isByJdk(Primitive.ECDH_P256)
              ? () -> new JdkAgreement(this, false)
              : super.createECDomain(config);
      default -> super.createECDomain(config);
    };
  }

  /** The beginning of the key schedule, which knows tickets. */
  @Override
  public TlsSecret hkdfInit(int cryptoHashAlgorithm) {
    return ResumptionSecrets.zeros(this, cryptoHashAlgorithm);
  }

  /** What the client sends too early. */
  EarlyData earlyData() {
    return earlyData;
  }

  /** The cipher of the newest keys, null before there were any. */
  @Nullable AeadRecordCipher lastCipher() {
    return lastCipher;
  }

  @Override
  public TlsCipher createCipher(
      TlsCryptoParameters parameters, int encryptionAlgorithm, int macAlgorithm)
      throws IOException {
    AeadRecordCipher cipher =
        switch (encryptionAlgorithm) {
          case EncryptionAlgorithm.AES_128_GCM ->
              new AeadRecordCipher(parameters, true, 16, earlyData);
          case EncryptionAlgorithm.AES_256_GCM ->
              new AeadRecordCipher(parameters, true, 32, earlyData);
          case EncryptionAlgorithm.CHACHA20_POLY1305 ->
              new AeadRecordCipher(parameters, false, 32, earlyData);
          default -> throw new TlsFatalAlert(AlertDescription.internal_error);
        };
    lastCipher = cipher;
    return cipher;
  }

  /**
   * Nonces straight from the given source. BouncyCastle's own generator mixes in the time, which
   * would keep a run with seeded randomness from being repeated.
   */
  @Override
  public TlsNonceGenerator createNonceGenerator(byte[] additionalSeedMaterial) {
    return size -> {
      byte[] nonce = new byte[size];
      getSecureRandom().nextBytes(nonce);
      return nonce;
    };
  }

  @Override
  public boolean hasEncryptionAlgorithm(int encryptionAlgorithm) {
    return switch (encryptionAlgorithm) {
      case EncryptionAlgorithm.AES_128_GCM,
          EncryptionAlgorithm.AES_256_GCM,
          EncryptionAlgorithm.CHACHA20_POLY1305 ->
          true;
      default -> false;
    };
  }

  @Override
  public Digest createDigest(int cryptoHashAlgorithm) {
    return switch (cryptoHashAlgorithm) {
      case CryptoHashAlgorithm.sha256 -> JdkDigest.sha256();
      case CryptoHashAlgorithm.sha384 -> JdkDigest.sha384();
      case CryptoHashAlgorithm.sha512 -> JdkDigest.sha512();
      default -> super.createDigest(cryptoHashAlgorithm);
    };
  }

  @Override
  public Digest cloneDigest(int cryptoHashAlgorithm, Digest digest) {
    return digest instanceof JdkDigest jdk
        ? jdk.copy()
        : super.cloneDigest(cryptoHashAlgorithm, digest);
  }
}
