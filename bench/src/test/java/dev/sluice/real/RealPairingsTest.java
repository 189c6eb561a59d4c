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
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
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
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * The matrix of real programs: client x listener x origin.
 *
 * <table>
 * <caption>Cells and their checks</caption>
 * <tr><th>client</th><th>nginx clear, nginx TLS, haproxy TLS</th><th>openssl s_server without ALPN</th>
 *     <th>Node</th></tr>
 * <tr><td>curl --http1.1</td><td>GET, 50 MiB download</td><td>GET, 50 MiB download</td>
 *     <td>GET, 50 MiB download, 10 MiB POST</td></tr>
 * <tr><td>java.net.http</td><td>GET, 50 MiB download</td><td>GET, 50 MiB download</td>
 *     <td>GET, 50 MiB download, 10 MiB POST</td></tr>
 * <tr><td>openssl s_client</td><td>GET</td><td>GET</td><td>GET</td></tr>
 * </table>
 *
 * <p>Impossible: a POST to nginx and to s_server, which serve files and don't tell what they got;
 * to a clear listener by s_client, which speaks nothing but TLS. s_client carries the GET alone,
 * since it can't tell where a message ends.
 *
 * <p>The PROXY protocol has a matrix of its own, {@link RealProxyHeaderTest}.
 */
@Tag("real")
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class RealPairingsTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final int CLEAR = 0;
  private static final int TLS = 1;

  private Path folder;
  private Programs programs;
  private ProxyEngine engine;
  private HttpClient client;
  private Path authority;
  private String downloadHash;
  private byte[] upload;

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
    client =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .sslContext(trusting(certificates.certificate()))
            .build();
    downloadHash = sha256(Origins.download());
    upload = new byte[10 << 20];
    new Random(1).nextBytes(upload);
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
            .applicationProtocols("http/1.1")
            .build();
    X509Certificate trusted;
    try (InputStream in = Files.newInputStream(origins.certificate())) {
      trusted = (X509Certificate) CertificateFactory.getInstance("X.509").generateCertificate(in);
    }
    TlsClientConfig back =
        TlsClientConfig.builder()
            .trust(dev.sluice.tls.TlsTrust.of(List.of(trusted)))
            .applicationProtocols("http/1.1")
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
      builder.backend(
          BackendConfig.of(
              origin.name(),
              origin.tls
                  ? ServerConfig.with("s", address, back, "localhost")
                  : ServerConfig.clear("s", address)));
    }
    return builder.build();
  }

  @TestFactory
  List<DynamicTest> curl() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(cell("GET", listener, origin, () -> assertSmall(origin, curl(base + "/small"))));
        cells.add(
            cell(
                "download",
                listener,
                origin,
                () -> assertThat(sha256(curl(base + "/download"))).isEqualTo(downloadHash)));
        if (origin.hashes) {
          Path file = folder.resolve("upload");
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () -> {
                    Files.write(file, upload);
                    assertUploaded(
                        curl("--data-binary", "@" + file, "-H", "Expect:", base + "/upload"));
                  }));
          cells.add(
              cell(
                  "POST after 100-continue",
                  listener,
                  origin,
                  () -> {
                    Files.write(file, upload);
                    assertUploaded(
                        curl(
                            "--data-binary",
                            "@" + file,
                            "-H",
                            "Expect: 100-continue",
                            base + "/upload"));
                  }));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> javaNetHttp() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(cell("GET", listener, origin, () -> assertSmall(origin, get(base + "/small"))));
        cells.add(
            cell(
                "download",
                listener,
                origin,
                () -> assertThat(sha256(get(base + "/download"))).isEqualTo(downloadHash)));
        if (origin.hashes) {
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () ->
                      assertUploaded(
                          body(
                              HttpRequest.newBuilder(URI.create(base + "/upload"))
                                  .POST(HttpRequest.BodyPublishers.ofByteArray(upload))
                                  .build()))));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> opensslClient() {
    List<DynamicTest> cells = new ArrayList<>();
    for (Origin origin : Origin.values()) {
      cells.add(
          cell(
              "GET",
              TLS,
              origin,
              () -> {
                String request =
                    "GET /%s/small HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .formatted(origin);
                String answer =
                    new String(
                        programs.run(
                            request.getBytes(StandardCharsets.US_ASCII),
                            "openssl",
                            "s_client",
                            "-connect",
                            "127.0.0.1:" + port(TLS),
                            "-servername",
                            "localhost",
                            "-CAfile",
                            authority.toString(),
                            "-verify_return_error",
                            "-quiet",
                            "-alpn",
                            "http/1.1",
                            "-no_ign_eof"),
                        StandardCharsets.ISO_8859_1);
                assertThat(answer).startsWith("HTTP/1.1 200");
              }));
    }
    return cells;
  }

  private static DynamicTest cell(
      String what, int listener, Origin origin, org.junit.jupiter.api.function.Executable check) {
    return DynamicTest.dynamicTest(
        what + ", " + (listener == TLS ? "TLS" : "clear") + " listener, " + origin, check);
  }

  private String base(int listener, Origin origin) {
    return (listener == TLS ? "https" : "http") + "://localhost:" + port(listener) + "/" + origin;
  }

  private int port(int listener) {
    return engine.address("web", listener).getPort();
  }

  private byte[] curl(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of("curl", "--http1.1", "-4", "-sS", "--fail", "--max-time", "60", "--cacert"));
    command.add(authority.toString());
    command.addAll(Arrays.asList(arguments));
    return programs.run(new byte[0], command.toArray(new String[0]));
  }

  private byte[] get(String address) throws IOException, InterruptedException {
    return body(HttpRequest.newBuilder(URI.create(address)).build());
  }

  private byte[] body(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }

  private static void assertSmall(Origin origin, byte[] body) throws Exception {
    String text = new String(body, StandardCharsets.US_ASCII);
    assertThat(text).isEqualTo(origin.hashes ? "GET 0 " + sha256(new byte[0]) + "\n" : "small\n");
  }

  private void assertUploaded(byte[] answer) throws Exception {
    assertThat(new String(answer, StandardCharsets.US_ASCII))
        .isEqualTo("POST " + upload.length + " " + sha256(upload) + "\n");
  }

  private static String sha256(byte[] bytes) throws Exception {
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
