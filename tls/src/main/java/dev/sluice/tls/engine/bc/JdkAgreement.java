package dev.sluice.tls.engine.bc;

import java.math.BigInteger;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PublicKey;
import java.security.interfaces.ECPublicKey;
import java.security.interfaces.XECPublicKey;
import java.security.spec.ECFieldFp;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.ECParameterSpec;
import java.security.spec.ECPoint;
import java.security.spec.ECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.security.spec.XECPublicKeySpec;
import javax.crypto.KeyAgreement;
import org.bouncycastle.tls.AlertDescription;
import org.bouncycastle.tls.TlsFatalAlert;
import org.bouncycastle.tls.crypto.TlsAgreement;
import org.bouncycastle.tls.crypto.TlsSecret;
import org.jspecify.annotations.Nullable;

/** One key exchange on X25519 (RFC 7748) or P-256 by the JDK. */
final class JdkAgreement implements TlsAgreement {
  private static final int COORDINATE_BYTES = 32;
  private static final int UNCOMPRESSED = 4;

  private final EngineTlsCrypto crypto;
  private final boolean x25519;
  private @Nullable KeyPair own;
  private @Nullable PublicKey peer;

  JdkAgreement(EngineTlsCrypto crypto, boolean x25519) {
    this.crypto = crypto;
    this.x25519 = x25519;
  }

  @Override
  public byte[] generateEphemeral() throws TlsFatalAlert {
    try {
      KeyPairGenerator generator = KeyPairGenerator.getInstance(x25519 ? "X25519" : "EC");
      if (x25519) {
        generator.initialize(NamedParameterSpec.X25519, crypto.getSecureRandom());
      } else {
        generator.initialize(new ECGenParameterSpec("secp256r1"), crypto.getSecureRandom());
      }
      KeyPair pair = generator.generateKeyPair();
      own = pair;
      return encode(pair.getPublic());
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.internal_error, e);
    }
  }

  private static byte[] encode(PublicKey key) {
    if (key instanceof XECPublicKey x) {
      byte[] encoded = new byte[COORDINATE_BYTES];
      put(x.getU(), encoded, 0);
      // RFC 7748 5: little-endian.
      for (int i = 0; i < COORDINATE_BYTES / 2; i++) {
        byte b = encoded[i];
        encoded[i] = encoded[COORDINATE_BYTES - 1 - i];
        encoded[COORDINATE_BYTES - 1 - i] = b;
      }
      return encoded;
    }
    ECPoint point = ((ECPublicKey) key).getW();
    byte[] encoded = new byte[1 + 2 * COORDINATE_BYTES];
    encoded[0] = UNCOMPRESSED;
    put(point.getAffineX(), encoded, 1);
    put(point.getAffineY(), encoded, 1 + COORDINATE_BYTES);
    return encoded;
  }

  private static void put(BigInteger value, byte[] to, int off) {
    byte[] bytes = value.toByteArray();
    int skip = Math.max(0, bytes.length - COORDINATE_BYTES);
    int length = bytes.length - skip;
    System.arraycopy(bytes, skip, to, off + COORDINATE_BYTES - length, length);
  }

  @Override
  public void receivePeerValue(byte[] value) throws TlsFatalAlert {
    try {
      peer = x25519 ? xdhKey(value) : ecKey(value);
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.illegal_parameter, e);
    }
  }

  private static PublicKey xdhKey(byte[] value) throws GeneralSecurityException {
    if (value.length != COORDINATE_BYTES) {
      throw new GeneralSecurityException("an X25519 value of " + value.length + " bytes");
    }
    byte[] bigEndian = new byte[COORDINATE_BYTES];
    for (int i = 0; i < COORDINATE_BYTES; i++) {
      bigEndian[i] = value[COORDINATE_BYTES - 1 - i];
    }
    // RFC 7748 5: the top bit is to be ignored.
    bigEndian[0] &= 0x7F;
    return KeyFactory.getInstance("X25519")
        .generatePublic(
            new XECPublicKeySpec(NamedParameterSpec.X25519, new BigInteger(1, bigEndian)));
  }

  private static PublicKey ecKey(byte[] value) throws GeneralSecurityException {
    if (value.length != 1 + 2 * COORDINATE_BYTES || value[0] != UNCOMPRESSED) {
      throw new GeneralSecurityException("not an uncompressed point of P-256");
    }
    BigInteger x = new BigInteger(1, value, 1, COORDINATE_BYTES);
    BigInteger y = new BigInteger(1, value, 1 + COORDINATE_BYTES, COORDINATE_BYTES);
    AlgorithmParameters named = AlgorithmParameters.getInstance("EC");
    named.init(new ECGenParameterSpec("secp256r1"));
    ECParameterSpec curve = named.getParameterSpec(ECParameterSpec.class);
    BigInteger p = ((ECFieldFp) curve.getCurve().getField()).getP();
    BigInteger right =
        x.pow(3).add(curve.getCurve().getA().multiply(x)).add(curve.getCurve().getB()).mod(p);
    // RFC 8446 4.2.8.2: a point that is not on the curve would give the key away.
    if (x.compareTo(p) >= 0 || y.compareTo(p) >= 0 || !y.multiply(y).mod(p).equals(right)) {
      throw new GeneralSecurityException("not a point of P-256");
    }
    return KeyFactory.getInstance("EC")
        .generatePublic(new ECPublicKeySpec(new ECPoint(x, y), curve));
  }

  @Override
  public TlsSecret calculateSecret() throws TlsFatalAlert {
    KeyPair pair = own;
    PublicKey other = peer;
    if (pair == null || other == null) {
      throw new TlsFatalAlert(AlertDescription.internal_error);
    }
    try {
      KeyAgreement agreement = KeyAgreement.getInstance(x25519 ? "X25519" : "ECDH");
      agreement.init(pair.getPrivate());
      // RFC 8446 7.4.2: the JDK refuses an all-zero secret here.
      agreement.doPhase(other, true);
      return crypto.createSecret(agreement.generateSecret());
    } catch (GeneralSecurityException e) {
      throw new TlsFatalAlert(AlertDescription.illegal_parameter, e);
    }
  }
}
