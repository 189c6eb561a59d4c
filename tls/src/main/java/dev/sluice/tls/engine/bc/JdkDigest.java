package dev.sluice.tls.engine.bc;

import java.security.DigestException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import org.bouncycastle.crypto.ExtendedDigest;

/**
 * A JDK digest in BouncyCastle's form: with the CPU's SHA instructions it is several times faster,
 * and transcript, HKDF and PRF all follow from it.
 */
final class JdkDigest implements ExtendedDigest {
  private static final MessageDigest SHA_256 = prototype("SHA-256");
  private static final MessageDigest SHA_384 = prototype("SHA-384");
  private static final MessageDigest SHA_512 = prototype("SHA-512");

  private final MessageDigest digest;
  private final int blockBytes;

  private JdkDigest(MessageDigest digest, int blockBytes) {
    this.digest = digest;
    this.blockBytes = blockBytes;
  }

  static JdkDigest sha256() {
    return new JdkDigest(cloned(SHA_256), 64);
  }

  static JdkDigest sha384() {
    return new JdkDigest(cloned(SHA_384), 128);
  }

  static JdkDigest sha512() {
    return new JdkDigest(cloned(SHA_512), 128);
  }

  /** A digest that goes on from the same state. */
  JdkDigest copy() {
    return new JdkDigest(cloned(digest), blockBytes);
  }

  @Override
  public String getAlgorithmName() {
    return digest.getAlgorithm();
  }

  @Override
  public int getDigestSize() {
    return digest.getDigestLength();
  }

  @Override
  public int getByteLength() {
    return blockBytes;
  }

  @Override
  public void update(byte in) {
    digest.update(in);
  }

  @Override
  public void update(byte[] in, int inOff, int len) {
    digest.update(in, inOff, len);
  }

  @Override
  public int doFinal(byte[] out, int outOff) {
    try {
      return digest.digest(out, outOff, digest.getDigestLength());
    } catch (DigestException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void reset() {
    digest.reset();
  }

  private static MessageDigest prototype(String algorithm) {
    try {
      return MessageDigest.getInstance(algorithm);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has " + algorithm, e);
    }
  }

  /** A clone costs a fraction of a provider look-up. */
  private static MessageDigest cloned(MessageDigest digest) {
    try {
      return (MessageDigest) digest.clone();
    } catch (CloneNotSupportedException e) {
      throw new IllegalStateException(digest.getAlgorithm() + " can't be cloned", e);
    }
  }
}
