package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static dev.sluice.acceptance.Stage.L2;
import static dev.sluice.acceptance.Stage.MILLI;
import static dev.sluice.acceptance.Stage.SECOND;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.observe.Retirement;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.tls.DevelopmentCertificates;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.TlsClientConfig;
import dev.sluice.tls.TlsConfigException;
import dev.sluice.tls.TlsIdentities;
import dev.sluice.tls.TlsServerConfig;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Scenario TLS2: certificates, trust and keys are renewed while the engine runs. */
class CertificatesRenewedTest {
  private static final String A = "a.test";
  private static final String B_NAME = "b.test";
  private static final String OTHER = "other.test";
  private static final DevelopmentCertificates T1 = DevelopmentCertificates.create();
  private static final DevelopmentCertificates T2 = DevelopmentCertificates.create();
  private static final TlsIdentity A1 = T1.server(KeyType.ECDSA_P256, A);
  private static final TlsIdentity A2 = T1.server(KeyType.ECDSA_P256, A);
  private static final TlsIdentity B1 = T1.server(KeyType.ECDSA_P256, B_NAME);
  private static final TlsIdentity DEFAULT = T1.server(KeyType.ECDSA_P256, "default.test");
  private static final TlsIdentity K1 = T1.client(KeyType.ECDSA_P256, "proxy");
  private static final TlsIdentity K2 = T2.client(KeyType.ECDSA_P256, "proxy");
  private static final TlsIdentity ORIGIN1 = T1.server(KeyType.ECDSA_P256, Pki.NAME);
  private static final TlsIdentity ORIGIN2 = T2.server(KeyType.ECDSA_P256, Pki.NAME);

  private final Stage stage = new Stage();
  private final TlsClientConfig browser =
      TlsClientConfig.builder()
          .insecureTrustAnyServerCertificate()
          .applicationProtocols("http/1.1")
          .build();
  private final List<TlsEngine> origins = new ArrayList<>();

  private static TlsServerConfig front(TlsIdentity a, TlsIdentity b) {
    return TlsServerConfig.builder()
        .identity(DEFAULT)
        .identity(a)
        .identity(b)
        .applicationProtocols("h2", "http/1.1")
        .build();
  }

  private static TlsClientConfig back(DevelopmentCertificates trust, TlsIdentity own) {
    return TlsClientConfig.builder()
        .trust(TlsTrust.of(trust.certificate()))
        .identity(own)
        .applicationProtocols("http/1.1")
        .build();
  }

  private static TlsServerConfig origin(TlsIdentity own, DevelopmentCertificates clients) {
    return TlsServerConfig.builder()
        .identity(own)
        .clientCertificates(ClientAuthentication.REQUIRED, TlsTrust.of(clients.certificate()))
        .applicationProtocols("http/1.1")
        .build();
  }

  private void start(ServerConfig server) {
    stage.start(front(A1, B1), server, builder -> builder.mux(new H2MuxProvider()));
  }

  private void renewListener(TransportConfig next) {
    stage
        .engine()
        .renewTransports(
            List.of(
                new FrontendConfig(
                    "front",
                    ProxyMode.HTTP,
                    List.of(ListenerConfig.with(L2, next)),
                    new ToBackend("b"))),
            List.of());
  }

  private void renewServer(TlsClientConfig next) {
    stage
        .engine()
        .renewTransports(List.of(), List.of(BackendConfig.of("b", Stage.secure(B, next))));
  }

  /** Makes a request over a connection of its own; tells the certificate that it was shown. */
  private X509Certificate shown(String name) {
    return certificate(request(name));
  }

  private TlsEngine request(String name) {
    TlsEngine engine = browser.newEngine(name);
    H1Client client = stage.client(L2, () -> new EngineEnd(engine));
    stage.await(client.get("/"), 1);
    assertThat(client.status()).isEqualTo(200);
    client.wire().close();
    return engine;
  }

  private static X509Certificate certificate(TlsEngine engine) {
    return Objects.requireNonNull(engine.facts()).peerCertificates().get(0);
  }

  private static boolean resumed(TlsEngine engine) {
    return Objects.requireNonNull(engine.facts()).resumed();
  }

  @Test
  void handshakesBegunAfterTheSwapShowTheNewCertificateAndADownloadGoesOn() {
    StringBuilder sent = new StringBuilder();
    stage
        .origin()
        .answering(
            (request, on) -> {
              if (!request.path().equals("/long")) {
                on.ok(request.path());
                return;
              }
              on.wire().write("HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n");
              for (int i = 0; i < 100; i++) {
                String part = "%010d".formatted(i);
                on.after(
                    10L * i * MILLI,
                    () -> {
                      sent.append(part);
                      on.wire().write(part);
                    });
              }
            });
    start(Stage.clear(B));
    TlsEngine engine =
        TlsClientConfig.builder()
            .insecureTrustAnyServerCertificate()
            .applicationProtocols("h2")
            .build()
            .newEngine(A);
    H2Client download = H2Client.connect(stage.simulation(), L2, () -> new EngineEnd(engine));
    H2Client.Answer answer = download.get("/long");
    for (int i = 0; i < 10; i++) {
      assertThat(shown(A)).isEqualTo(A1.leaf());
      assertThat(shown(B_NAME)).isEqualTo(B1.leaf());
    }

    renewListener(front(A2, B1));

    for (int i = 0; i < 10; i++) {
      assertThat(shown(A)).isEqualTo(A2.leaf());
      assertThat(shown(B_NAME)).isEqualTo(B1.leaf());
      assertThat(shown(OTHER)).isEqualTo(DEFAULT.leaf());
    }
    assertThat(answer.over()).as("still under way").isFalse();
    stage.simulation().runUntil(answer::over);
    assertThat(answer.content.toString()).hasSize(1000).isEqualTo(sent.toString());
    download.close();
    stage.leak();
  }

