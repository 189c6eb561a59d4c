package dev.sluice.tls;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsIdentity;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.EnumMap;
import java.util.Map;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;
import org.jspecify.annotations.Nullable;

/**
 * Certificates that all tests share, since keys are slow to make; and the JDK's engines over them.
 */
final class TestPki {
  static final String NAME = "www.example.com";
  static final DevelopmentCertificates AUTHORITY = DevelopmentCertificates.create();
  static final DevelopmentCertificates OTHER_AUTHORITY = DevelopmentCertificates.create();
  static final TlsTrust TRUST = TlsTrust.of(AUTHORITY.certificate());

  private static final char[] PASSWORD = "secret".toCharArray();
  private static final Map<KeyType, TlsIdentity> SERVERS = new EnumMap<>(KeyType.class);

  private TestPki() {}

  /** A server for {@link #NAME}, *.sub.example.com, 127.0.0.1 and ::1. */
  static synchronized TlsIdentity server(KeyType kind) {
    return SERVERS.computeIfAbsent(
        kind, key -> AUTHORITY.server(key, NAME, "*.sub.example.com", "127.0.0.1", "::1"));
  }

  static SSLEngine jdkServer(TlsIdentity identity, String... protocols) {
    SSLEngine engine = context(identity, AUTHORITY.certificate()).createSSLEngine();
    engine.setUseClientMode(false);
    setProtocols(engine, protocols);
    return engine;
  }

  static SSLEngine jdkClient(String... protocols) {
    return jdkClient((TlsIdentity) null, protocols);
  }

  static SSLEngine jdkClient(@Nullable TlsIdentity own, String... protocols) {
    SSLEngine engine = context(own, AUTHORITY.certificate()).createSSLEngine(NAME, 443);
    engine.setUseClientMode(true);
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setEndpointIdentificationAlgorithm("HTTPS");
    engine.setSSLParameters(parameters);
    setProtocols(engine, protocols);
    return engine;
  }

  private static void setProtocols(SSLEngine engine, String... protocols) {
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setApplicationProtocols(protocols);
    engine.setSSLParameters(parameters);
  }

  static SSLContext context(@Nullable TlsIdentity identity, X509Certificate trusted) {
    try {
      KeyStore trust = KeyStore.getInstance("PKCS12");
      trust.load(null, null);
      trust.setCertificateEntry("ca", trusted);
      TrustManagerFactory trustManagers = TrustManagerFactory.getInstance("PKIX");
      trustManagers.init(trust);
      KeyManagerFactory keyManagers = KeyManagerFactory.getInstance("PKIX");
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(null, null);
      if (identity != null) {
        keys.setKeyEntry(
            "key",
            identity.privateKey(),
            PASSWORD,
            identity.chain().toArray(new X509Certificate[0]));
      }
      keyManagers.init(keys, PASSWORD);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(
          keyManagers.getKeyManagers(), trustManagers.getTrustManagers(), new SecureRandom());
      return context;
    } catch (GeneralSecurityException | java.io.IOException e) {
      throw new AssertionError(e);
    }
  }
}
