package dev.sluice.tls.engine.bc;

import dev.sluice.tls.engine.IpLiteral;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.SecureRandom;
import java.security.Signature;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import org.bouncycastle.asn1.ASN1Encodable;
import org.bouncycastle.asn1.ASN1Integer;
import org.bouncycastle.asn1.DERBitString;
import org.bouncycastle.asn1.DERNull;
import org.bouncycastle.asn1.DEROctetString;
import org.bouncycastle.asn1.DERSequence;
import org.bouncycastle.asn1.pkcs.PKCSObjectIdentifiers;
import org.bouncycastle.asn1.x500.X500Name;
import org.bouncycastle.asn1.x500.X500NameBuilder;
import org.bouncycastle.asn1.x500.style.BCStyle;
import org.bouncycastle.asn1.x509.AlgorithmIdentifier;
import org.bouncycastle.asn1.x509.BasicConstraints;
import org.bouncycastle.asn1.x509.ExtendedKeyUsage;
import org.bouncycastle.asn1.x509.Extension;
import org.bouncycastle.asn1.x509.ExtensionsGenerator;
import org.bouncycastle.asn1.x509.GeneralName;
import org.bouncycastle.asn1.x509.GeneralNames;
import org.bouncycastle.asn1.x509.KeyPurposeId;
import org.bouncycastle.asn1.x509.KeyUsage;
import org.bouncycastle.asn1.x509.SubjectKeyIdentifier;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.asn1.x509.TBSCertificate;
import org.bouncycastle.asn1.x509.Time;
import org.bouncycastle.asn1.x509.V3TBSCertificateGenerator;
import org.bouncycastle.asn1.x9.X9ObjectIdentifiers;
import org.jspecify.annotations.Nullable;

/**
 * Makes X.509 certificates (RFC 5280) with BouncyCastle's ASN.1 and the JDK's signatures: for
 * development and tests.
 */
public final class CertificateMaker {
  /** What a certificate is made for. */
  public enum Purpose {
    /** An authority that signs others. */
    AUTHORITY,
    /** A TLS server. */
    SERVER,
    /** A TLS client. */
    CLIENT
  }

  private static final int SERIAL_BITS = 120;

  private CertificateMaker() {}

  /**
   * Makes and signs a certificate.
   *
   * @param subjectName the common name; nobody checks it, people read it
   * @param subjectKey the key to certify
   * @param purpose decides basic constraints and key usages
   * @param names DNS names and IP address literals for the subject alternative name extension, may
   *     be empty
   * @param issuer the authority's certificate, null to sign with the own key
   * @param issuerKey the key that signs
   * @throws GeneralSecurityException if a key is of a kind that can't be used here
   */
  public static X509Certificate make(
      String subjectName,
      PublicKey subjectKey,
      Purpose purpose,
      List<String> names,
      Instant notBefore,
      Instant notAfter,
      @Nullable X509Certificate issuer,
      PrivateKey issuerKey,
      SecureRandom random)
      throws GeneralSecurityException {
    try {
      X500Name subject =
          new X500NameBuilder(BCStyle.INSTANCE).addRDN(BCStyle.CN, subjectName).build();
      X500Name issuerName =
          issuer == null
              ? subject
              : X500Name.getInstance(issuer.getSubjectX500Principal().getEncoded());
      AlgorithmIdentifier algorithm = signatureAlgorithm(issuerKey);
      V3TBSCertificateGenerator generator = new V3TBSCertificateGenerator();
      // RFC 5280 4.1.2.2: positive, and unique for the issuer, which random bits of this length
      // are.
      generator.setSerialNumber(
          new ASN1Integer(new BigInteger(SERIAL_BITS, random).setBit(SERIAL_BITS)));
      generator.setIssuer(issuerName);
      generator.setSubject(subject);
      generator.setStartDate(new Time(Date.from(notBefore)));
      generator.setEndDate(new Time(Date.from(notAfter)));
      generator.setSubjectPublicKeyInfo(SubjectPublicKeyInfo.getInstance(subjectKey.getEncoded()));
      generator.setSignature(algorithm);
      generator.setExtensions(extensions(subjectKey, purpose, names).generate());
      TBSCertificate body = generator.generateTBSCertificate();
      byte[] signature = sign(body.getEncoded(), issuerKey, random);
      byte[] der =
          new DERSequence(new ASN1Encodable[] {body, algorithm, new DERBitString(signature)})
              .getEncoded();
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(der));
    } catch (IOException e) {
      throw new GeneralSecurityException(e);
    }
  }

  private static ExtensionsGenerator extensions(PublicKey key, Purpose purpose, List<String> names)
      throws IOException, GeneralSecurityException {
    ExtensionsGenerator extensions = new ExtensionsGenerator();
    boolean authority = purpose == Purpose.AUTHORITY;
    extensions.addExtension(Extension.basicConstraints, true, new BasicConstraints(authority));
    extensions.addExtension(
        Extension.keyUsage,
        true,
        new KeyUsage(
            authority ? KeyUsage.keyCertSign | KeyUsage.cRLSign : KeyUsage.digitalSignature));
    if (!authority) {
      KeyPurposeId use =
          purpose == Purpose.SERVER ? KeyPurposeId.id_kp_serverAuth : KeyPurposeId.id_kp_clientAuth;
      extensions.addExtension(Extension.extendedKeyUsage, false, new ExtendedKeyUsage(use));
    }
    // RFC 5280 4.2.1.2 (1): the SHA-1 of the key is an identifier here, not a signature.
    byte[] keyBits =
        SubjectPublicKeyInfo.getInstance(key.getEncoded()).getPublicKeyData().getBytes();
    byte[] identifier = MessageDigest.getInstance("SHA-1").digest(keyBits);
    extensions.addExtension(
        Extension.subjectKeyIdentifier, false, new SubjectKeyIdentifier(identifier));
    if (!names.isEmpty()) {
      GeneralName[] alternatives =
          names.stream().map(CertificateMaker::alternative).toArray(GeneralName[]::new);
      extensions.addExtension(
          Extension.subjectAlternativeName, false, new GeneralNames(alternatives));
    }
    return extensions;
  }

  private static GeneralName alternative(String name) {
    byte[] address = IpLiteral.parse(name);
    return address == null
        ? new GeneralName(GeneralName.dNSName, name)
        : new GeneralName(GeneralName.iPAddress, new DEROctetString(address));
  }

  private static byte[] sign(byte[] body, PrivateKey key, SecureRandom random)
      throws GeneralSecurityException {
    String name =
        switch (key.getAlgorithm()) {
          case "RSA" -> "SHA256withRSA";
          case "EC" -> "SHA256withECDSA";
          default -> "Ed25519";
        };
    Signature signature = Signature.getInstance(name);
    signature.initSign(key, random);
    signature.update(body);
    return signature.sign();
  }

  private static AlgorithmIdentifier signatureAlgorithm(PrivateKey key)
      throws GeneralSecurityException {
    return switch (key.getAlgorithm()) {
      case "RSA" ->
          new AlgorithmIdentifier(PKCSObjectIdentifiers.sha256WithRSAEncryption, DERNull.INSTANCE);
      case "EC" -> new AlgorithmIdentifier(X9ObjectIdentifiers.ecdsa_with_SHA256);
      case "Ed25519", "EdDSA" -> new AlgorithmIdentifier(PrivateKeyDecoder.ED25519);
      default ->
          throw new GeneralSecurityException(
              "can't sign with a key of algorithm " + key.getAlgorithm());
    };
  }
}
