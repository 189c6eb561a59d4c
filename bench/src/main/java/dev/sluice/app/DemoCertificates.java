package dev.sluice.app;

import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.CertificateEncodingException;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * The demo's certificate authority, and everything signed by it: for the TLS listener, the origins
 * and those who verify them. Lives in memory; only {@link #writeAuthority} leaves a file.
 */
final class DemoCertificates {
  private static final char[] PASSWORD = "in memory".toCharArray();

  private final DevelopmentCertificates authority = DevelopmentCertificates.create();
  private final TlsIdentity localhost =
      authority.server(KeyType.ECDSA_P256, "localhost", "127.0.0.1", "::1");
  private final TlsIdentity domain = authority.server(KeyType.RSA_2048, "*." + DemoRouter.DOMAIN);
  private final TlsIdentity origin = authority.server(KeyType.ECDSA_P256, Origin.HOST_NAME);

  /** For the TLS listener: two certificates, chosen by the name that the client asks for. */
  TlsServerConfig listener() {
    return TlsServerConfig.builder()
        .identity(localhost)
        .identity(domain)
        .applicationProtocols("h2", "http/1.1")
        .build();
  }

  /** For connections to the origins: verified, with h2 and http/1.1 on offer. */
  TlsClientConfig outgoing() {
    return TlsClientConfig.builder()
        .trust(TlsTrust.of(authority.certificate()))
        .applicationProtocols("h2", "http/1.1")
        .build();
  }

  /** For origins that speak h2 over TLS. */
  TlsServerConfig h2Origin(List<String> protocols) {
    return TlsServerConfig.builder()
        .identity(origin)
        .applicationProtocols(protocols.toArray(new String[0]))
        .build();
  }

  /** For the sockets of the other origins. */
  SSLContext originContext() throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    X509Certificate[] chain = origin.chain().toArray(new X509Certificate[0]);
    store.setKeyEntry("origin", origin.privateKey(), PASSWORD, chain);
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, PASSWORD);
    return context(keys.getKeyManagers(), null);
  }

  /** For the demo's client, which trusts this authority alone. */
  SSLContext clientContext() throws GeneralSecurityException, IOException {
    KeyStore store = emptyStore();
    store.setCertificateEntry("authority", authority.certificate());
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    return context(null, trust.getTrustManagers());
  }

  /**
   * Writes the authority's certificate for other programs to trust.
   *
   * @return the file, which is new
   */
  Path writeAuthority() throws IOException {
    byte[] der;
    try {
      der = authority.certificate().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IOException("the authority's certificate can't be encoded", e);
    }
    String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der);
    Path file = newFile();
    Files.writeString(
        file,
        "-----BEGIN CERTIFICATE-----\n" + text + "\n-----END CERTIFICATE-----\n",
        StandardCharsets.US_ASCII);
    return file;
  }

  /** A person has to read and paste the name, so a short one is tried first. */
  private static Path newFile() throws IOException {
    String name = "sluice-ca-" + ProcessHandle.current().pid() + ".pem";
    try {
      return Files.createFile(Path.of(System.getProperty("java.io.tmpdir"), name));
    } catch (FileAlreadyExistsException e) {
      return Files.createTempFile("sluice-ca-", ".pem");
    }
  }

  private static KeyStore emptyStore() throws GeneralSecurityException, IOException {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    return store;
  }

  private static SSLContext context(KeyManager @Nullable [] keys, TrustManager @Nullable [] trust)
      throws GeneralSecurityException {
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys, trust, new SecureRandom());
    return context;
  }
}
