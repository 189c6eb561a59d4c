package dev.sluice.bench.tls;

import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.Provider;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509TrustManager;

/** The server's certificate, on P-256, and the authority that all clients trust. */
final class BenchPki {
  static final String NAME = "www.example.com";
  static final DevelopmentCertificates AUTHORITY = DevelopmentCertificates.create();
  static final TlsIdentity IDENTITY = AUTHORITY.server(KeyType.ECDSA_P256, NAME);

  private static final char[] PASSWORD = "secret".toCharArray();

  private BenchPki() {}

  /** From a provider of its own, since BouncyCastle asks for keys by names that only it knows. */
  static KeyManagerFactory keyManagers(Provider provider) {
    try {
      KeyStore keys = emptyStore();
      keys.setKeyEntry(
          "key", IDENTITY.privateKey(), PASSWORD, IDENTITY.chain().toArray(new X509Certificate[0]));
      KeyManagerFactory managers = KeyManagerFactory.getInstance("PKIX", provider);
      managers.init(keys, PASSWORD);
      return managers;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static TrustManagerFactory trustManagers() {
    try {
      KeyStore trusted = emptyStore();
      trusted.setCertificateEntry("authority", AUTHORITY.certificate());
      TrustManagerFactory managers = TrustManagerFactory.getInstance("PKIX");
      managers.init(trusted);
      return managers;
    } catch (GeneralSecurityException | IOException e) {
      throw new IllegalStateException(e);
    }
  }

  static X509TrustManager trustManager() {
    return (X509TrustManager) trustManagers().getTrustManagers()[0];
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }
}
