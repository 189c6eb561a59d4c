package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsPrimitives;
import dev.sluice.tls.engine.TlsPrimitives.Primitive;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.spec.ECGenParameterSpec;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.LongSupplier;
import org.bouncycastle.crypto.CipherParameters;
import org.bouncycastle.crypto.CryptoException;
import org.bouncycastle.crypto.Signer;
import org.bouncycastle.crypto.digests.SHA256Digest;
import org.bouncycastle.crypto.engines.RSABlindedEngine;
import org.bouncycastle.crypto.signers.DSADigestSigner;
import org.bouncycastle.crypto.signers.ECDSASigner;
import org.bouncycastle.crypto.signers.PSSSigner;
import org.bouncycastle.crypto.util.PrivateKeyFactory;
import org.bouncycastle.crypto.util.PublicKeyFactory;
import org.bouncycastle.tls.NamedGroup;
import org.bouncycastle.tls.SignatureScheme;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsECConfig;

/** Times the JDK's and BouncyCastle's way of each primitive on this machine. */
public final class PrimitiveProbe {
  private static final byte[] MESSAGE = new byte[130];
  private static final int SALT_BYTES = 32;

  /** Something that takes its time. */
  private interface Operation {
    void run() throws IOException, GeneralSecurityException, CryptoException;
  }

  private final SecureRandom random = new SecureRandom();
  private final Map<Primitive, Operation> jdk = new EnumMap<>(Primitive.class);
  private final Map<Primitive, Operation> bouncyCastle = new EnumMap<>(Primitive.class);

  private PrimitiveProbe() throws IOException, GeneralSecurityException, CryptoException {
    agreement(Primitive.X25519, NamedGroup.x25519);
    agreement(Primitive.ECDH_P256, NamedGroup.secp256r1);
    KeyPairGenerator ec = KeyPairGenerator.getInstance("EC");
    ec.initialize(new ECGenParameterSpec("secp256r1"), random);
    signatures(
        ec.generateKeyPair(),
        SignatureScheme.ecdsa_secp256r1_sha256,
        Primitive.ECDSA_SIGN,
        Primitive.ECDSA_VERIFY);
    KeyPairGenerator rsa = KeyPairGenerator.getInstance("RSA");
    rsa.initialize(2048, random);
    signatures(
        rsa.generateKeyPair(),
        SignatureScheme.rsa_pss_rsae_sha256,
        Primitive.RSA_SIGN,
        Primitive.RSA_VERIFY);
  }

  /**
   * Measures all primitives.
   *
   * @param nanosEach how long to run each of them in each way, once to warm up and once to measure
   * @param clock tells the time, in nanoseconds
   * @throws IllegalStateException if this JDK lacks one of them
   */
  public static TlsPrimitives.Probe measure(long nanosEach, LongSupplier clock) {
    try {
      return new PrimitiveProbe().run(nanosEach, clock);
    } catch (IOException | GeneralSecurityException | CryptoException e) {
      throw new IllegalStateException("a primitive can't be measured", e);
    }
  }

  private TlsPrimitives.Probe run(long nanosEach, LongSupplier clock)
      throws IOException, GeneralSecurityException, CryptoException {
    Map<Primitive, Long> byJdk = new EnumMap<>(Primitive.class);
    Map<Primitive, Long> byBouncyCastle = new EnumMap<>(Primitive.class);
    Set<Primitive> faster = EnumSet.noneOf(Primitive.class);
    for (Primitive primitive : Primitive.values()) {
      Operation one = operation(jdk, primitive);
      Operation other = operation(bouncyCastle, primitive);
      time(one, nanosEach, clock);
      time(other, nanosEach, clock);
      long jdkNanos = time(one, nanosEach, clock);
      long bouncyCastleNanos = time(other, nanosEach, clock);
      byJdk.put(primitive, jdkNanos);
      byBouncyCastle.put(primitive, bouncyCastleNanos);
      if (jdkNanos < bouncyCastleNanos) {
        faster.add(primitive);
      }
    }
    return new TlsPrimitives.Probe(new TlsPrimitives(faster), byJdk, byBouncyCastle);
  }

  private static Operation operation(Map<Primitive, Operation> of, Primitive primitive) {
    Operation operation = of.get(primitive);
    if (operation == null) {
      throw new IllegalStateException("nothing to measure " + primitive + " by");
    }
    return operation;
  }

  private static long time(Operation operation, long nanos, LongSupplier clock)
      throws IOException, GeneralSecurityException, CryptoException {
    long start = clock.getAsLong();
    long took;
    long count = 0;
    do {
      operation.run();
      count++;
      took = clock.getAsLong() - start;
    } while (took < nanos);
    return took / count;
  }

  /** A key of its own and the secret with a peer's, as each side of a handshake computes them. */
  private void agreement(Primitive primitive, int group) throws IOException {
    for (boolean byJdk : new boolean[] {true, false}) {
      TlsPrimitives chosen = new TlsPrimitives(byJdk ? Set.of(primitive) : Set.of());
      EngineTlsCrypto crypto = new EngineTlsCrypto(random, chosen);
      byte[] peer = crypto.createECDomain(new TlsECConfig(group)).createECDH().generateEphemeral();
      Operation operation =
          () -> {
            TlsAgreement own = crypto.createECDomain(new TlsECConfig(group)).createECDH();
            own.generateEphemeral();
            own.receivePeerValue(peer.clone());
            own.calculateSecret();
          };
      (byJdk ? jdk : bouncyCastle).put(primitive, operation);
    }
  }

  private void signatures(KeyPair pair, int scheme, Primitive sign, Primitive verify)
      throws IOException, GeneralSecurityException, CryptoException {
    Signature signer = JcaSignatures.signing(scheme, pair.getPrivate(), random);
    signer.update(MESSAGE);
    byte[] signature = signer.sign();
    jdk.put(
        sign,
        () -> {
          Signature own = JcaSignatures.signing(scheme, pair.getPrivate(), random);
          own.update(MESSAGE);
          own.sign();
        });
    jdk.put(
        verify,
        () -> {
          Signature own = JcaSignatures.verifying(scheme, pair.getPublic());
          own.update(MESSAGE);
          own.verify(signature);
        });
    CipherParameters privateKey = PrivateKeyFactory.createKey(pair.getPrivate().getEncoded());
    CipherParameters publicKey = PublicKeyFactory.createKey(pair.getPublic().getEncoded());
    boolean ecdsa = TlsIdentity.kindOf(pair.getPublic()) == TlsIdentity.KeyKind.ECDSA_P256;
    bouncyCastle.put(
        sign,
        () -> {
          Signer own = bouncyCastleSigner(ecdsa);
          own.init(true, privateKey);
          own.update(MESSAGE, 0, MESSAGE.length);
          own.generateSignature();
        });
    bouncyCastle.put(
        verify,
        () -> {
          Signer own = bouncyCastleSigner(ecdsa);
          own.init(false, publicKey);
          own.update(MESSAGE, 0, MESSAGE.length);
          own.verifySignature(signature);
        });
  }

  private static Signer bouncyCastleSigner(boolean ecdsa) {
    return ecdsa
        ? new DSADigestSigner(new ECDSASigner(), new SHA256Digest())
        : new PSSSigner(new RSABlindedEngine(), new SHA256Digest(), SALT_BYTES);
  }
}
