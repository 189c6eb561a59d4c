package dev.sluice.acceptance;

import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsVersion;
import java.io.IOException;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import javax.net.ssl.TrustManagerFactory;

/** The certificates of all scenarios, and configurations of TLS over them. */
final class Pki {
  /** The name of the proxy's certificate, and of the servers'. */
  static final String NAME = "a.example";

  private static final DevelopmentCertificates AUTHORITY = DevelopmentCertificates.create();
  private static final TlsIdentity IDENTITY = AUTHORITY.server(KeyType.ECDSA_P256, NAME);
  private static final TlsTrust TRUST = TlsTrust.of(AUTHORITY.certificate());
  private static final TlsVersion[] BOTH = {TlsVersion.TLS_1_3, TlsVersion.TLS_1_2};

  private Pki() {}

  /** A server's side. */
  static TlsServerConfig server(String... protocols) {
    return serverOf(BOTH, protocols);
  }

  /** A server's side with one version. */
  static TlsServerConfig server(TlsVersion version, String... protocols) {
    return serverOf(new TlsVersion[] {version}, protocols);
  }

  private static TlsServerConfig serverOf(TlsVersion[] versions, String... protocols) {
    return TlsServerConfig.builder()
        .identity(IDENTITY)
        .applicationProtocols(protocols)
        .versions(versions)
        .random(random())
        .build();
  }

  /** A client's side. */
  static TlsClientConfig client(String... protocols) {
    return clientOf(BOTH, protocols);
  }

  /** A client's side with one version. */
  static TlsClientConfig client(TlsVersion version, String... protocols) {
    return clientOf(new TlsVersion[] {version}, protocols);
  }

  private static TlsClientConfig clientOf(TlsVersion[] versions, String... protocols) {
    return TlsClientConfig.builder()
        .trust(TRUST)
        .applicationProtocols(protocols)
        .versions(versions)
        .random(random())
        .build();
  }

  /** The JDK's engine as a server. */
  static SSLEngine jdkServer(TlsVersion version, String... protocols) {
    SSLEngine engine = context().createSSLEngine();
    engine.setUseClientMode(false);
    return with(engine, version, protocols);
  }

  /** The JDK's engine as a client. */
  static SSLEngine jdkClient(TlsVersion version, String... protocols) {
    SSLEngine engine = context().createSSLEngine(NAME, 443);
    engine.setUseClientMode(true);
    return with(engine, version, protocols);
  }

  /** The JDK's TLS over a connected socket, with ALPN. */
  static SSLSocket jdkSocket(Socket connected) throws IOException {
    SSLSocket socket =
        (SSLSocket)
            context().getSocketFactory().createSocket(connected, NAME, connected.getPort(), true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(new String[] {"http/1.1"});
    socket.setSSLParameters(parameters);
    return socket;
  }

  private static SSLEngine with(SSLEngine engine, TlsVersion version, String... protocols) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    parameters.setProtocols(new String[] {version == TlsVersion.TLS_1_3 ? "TLSv1.3" : "TLSv1.2"});
    engine.setSSLParameters(parameters);
    return engine;
  }

  private static SSLContext context() {
    try {
      char[] password = "secret".toCharArray();
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("ca", AUTHORITY.certificate());
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trust);
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      keys.setKeyEntry(
          "key", IDENTITY.privateKey(), password, IDENTITY.chain().toArray(new X509Certificate[0]));
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      keyManagers.init(keys, password);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | IOException e) {
      throw new AssertionError(e);
    }
  }

  /** Repeats itself, so that a run does. */
  private static SecureRandom random() {
    try {
      SecureRandom random = SecureRandom.getInstance("SHA1PRNG");
      random.setSeed(1);
      return random;
    } catch (GeneralSecurityException e) {
      throw new AssertionError(e);
    }
  }
}
