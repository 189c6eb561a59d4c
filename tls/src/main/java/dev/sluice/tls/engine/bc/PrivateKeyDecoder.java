package dev.sluice.tls.engine.bc;

import java.io.IOException;
import java.security.AlgorithmParameters;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.spec.PKCS8EncodedKeySpec;
import javax.crypto.Cipher;
import javax.crypto.EncryptedPrivateKeyInfo;
import javax.crypto.SecretKeyFactory;
import javax.crypto.spec.PBEKeySpec;
import org.bouncycastle.asn1.ASN1ObjectIdentifier;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.pkcs.PrivateKeyInfo;
import org.bouncycastle.asn1.sec.ECPrivateKey;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;

/**
 * Private keys from their DER forms, as JDK keys. All methods throw {@link
 * GeneralSecurityException} with a message that says what would have been right.
 */
public final class PrivateKeyDecoder {
  /** RFC 8410 3; BouncyCastle keeps the constant in another module. */
  static final ASN1ObjectIdentifier ED25519 = new ASN1ObjectIdentifier("1.3.101.112");

  private PrivateKeyDecoder() {}

  /** PKCS#8, {@code BEGIN PRIVATE KEY} (RFC 5958). */
  public static PrivateKey pkcs8(byte[] der) throws GeneralSecurityException {
    try {
      return jdkKey(PrivateKeyInfo.getInstance(der));
    } catch (IllegalArgumentException | IOException e) {
      throw new GeneralSecurityException("no PKCS#8 private key: " + e.getMessage(), e);
    }
  }

  /**
   * Encrypted PKCS#8, {@code BEGIN ENCRYPTED PRIVATE KEY}; PBES2 as every current tool writes it.
   */
  public static PrivateKey encryptedPkcs8(byte[] der, char[] password)
      throws GeneralSecurityException {
    PBEKeySpec spec = new PBEKeySpec(password);
    try {
      EncryptedPrivateKeyInfo info = new EncryptedPrivateKeyInfo(der);
      AlgorithmParameters parameters = info.getAlgParameters();
      // PBES2 names its parts in the parameters; the outer name alone says nothing.
      String algorithm = parameters == null ? info.getAlgName() : parameters.toString();
      SecretKeyFactory keys = SecretKeyFactory.getInstance(algorithm);
      Cipher cipher = Cipher.getInstance(algorithm);
      cipher.init(Cipher.DECRYPT_MODE, keys.generateSecret(spec), parameters);
      return pkcs8(info.getKeySpec(cipher).getEncoded());
    } catch (IOException e) {
      throw new GeneralSecurityException("no encrypted PKCS#8 private key: " + e.getMessage(), e);
    } catch (GeneralSecurityException e) {
      throw new GeneralSecurityException(
          "the private key can't be decrypted (wrong password, or not PBES2): " + e.getMessage(),
          e);
    } finally {
      spec.clearPassword();
    }
  }

  /** PKCS#1, {@code BEGIN RSA PRIVATE KEY} (RFC 8017 A.1.2). */
  public static PrivateKey pkcs1(byte[] der) throws GeneralSecurityException {
    try {
      org.bouncycastle.asn1.pkcs.RSAPrivateKey rsa =
          org.bouncycastle.asn1.pkcs.RSAPrivateKey.getInstance(der);
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(PKCSObjectIdentifiers.rsaEncryption, DERNull.INSTANCE);
      return jdkKey(new PrivateKeyInfo(algorithm, rsa));
    } catch (IllegalArgumentException | IOException e) {
      throw new GeneralSecurityException("no PKCS#1 RSA private key: " + e.getMessage(), e);
    }
  }

  /** SEC 1, {@code BEGIN EC PRIVATE KEY} (RFC 5915). */
  public static PrivateKey sec1(byte[] der) throws GeneralSecurityException {
    try {
      ECPrivateKey ec = ECPrivateKey.getInstance(der);
      if (ec.getParametersObject() == null) {
        throw new GeneralSecurityException(
            "the EC private key does not name its curve; convert it to PKCS#8");
      }
      AlgorithmIdentifier algorithm =
          new AlgorithmIdentifier(X9ObjectIdentifiers.id_ecPublicKey, ec.getParametersObject());
      return jdkKey(new PrivateKeyInfo(algorithm, ec));
    } catch (IllegalArgumentException | IOException e) {
      throw new GeneralSecurityException("no SEC 1 EC private key: " + e.getMessage(), e);
    }
  }

  private static PrivateKey jdkKey(PrivateKeyInfo info)
      throws GeneralSecurityException, IOException {
    ASN1ObjectIdentifier algorithm = info.getPrivateKeyAlgorithm().getAlgorithm();
    String name;
    if (PKCSObjectIdentifiers.rsaEncryption.equals(algorithm)) {
      name = "RSA";
    } else if (X9ObjectIdentifiers.id_ecPublicKey.equals(algorithm)) {
      name = "EC";
    } else if (ED25519.equals(algorithm)) {
      name = "Ed25519";
    } else {
      throw new GeneralSecurityException(
          "a private key of algorithm "
              + algorithm
              + "; usable are RSA, EC (P-256, P-384) and Ed25519");
    }
    return KeyFactory.getInstance(name).generatePrivate(new PKCS8EncodedKeySpec(info.getEncoded()));
  }
}