  @Test
  void aSessionIsNotResumedAcrossTheSwap() {
    stage.origin();
    start(Stage.clear(B));
    assertThat(resumed(request(A))).isFalse();
    assertThat(resumed(request(A))).isTrue();
    renewListener(front(A2, B1));
    assertThat(resumed(request(A))).isFalse();
    assertThat(resumed(request(A))).isTrue();
    stage.leak();
  }

  @Test
  void aBrokenFileIsReportedAndChangesNothing(@TempDir Path folder) throws IOException {
    stage.origin();
    start(Stage.clear(B));
    Path broken = Files.writeString(folder.resolve("b.pem"), "-----BEGIN CERTIFICATE-----\nno\n");
    assertThatThrownBy(
            () ->
                renewListener(
                    TlsServerConfig.builder()
                        .identity(A2)
                        .identity(() -> TlsIdentities.pemFiles(broken, broken, null))
                        .build()))
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("b.pem");
    assertThat(shown(B_NAME)).isEqualTo(B1.leaf());
    assertThat(shown(A)).isEqualTo(A1.leaf());
    stage.leak();
  }

  @Test
  void allOfItIsPutInForceOrNothing() {
    stage.origin();
    start(Stage.clear(B));
    FrontendConfig good =
        new FrontendConfig(
            "front",
            ProxyMode.HTTP,
            List.of(
                ListenerConfig.with(L2, front(A2, B1)),
                ListenerConfig.with(new InetSocketAddress("192.0.2.10", 1), front(A2, B1))),
            new ToBackend("b"));
    assertThatThrownBy(
            () ->
                stage
                    .engine()
                    .renewTransports(
                        List.of(good),
                        List.of(BackendConfig.of("b", Stage.secure(B, back(T1, K1))))))
        .isInstanceOfSatisfying(
            ConfigurationException.class,
            e ->
                assertThat(e.problems())
                    .hasSize(2)
                    .anyMatch(line -> line.contains("192.0.2.10:1") && line.contains("not there"))
                    .anyMatch(line -> line.contains("servers.s") && line.contains("transport")));
    assertThatThrownBy(() -> renewListener(Pki.server("http/1.1")))
        .isInstanceOf(ConfigurationException.class)
        .hasMessageContaining("[h2, http/1.1], and can't become [http/1.1]");
    assertThat(shown(A)).isEqualTo(A1.leaf());
    stage.leak();
  }

  @Test
  void afterATrustSwapOldPooledConnectionsAreRetiredWithoutCuttingRequests() {
    TlsServerConfig first = origin(ORIGIN1, T1);
    TlsServerConfig second = origin(ORIGIN2, T2);
    boolean[] switched = new boolean[1];
    H1Origin origin =
        H1Origin.listen(
            stage.simulation(),
            B,
            () -> {
              TlsEngine engine = (switched[0] ? second : first).newEngine();
              origins.add(engine);
              return new EngineEnd(engine);
            });
    origin.answering(
        (request, on) -> {
          long thinks = request.path().equals("/slow") ? SECOND : 0;
          on.after(thinks + 1, () -> on.ok(request.path()));
        });
    stage.start(front(A1, B1), Stage.secure(B, back(T1, K1)), UnaryOperator.identity());
    H1Client slow = stage.client().get("/slow");
    H1Client quick = stage.client();
    stage.await(quick.get("/1"), 1);
    assertThat(stage.server().idle()).isEqualTo(1);
    assertThat(origin.connections()).hasSize(2);

    switched[0] = true;
    renewServer(back(T2, K2));
    stage.runFor(10 * MILLI);
    assertThat(stage.server().idle()).as("what was idle is gone").isZero();

    stage.await(quick.get("/2"), 2);
    assertThat(quick.response(1).status()).isEqualTo(200);
    assertThat(origin.connections()).hasSize(3);
    assertThat(certificate(origins.get(2))).isEqualTo(K2.leaf());

    stage.await(slow, 1);
    assertThat(slow.status()).as("the request under way").isEqualTo(200);
    stage.runFor(10 * MILLI);
    assertThat(origin.open()).as("the old connection is gone").isEqualTo(1);
    stage.await(slow.get("/3"), 2);
    assertThat(origin.connections()).as("the new one is used again").hasSize(3);
    assertThat(stage.server().retirements()).containsEntry(Retirement.RENEWED, 2L);
    assertThat(stage.connectFailures()).isEmpty();
    stage.leak();
  }
}
