package dev.sluice.tls;

import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.PrivateKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Identities from the forms that keys and certificates are kept in. Errors are {@link
 * IllegalArgumentException}s.
 */
public final class TlsIdentities {
  private TlsIdentities() {}

  /**
   * From PEM texts; the same text may hold both.
   *
   * @param chain the leaf first, then the intermediates
   * @param key the leaf's key
   * @param password of the key, null if it is not encrypted
   */
  public static TlsIdentity pem(String chain, String key, char @Nullable [] password) {
    return TlsIdentity.of(Pem.certificates(chain), Pem.privateKey(key, password));
  }

  /** From PEM files; messages name the file. Reads files: not for a loop. */
  public static TlsIdentity pemFiles(Path chain, Path key, char @Nullable [] password) {
    List<X509Certificate> certificates;
    try {
      certificates = Pem.certificates(read(chain));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(chain + ": " + e.getMessage(), e);
    }
    try {
      return TlsIdentity.of(certificates, Pem.privateKey(read(key), password));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(key + ": " + e.getMessage(), e);
    }
  }

  /**
   * From a key store (PKCS#12 or JKS).
   *
   * @param alias the entry, null if the store holds only one key
   */
  public static TlsIdentity keyStore(KeyStore store, @Nullable String alias, char[] password) {
    try {
      String entry = alias == null ? onlyKey(store) : alias;
      Certificate[] chain = store.getCertificateChain(entry);
      if (chain == null || !(store.getKey(entry, password) instanceof PrivateKey key)) {
        throw new IllegalArgumentException(
            "the key store has no private key with a certificate chain under " + entry);
      }
      List<X509Certificate> certificates = new ArrayList<>(chain.length);
      for (Certificate each : chain) {
        certificates.add((X509Certificate) each);
      }
      return TlsIdentity.of(certificates, key);
    } catch (GeneralSecurityException e) {
      throw new IllegalArgumentException("the key store can't be read: " + e.getMessage(), e);
    }
  }

  private static String onlyKey(KeyStore store) throws GeneralSecurityException {
    List<String> keys = new ArrayList<>();
    for (String alias : Collections.list(store.aliases())) {
      if (store.isKeyEntry(alias)) {
        keys.add(alias);
      }
    }
    if (keys.size() != 1) {
      throw new IllegalArgumentException(
          "the key store holds the keys " + keys + "; say which alias to take");
    }
    return keys.get(0);
  }

  private static String read(Path file) {
    try {
      return Files.readString(file, StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new IllegalArgumentException("can't be read (" + e + ")", e);
    }
  }
}
