package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import dev.sluice.tls.engine.TlsVersion;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.List;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Who is believed: server certificates, names, and client certificates, each refusal with its
 * alert.
 */
class EngineCertificateTest {
  private static EnginePeer client(TlsTrust trust, String name) {
    return new EnginePeer(TlsClientConfig.builder().trust(trust).build().newEngine(name));
  }

  private static EnginePeer server(TlsVersion version, TlsIdentity... identities) {
    TlsServerConfig.Builder builder = TlsServerConfig.builder().versions(version);
    for (TlsIdentity identity : identities) {
      builder.identity(identity);
    }
    return new EnginePeer(builder.build().newEngine());
  }

  private static void refused(
      EnginePeer client, EnginePeer server, TlsFailureCause cause, int alert) {
    Link.run(client, server);
    assertThat(client.failure().cause()).isEqualTo(cause);
    assertThat(client.failure().alertSent()).isEqualTo(alert);
    assertThat(client.failure().message()).contains(TlsAlert.text(alert));
    // In TLS 1.3 the alert comes before the client's Finished, so the server never opens either.
    assertThat(server.open()).isFalse();
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.PEER_ALERT);
    assertThat(server.failure().alertReceived()).isEqualTo(alert);
    assertThat(server.failure().message()).isEqualTo("client sent alert " + TlsAlert.text(alert));
  }

  @ParameterizedTest
  @EnumSource
  void aCertificateForAnotherNameIsRefused(TlsVersion version) {
    refused(
        client(TestPki.TRUST, "other.example.com"),
        server(version, TestPki.server(KeyType.ECDSA_P256)),
        TlsFailureCause.CERTIFICATE_NAME_MISMATCH,
        TlsAlert.BAD_CERTIFICATE);
  }

  @ParameterizedTest
  @EnumSource
  void anUnknownAuthorityIsRefused(TlsVersion version) {
    refused(
        client(TlsTrust.of(TestPki.OTHER_AUTHORITY.certificate()), TestPki.NAME),
        server(version, TestPki.server(KeyType.ECDSA_P256)),
        TlsFailureCause.CERTIFICATE_UNTRUSTED,
        TlsAlert.UNKNOWN_CA);
  }

  @ParameterizedTest
  @EnumSource
  void anExpiredCertificateIsRefused(TlsVersion version) {
    Instant now = Instant.now();
    TlsIdentity expired =
        TestPki.AUTHORITY.server(
            KeyType.ECDSA_P256,
            now.minus(Duration.ofDays(20)),
            now.minus(Duration.ofDays(10)),
            TestPki.NAME);
    refused(
        client(TestPki.TRUST, TestPki.NAME),
        server(version, expired),
        TlsFailureCause.CERTIFICATE_EXPIRED,
        TlsAlert.CERTIFICATE_EXPIRED);
  }

  @Test
  void aCertificateThatIsNotYetValidIsRefused() {
    Instant now = Instant.now();
    TlsIdentity early =
        TestPki.AUTHORITY.server(
            KeyType.ECDSA_P256,
            now.plus(Duration.ofDays(1)),
            now.plus(Duration.ofDays(2)),
            TestPki.NAME);
    refused(
        client(TestPki.TRUST, TestPki.NAME),
        server(TlsVersion.TLS_1_3, early),
        TlsFailureCause.CERTIFICATE_EXPIRED,
        TlsAlert.CERTIFICATE_EXPIRED);
  }

  @Test
  void validityIsJudgedByTheClockThatWasGiven() {
    Clock later = Clock.fixed(Instant.now().plus(Duration.ofDays(365)), ZoneOffset.UTC);
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder()
                .trust(TestPki.TRUST)
                .clock(later)
                .build()
                .newEngine(TestPki.NAME));
    refused(
        client,
        server(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256)),
        TlsFailureCause.CERTIFICATE_EXPIRED,
        TlsAlert.CERTIFICATE_EXPIRED);
  }

  @ParameterizedTest
  @EnumSource
  void aClientsCertificateIsNoServersCertificate(TlsVersion version) {
    refused(
        client(TestPki.TRUST, TestPki.NAME),
        server(version, TestPki.AUTHORITY.client(KeyType.ECDSA_P256, TestPki.NAME)),
        TlsFailureCause.CERTIFICATE_INVALID,
        TlsAlert.UNSUPPORTED_CERTIFICATE);
  }

  @Test
  void anAddressIsVerifiedAgainstAddressesAndSendsNoName() {
    for (String address : List.of("127.0.0.1", "::1", "0:0:0:0:0:0:0:1")) {
      EnginePeer client = client(TestPki.TRUST, address);
      EnginePeer server = server(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256));
      Link.run(client, server);
      assertThat(client.problem()).isEmpty();
      assertThat(server.facts().serverName()).isNull();
    }
    refused(
        client(TestPki.TRUST, "127.0.0.2"),
        server(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256)),
        TlsFailureCause.CERTIFICATE_NAME_MISMATCH,
        TlsAlert.BAD_CERTIFICATE);
  }

  @Test
  void withoutANameAVerifyingClientRefuses() {
    EnginePeer client =
        new EnginePeer(TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(null));
    refused(
        client,
        server(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256)),
        TlsFailureCause.CERTIFICATE_NAME_MISMATCH,
        TlsAlert.BAD_CERTIFICATE);
  }

  @Test
  void onlyTheSettingThatSaysSoTrustsAnyone() {
    TlsClientConfig config = TlsClientConfig.builder().insecureTrustAnyServerCertificate().build();
    assertThat(config.verifiesServerCertificates()).isFalse();
    EnginePeer client = new EnginePeer(config.newEngine("whatever.example"));
    EnginePeer server =
        server(TlsVersion.TLS_1_3, TestPki.OTHER_AUTHORITY.server(KeyType.ECDSA_P256, "some.name"));
    Link.run(client, server);
    assertThat(client.open() && server.open()).isTrue();
    assertThat(client.facts().peerCertificates()).hasSize(1);
  }

  @Test
  void aPinnedLeafNeedsNoAuthority() {
    TlsIdentity identity = TestPki.OTHER_AUTHORITY.server(KeyType.ECDSA_P256, TestPki.NAME);
    EnginePeer client = client(TlsTrust.of(identity.leaf()), TestPki.NAME);
    EnginePeer server = server(TlsVersion.TLS_1_3, identity);
    Link.run(client, server);
    assertThat(client.problem()).isEmpty();
  }

  @Test
  void anAuthorityOfTheSameNameWithAnotherKeyIsUnknown() {
    // Both development authorities have one name; only the signature tells them apart.
    assertThat(TestPki.OTHER_AUTHORITY.certificate().getSubjectX500Principal())
        .isEqualTo(TestPki.AUTHORITY.certificate().getSubjectX500Principal());
    EnginePeer client =
        client(
            TlsTrust.of(TestPki.OTHER_AUTHORITY.certificate(), TestPki.AUTHORITY.certificate()),
            TestPki.NAME);
    EnginePeer server = server(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256));
    Link.run(client, server);
    assertThat(client.problem()).isEmpty();
  }

  @Test
  void certificatesAreChosenByName() {
    TlsIdentity first = TestPki.server(KeyType.ECDSA_P256);
    TlsIdentity other = TestPki.AUTHORITY.server(KeyType.ECDSA_P256, "other.example.com");
    EnginePeer client = client(TestPki.TRUST, "OTHER.example.com.");
    EnginePeer server = server(TlsVersion.TLS_1_3, first, other);
    Link.run(client, server);
    assertThat(client.problem()).isEmpty();
    assertThat(client.facts().peerCertificates()).containsExactly(other.leaf());
    assertThat(server.facts().serverName()).isEqualTo("other.example.com");
    EnginePeer wildcard = client(TestPki.TRUST, "a.sub.example.com");
    Link.run(wildcard, server(TlsVersion.TLS_1_2, other, first));
    assertThat(wildcard.problem()).isEmpty();
    assertThat(wildcard.facts().peerCertificates()).containsExactly(first.leaf());
  }

  @ParameterizedTest
  @EnumSource
  void strictServersRefuseUnknownNames(TlsVersion version) {
    TlsServerConfig config =
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .versions(version)
            .strictServerNames()
            .build();
    EnginePeer client = client(TestPki.TRUST, "unknown.example");
    EnginePeer server = new EnginePeer(config.newEngine());
    Link.run(client, server);
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.UNKNOWN_SERVER_NAME);
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.UNRECOGNIZED_NAME);
    assertThat(client.failure().alertReceived()).isEqualTo(TlsAlert.UNRECOGNIZED_NAME);
  }

  @ParameterizedTest
  @EnumSource
  void oneNameCanHaveAnRsaAndAnEcdsaCertificate(TlsVersion version) {
    TlsIdentity ecdsa = TestPki.server(KeyType.ECDSA_P256);
    TlsIdentity rsa = TestPki.server(KeyType.RSA_2048);
    SSLEngine rsaOnly = TestPki.jdkClient();
    rsaOnly.setEnabledProtocols(new String[] {version.text()});
    if (version == TlsVersion.TLS_1_2) {
      rsaOnly.setEnabledCipherSuites(new String[] {"TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"});
    }
    JdkPeer client = new JdkPeer(rsaOnly);
    EnginePeer server = server(version, ecdsa, rsa);
    Link.run(client, server);
    assertThat(client.problem() + server.problem()).isEmpty();
    EnginePeer preferred = client(TestPki.TRUST, TestPki.NAME);
    Link.run(preferred, server(version, ecdsa, rsa));
    assertThat(preferred.facts().peerCertificates()).containsExactly(ecdsa.leaf());
  }

  @ParameterizedTest
  @EnumSource
  void clientCertificatesAreAskedForShownAndVerified(TlsVersion version) {
    for (KeyType kind : KeyType.values()) {
      TlsIdentity own = TestPki.AUTHORITY.client(kind, "someone");
      EnginePeer server = authenticating(version, ClientAuthentication.REQUIRED);
      EnginePeer client =
          new EnginePeer(
              TlsClientConfig.builder()
                  .trust(TestPki.TRUST)
                  .identity(own)
                  .build()
                  .newEngine(TestPki.NAME));
      Link.run(client, server);
      assertThat(client.problem() + server.problem()).isEmpty();
      assertThat(server.facts().peerCertificates()).containsExactly(own.leaf());
      EnginePeer serverForJdk = authenticating(version, ClientAuthentication.REQUIRED);
      JdkPeer jdk = new JdkPeer(TestPki.jdkClient(own));
      Link.run(jdk, serverForJdk);
      assertThat(jdk.problem() + serverForJdk.problem()).isEmpty();
      assertThat(serverForJdk.facts().peerCertificates()).containsExactly(own.leaf());
    }
  }

  @Test
  void aJdkServerGetsOurClientCertificate() throws Exception {
    TlsIdentity own = TestPki.AUTHORITY.client(KeyType.ECDSA_P256, "someone");
    for (TlsVersion version : TlsVersion.values()) {
      SSLEngine engine = TestPki.jdkServer(TestPki.server(KeyType.RSA_2048));
      engine.setNeedClientAuth(true);
      engine.setEnabledProtocols(new String[] {version.text()});
      JdkPeer server = new JdkPeer(engine);
      EnginePeer client =
          new EnginePeer(
              TlsClientConfig.builder()
                  .trust(TestPki.TRUST)
                  .identity(own)
                  .build()
                  .newEngine(TestPki.NAME));
      Link.run(client, server);
      assertThat(client.problem() + server.problem()).isEmpty();
      assertThat(engine.getSession().getPeerCertificates()).containsExactly(own.leaf());
    }
  }

  @Test
  void aMissingClientCertificateIsRefusedOnlyIfItIsRequired() {
    for (TlsVersion version : TlsVersion.values()) {
      EnginePeer optional = authenticating(version, ClientAuthentication.OPTIONAL);
      EnginePeer client = client(TestPki.TRUST, TestPki.NAME);
      Link.run(client, optional);
      assertThat(client.open() && optional.open()).isTrue();
      assertThat(optional.facts().peerCertificates()).isEmpty();
      EnginePeer required = authenticating(version, ClientAuthentication.REQUIRED);
      Link.run(client(TestPki.TRUST, TestPki.NAME), required);
      assertThat(required.failure().cause()).isEqualTo(TlsFailureCause.CERTIFICATE_MISSING);
      // RFC 8446 4.4.2.4, RFC 5246 7.4.6
      assertThat(required.failure().alertSent())
          .isEqualTo(
              version == TlsVersion.TLS_1_3
                  ? TlsAlert.CERTIFICATE_REQUIRED
                  : TlsAlert.HANDSHAKE_FAILURE);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientCertificateFromAnotherAuthorityIsRefused(TlsVersion version) {
    EnginePeer server = authenticating(version, ClientAuthentication.OPTIONAL);
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder()
                .trust(TestPki.TRUST)
                .identity(
                    DevelopmentCertificates.create(
                            Instant.now(), new java.security.SecureRandom(), KeyType.RSA_2048)
                        .client(KeyType.RSA_2048, "stranger"))
                .build()
                .newEngine(TestPki.NAME));
    Link.run(client, server);
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.CERTIFICATE_UNTRUSTED);
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.UNKNOWN_CA);
    assertThat(client.failure().alertReceived()).isEqualTo(TlsAlert.UNKNOWN_CA);
  }

  private static EnginePeer authenticating(
      TlsVersion version, ClientAuthentication authentication) {
    return new EnginePeer(
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .versions(version)
            .clientCertificates(authentication, TestPki.TRUST)
            .build()
            .newEngine());
  }
}
