package dev.sluice.tls;

import dev.sluice.tls.engine.bc.PrivateKeyDecoder;
import java.io.ByteArrayInputStream;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.security.cert.CertificateException;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Certificates and private keys from PEM text (RFC 7468). Text outside of the blocks is ignored, as
 * the tools that write such files expect. Thread-safe; all methods throw {@link
 * IllegalArgumentException} with a message that says what was found and what would be right.
 */
public final class Pem {
  private static final Pattern BLOCK =
      Pattern.compile("-----BEGIN ([A-Z0-9 ]+)-----(.*?)-----END \\1-----", Pattern.DOTALL);
  private static final String CERTIFICATE = "CERTIFICATE";

  private record Block(String label, String body) {
    byte[] der() {
      if (body.contains("Proc-Type:")) {
        throw new IllegalArgumentException(
            "the private key is encrypted in OpenSSL's old form; convert it with 'openssl pkcs8 -topk8'");
      }
      try {
        return Base64.getMimeDecoder().decode(body);
      } catch (IllegalArgumentException e) {
        throw new IllegalArgumentException(
            "the " + label + " block is no base64: " + e.getMessage(), e);
      }
    }
  }

  private Pem() {}

  /** All certificates in a text, in its order; never empty. */
  public static List<X509Certificate> certificates(String pem) {
    List<X509Certificate> certificates = new ArrayList<>();
    for (Block block : blocks(pem)) {
      if (block.label().equals(CERTIFICATE) || block.label().equals("X509 CERTIFICATE")) {
        certificates.add(certificate(block, certificates.size() + 1));
      }
    }
    if (certificates.isEmpty()) {
      throw new IllegalArgumentException("no BEGIN CERTIFICATE block" + found(pem));
    }
    return certificates;
  }

  /**
   * The one private key in a text: PKCS#8 (plain or encrypted), PKCS#1 or SEC 1.
   *
   * @param password for an encrypted key, null if there is none
   */
  public static PrivateKey privateKey(String pem, char @Nullable [] password) {
    List<Block> keys =
        blocks(pem).stream().filter(block -> block.label().endsWith("PRIVATE KEY")).toList();
    if (keys.size() != 1) {
      throw new IllegalArgumentException(
          "%d private keys; there must be exactly one, as BEGIN PRIVATE KEY, ENCRYPTED PRIVATE KEY, RSA PRIVATE KEY or EC PRIVATE KEY%s"
              .formatted(keys.size(), found(pem)));
    }
    Block key = keys.get(0);
    byte[] der = key.der();
    try {
      return switch (key.label()) {
        case "PRIVATE KEY" -> PrivateKeyDecoder.pkcs8(der);
        case "ENCRYPTED PRIVATE KEY" -> {
          if (password == null) {
            throw new IllegalArgumentException(
                "the private key is encrypted and no password is given");
          }
          yield PrivateKeyDecoder.encryptedPkcs8(der, password);
        }
        case "RSA PRIVATE KEY" -> PrivateKeyDecoder.pkcs1(der);
        case "EC PRIVATE KEY" -> PrivateKeyDecoder.sec1(der);
        default ->
            throw new IllegalArgumentException("a private key in the unknown form " + key.label());
      };
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException(e.getMessage(), e);
    }
  }

  /** A certificate as PEM text. */
  public static String encode(X509Certificate certificate) {
    try {
      return encode(CERTIFICATE, certificate.getEncoded());
    } catch (CertificateException e) {
      throw new IllegalArgumentException(e);
    }
  }

  /** A private key as PEM text, PKCS#8 and not encrypted. */
  public static String encode(PrivateKey key) {
    return encode("PRIVATE KEY", key.getEncoded());
  }

  private static String encode(String label, byte[] der) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    return "-----BEGIN " + label + "-----\n" + body + "\n-----END " + label + "-----\n";
  }

  private static X509Certificate certificate(Block block, int position) {
    try {
      CertificateFactory factory = CertificateFactory.getInstance("X.509");
      return (X509Certificate) factory.generateCertificate(new ByteArrayInputStream(block.der()));
    } catch (CertificateException e) {
      throw new IllegalArgumentException(
          "certificate " + position + " can't be parsed: " + e.getMessage(), e);
    }
  }

  private static List<Block> blocks(String pem) {
    List<Block> blocks = new ArrayList<>();
    Matcher matcher = BLOCK.matcher(pem);
    while (matcher.find()) {
      blocks.add(new Block(matcher.group(1), matcher.group(2)));
    }
    return blocks;
  }

  private static String found(String pem) {
    List<Block> blocks = blocks(pem);
    return blocks.isEmpty()
        ? " (the text holds no PEM block at all)"
        : " (found: " + blocks.stream().map(Block::label).collect(Collectors.joining(", ")) + ")";
  }
}
