package dev.sluice.real;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsServerConfig;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.CertificateFactory;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * What the matrix of real programs has in common: the origins, the engine between them and the
 * clients, and the checks. The origins speak what their names say, the clear listener whatever its
 * client begins with, and the TLS listener h2 and http/1.1.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
abstract class RealMatrix {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  static final int CLEAR = 0;
  static final int TLS = 1;

  Path folder;
  Programs programs;
  Path authority;
  String downloadHash;
  byte[] upload;
  SSLContext trust;
  private ProxyEngine engine;

  @BeforeAll
  void startEverything(@TempDir Path temporary) throws Exception {
    folder = temporary.toRealPath();
    programs = new Programs(folder);
    Origins origins = new Origins(folder);
    origins.start(programs);
    DevelopmentCertificates certificates = DevelopmentCertificates.create();
    authority = folder.resolve("ca.pem");
    Files.writeString(authority, pem(certificates.certificate()));
    engine = engine(origins, certificates);
    engine.start();
    trust = trusting(certificates.certificate());
    downloadHash = sha256(Origins.download());
    upload = new byte[10 << 20];
    new Random(1).nextBytes(upload);
    Files.write(folder.resolve("upload"), upload);
  }

  @AfterAll
  void stopEverything() {
    if (engine != null) {
      engine.stop();
    }
    if (programs != null) {
      programs.close();
    }
  }

  private static ProxyEngine engine(Origins origins, DevelopmentCertificates certificates)
      throws Exception {
    TlsServerConfig front =
        TlsServerConfig.builder()
            .identity(certificates.server(KeyType.ECDSA_P256, "localhost"))
            .applicationProtocols("h2", "http/1.1")
            .build();
    X509Certificate trusted;
    try (InputStream in = Files.newInputStream(origins.certificate())) {
      trusted = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    TlsClientConfig back =
        TlsClientConfig.builder()
            .trust(dev.sluice.tls.TlsTrust.of(List.of(trusted)))
            .applicationProtocols("h2", "http/1.1")
            .build();
    var builder =
        ProxyEngine.builder()
            .frontend(
                "web",
                ProxyMode.HTTP,
                Origin.NGINX_CLEAR.name(),
                ListenerConfig.clear(ANY),
                ListenerConfig.with(ANY, front))
            .router(
                call -> {
                  String path = String.valueOf(call.request().path());
                  int slash = path.indexOf('/', 1);
                  call.request().setPath(path.substring(slash));
                  call.forward(path.substring(1, slash));
                });
    for (Origin origin : Origin.values()) {
      InetSocketAddress address =
          new InetSocketAddress(InetAddress.getLoopbackAddress(), origins.port(origin));
      ServerConfig server =
          origin.tls
              ? ServerConfig.with("s", address, back, "localhost")
              : ServerConfig.clear("s", address);
      boolean forced = origin.h2 && !origin.tls;
      builder.backend(BackendConfig.of(origin.name(), forced ? server.withMux("h2") : server));
    }
    return builder.build();
  }

  static DynamicTest cell(
      String what, int listener, Origin origin, org.junit.jupiter.api.function.Executable check) {
    return DynamicTest.dynamicTest(
        what + ", " + (listener == TLS ? "TLS" : "clear") + " listener, " + origin, check);
  }

  final String base(int listener, Origin origin) {
    return (listener == TLS ? "https" : "http") + "://localhost:" + port(listener) + "/" + origin;
  }

  final int port(int listener) {
    return engine.address("web", listener).getPort();
  }

  /** Runs curl, which gets nothing but the version and what is wanted of it from here. */
  final byte[] curl(String version, String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("curl", version, "-4", "-sS", "--fail", "--max-time", "60", "--cacert"));
    command.add(authority.toString());
    command.addAll(Arrays.asList(arguments));
    return programs.run(new byte[0], command.toArray(new String[0]));
  }

  static void assertSmall(Origin origin, byte[] body) throws Exception {
    String text = new String(body, StandardCharsets.US_ASCII);
    assertThat(text).isEqualTo(origin.hashes ? "GET 0 " + sha256(new byte[0]) + "\n" : "small\n");
  }

  final void assertUploaded(byte[] answer) throws Exception {
    assertThat(new String(answer, StandardCharsets.US_ASCII))
        .isEqualTo("POST " + upload.length + " " + sha256(upload) + "\n");
  }

  static String sha256(byte[] bytes) throws Exception {
    return HexFormat.of().formatHex(MessageDigest.getInstance("SHA-256").digest(bytes));
  }

  private static String pem(X509Certificate certificate) throws Exception {
    return "-----BEGIN CERTIFICATE-----\n"
        + Base64.getMimeEncoder().encodeToString(certificate.getEncoded())
        + "\n-----END CERTIFICATE-----\n";
  }

  private static SSLContext trusting(X509Certificate certificate) throws Exception {
    KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
    store.load(null, null);
    store.setCertificateEntry("authority", certificate);
    TrustManagerFactory factory =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    factory.init(store);
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(null, factory.getTrustManagers(), null);
    return made;
  }
}
