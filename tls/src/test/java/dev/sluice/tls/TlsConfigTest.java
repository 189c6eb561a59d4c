package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsVersion;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.NoSuchAlgorithmException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Configurations: everything that is wrong is told at once. */
class TlsConfigTest {
  @Test
  void allProblemsOfAServerAreTold() {
    TlsServerConfig.Builder builder =
        TlsServerConfig.builder()
            .identity(() -> TlsIdentities.pem("junk", "junk", null))
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .identity(
                () ->
                    TlsIdentity.of(
                        TestPki.server(KeyType.RSA_2048).chain(),
                        TestPki.server(KeyType.ECDSA_P256).privateKey()))
            .applicationProtocols("h2", "h2", "")
            .versions(TlsVersion.TLS_1_3)
            .cipherSuites(TlsCipherSuite.TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256);
    TlsConfigException problem = catchThrowableOfType(TlsConfigException.class, builder::build);
    assertThat(problem.problems()).hasSize(5);
    assertThat(problem.problems().get(0)).startsWith("certificate 1: no BEGIN CERTIFICATE block");
    assertThat(problem.problems().get(1)).startsWith("certificate 3: ").contains("does not belong");
    assertThat(problem.problems().get(2)).startsWith("application protocol ''");
    assertThat(problem.problems().get(3)).contains("each may stand there once");
    assertThat(problem.problems().get(4))
        .contains("TLSv1.3 is enabled, but none of its cipher suites");
    assertThat(problem).hasMessageStartingWith("TLS server configuration: ");
  }

  @Test
  void aServerNeedsACertificate() {
    assertThatThrownBy(() -> TlsServerConfig.builder().build())
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("at least one");
  }

  @Test
  void trustAndNoTrustAtOnceIsAContradiction() {
    assertThatThrownBy(
            () ->
                TlsClientConfig.builder()
                    .trust(TestPki.TRUST)
                    .insecureTrustAnyServerCertificate()
                    .build())
        .hasMessageContaining("choose one");
    assertThatThrownBy(() -> TlsTrust.of(List.of())).hasMessageContaining("at least one");
  }

  @Test
  void theSystemsTrustIsTheDefault() {
    TlsClientConfig config = TlsClientConfig.builder().build();
    assertThat(config.verifiesServerCertificates()).isTrue();
    assertThat(TlsTrust.system().certificates()).isNotEmpty();
  }

  @Test
  void keysThatAreTooWeakAreRefused()
      throws NoSuchAlgorithmException, java.security.GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("RSA");
    generator.initialize(1024);
    KeyPair weak = generator.generateKeyPair();
    java.time.Instant now = java.time.Instant.now();
    var certificate =
        dev.sluice.tls.engine.bc.CertificateMaker.make(
            "weak",
            weak.getPublic(),
            dev.sluice.tls.engine.bc.CertificateMaker.Purpose.SERVER,
            List.of("weak.example"),
            now,
            now.plusSeconds(60),
            null,
            weak.getPrivate(),
            new java.security.SecureRandom());
    assertThatThrownBy(() -> TlsIdentity.of(List.of(certificate), weak.getPrivate()))
        .hasMessageContaining("1024 bit RSA")
        .hasMessageContaining("from 2048 bits");
    assertThatThrownBy(() -> TlsIdentity.of(List.of(), weak.getPrivate()))
        .hasMessageContaining("empty");
  }
}
