package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsServerSettings.ClientAuthentication;
import dev.sluice.tls.engine.TlsVersion;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Sessions that go on in another connection, on either side and with either version. */
class SessionResumptionTest {
  private static final byte[] HELLO = "hello".getBytes(StandardCharsets.US_ASCII);

  private final SettableClock clock = new SettableClock();

  private static final class SettableClock extends Clock {
    private Instant now = Instant.now();

    void pass(Duration time) {
      now = now.plus(time);
    }

    @Override
    public Instant instant() {
      return now;
    }

    @Override
    public ZoneId getZone() {
      return ZoneOffset.UTC;
    }

    @Override
    public Clock withZone(ZoneId zone) {
      return this;
    }
  }

  static Stream<Arguments> versionsAndSuites() {
    List<Arguments> all = new ArrayList<>();
    for (TlsCipherSuite suite : TlsCipherSuite.values()) {
      if (!suite.name().contains("_RSA_")) {
        all.add(Arguments.of(suite.version(), suite));
      }
    }
    return all.stream();
  }

  private TlsServerConfig.Builder server(TlsVersion... versions) {
    return TlsServerConfig.builder()
        .identity(TestPki.server(KeyType.ECDSA_P256))
        .versions(versions)
        .clock(clock);
  }

  private TlsClientConfig.Builder client(TlsVersion... versions) {
    return TlsClientConfig.builder().trust(TestPki.TRUST).versions(versions).clock(clock);
  }

  private record Pair(EnginePeer client, EnginePeer server) {
    boolean resumed() {
      assertThat(client.facts().resumed()).isEqualTo(server.facts().resumed());
      return client.facts().resumed();
    }
  }

  private static Pair connect(TlsClientConfig client, TlsServerConfig server) {
    return connect(client, server, TestPki.NAME);
  }

  private static Pair connect(TlsClientConfig client, TlsServerConfig server, String name) {
    Pair pair =
        new Pair(new EnginePeer(client.newEngine(name)), new EnginePeer(server.newEngine()));
    talk(pair.client, pair.server);
    return pair;
  }

  /** A handshake, a word each way, and the ends of both. */
  private static void talk(TlsPeer client, TlsPeer server) {
    client.write(HELLO);
    server.write(HELLO);
    Link.run(client, server);
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(client.received()).isEqualTo(HELLO);
    assertThat(server.received()).isEqualTo(HELLO);
    client.close();
    server.close();
    Link.run(client, server);
  }

  @ParameterizedTest
  @MethodSource("versionsAndSuites")
  void theSecondHandshakeResumesTheFirst(TlsVersion version, TlsCipherSuite suite) {
    TlsServerConfig server = server(version).cipherSuites(suite).build();
    TlsClientConfig client = client(version).cipherSuites(suite).build();
    assertThat(connect(client, server).resumed()).isFalse();
    for (int i = 0; i < 4; i++) {
      Pair pair = connect(client, server);
      assertThat(pair.resumed()).as("connection %d", i).isTrue();
      assertThat(pair.client.facts().suite()).isEqualTo(suite);
      assertThat(pair.client.facts().peerCertificates())
          .containsExactly(TestPki.server(KeyType.ECDSA_P256).leaf());
    }
  }

  @ParameterizedTest
  @EnumSource
  void eachCutOfTheBytesResumesAlike(TlsVersion version) {
    TlsServerConfig server = server(version).build();
    TlsClientConfig client = client(version).build();
    for (int i = 0; i < 3; i++) {
      EnginePeer from = new EnginePeer(client.newEngine(TestPki.NAME));
      EnginePeer to = new EnginePeer(server.newEngine());
      Link.run(from, to, Link.SINGLE_BYTES);
      assertThat(from.problem() + to.problem()).isEmpty();
      assertThat(to.facts().resumed()).isEqualTo(i > 0);
    }
  }

  @Test
  @DisplayName("RFC 8446 4.4.1: the transcript of a retried handshake begins with a hash")
  void aRetriedHandshakeResumesAndCanBeResumed() {
    TlsServerConfig server = server(TlsVersion.TLS_1_3).groups(TlsGroup.SECP384R1).build();
    TlsClientConfig client = client(TlsVersion.TLS_1_3).groups(TlsGroup.values()).build();
    for (int i = 0; i < 3; i++) {
      assertThat(connect(client, server).resumed()).isEqualTo(i > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aSessionIsNotResumedForAnotherName(TlsVersion version) {
    TlsServerConfig server = server(version).build();
    TlsClientConfig trusting =
        TlsClientConfig.builder()
            .insecureTrustAnyServerCertificate()
            .versions(version)
            .clock(clock)
            .build();
    connect(trusting, server, "a.sub.example.com");
    assertThat(connect(trusting, server, "b.sub.example.com").resumed()).isFalse();
    assertThat(connect(trusting, server, "a.sub.example.com").resumed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aSessionEndsWithItsLifetimeHoweverOftenItWasResumed(TlsVersion version) {
    TlsServerConfig server = server(version).sessionLifetime(Duration.ofMinutes(10)).build();
    TlsClientConfig client = client(version).sessionLifetime(Duration.ofDays(1)).build();
    connect(client, server);
    for (int minutes = 4; minutes < 10; minutes += 4) {
      clock.pass(Duration.ofMinutes(4));
      assertThat(connect(client, server).resumed()).as("after %d minutes", minutes).isTrue();
    }
    clock.pass(Duration.ofMinutes(2));
    assertThat(connect(client, server).resumed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aClientForgetsASessionThatIsTooOldForIt(TlsVersion version) {
    TlsServerConfig server = server(version).build();
    TlsClientConfig client = client(version).sessionLifetime(Duration.ofMinutes(5)).build();
    connect(client, server);
    clock.pass(Duration.ofMinutes(5));
    assertThat(connect(client, server).resumed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void ticketsOutliveAChangeOfKeysButNotTheirOwnLifetime(TlsVersion version) {
    TlsServerConfig server = server(version).sessionLifetime(Duration.ofMinutes(10)).build();
    TlsClientConfig early = client(version).build();
    TlsClientConfig late = client(version).build();
    connect(early, server);
    clock.pass(Duration.ofMinutes(6));
    connect(late, server);
    assertThat(connect(early, server).resumed()).as("sealed by the key before").isTrue();
    clock.pass(Duration.ofMinutes(5));
    assertThat(connect(late, server).resumed()).isTrue();
    assertThat(connect(early, server).resumed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anotherConfigurationKnowsNothingOfTheTicket(TlsVersion version) {
    TlsClientConfig client = client(version).build();
    connect(client, server(version).build());
    Pair pair = connect(client, server(version).build());
    assertThat(pair.resumed()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void aClientsCertificateIsKeptWithTheSession(TlsVersion version) {
    TlsIdentity own = TestPki.AUTHORITY.client(KeyType.ECDSA_P256, "someone");
    TlsServerConfig server =
        server(version).clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST).build();
    TlsClientConfig client = client(version).identity(own).build();
    for (int i = 0; i < 3; i++) {
      Pair pair = connect(client, server);
      assertThat(pair.resumed()).isEqualTo(i > 0);
      assertThat(pair.server.facts().peerCertificates().get(0)).isEqualTo(own.leaf());
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientsCertificateThatHasExpiredEndsItsSession(TlsVersion version) {
    TlsIdentity own = TestPki.AUTHORITY.client(KeyType.ECDSA_P256, "someone");
    Instant now = clock.instant();
    TlsServerConfig server =
        TlsServerConfig.builder()
            .identity(
                TestPki.AUTHORITY.server(
                    KeyType.ECDSA_P256, now, now.plus(Duration.ofDays(300)), TestPki.NAME))
            .versions(version)
            .clock(clock)
            .sessionLifetime(Duration.ofDays(7))
            .clientCertificates(ClientAuthentication.REQUIRED, TestPki.TRUST)
            .build();
    TlsClientConfig client =
        TlsClientConfig.builder()
            .insecureTrustAnyServerCertificate()
            .identity(own)
            .versions(version)
            .clock(clock)
            .sessionLifetime(Duration.ofDays(7))
            .build();
    clock.pass(Duration.between(now, own.leaf().getNotAfter().toInstant()).minusDays(1));
    connect(client, server);
    assertThat(connect(client, server).resumed()).isTrue();
    clock.pass(Duration.ofDays(2));
    EnginePeer from = new EnginePeer(client.newEngine(TestPki.NAME));
    EnginePeer to = new EnginePeer(server.newEngine());
    Link.run(from, to);
    assertThat(to.failure().cause()).isEqualTo(TlsFailureCause.CERTIFICATE_EXPIRED);
  }

  @ParameterizedTest
  @EnumSource
  void theApplicationProtocolIsAgreedAnew(TlsVersion version) {
    TlsServerConfig server = server(version).applicationProtocols("h2", "http/1.1").build();
    SSLContext context = TestPki.context(null, TestPki.AUTHORITY.certificate());
    for (String protocol : List.of("h2", "http/1.1", "h2")) {
      SSLEngine engine = context.createSSLEngine(TestPki.NAME, 443);
      engine.setUseClientMode(true);
      SSLParameters parameters = engine.getSSLParameters();
      parameters.setApplicationProtocols(new String[] {protocol});
      parameters.setProtocols(new String[] {version.text()});
      engine.setSSLParameters(parameters);
      JdkPeer from = new JdkPeer(engine);
      EnginePeer to = new EnginePeer(server.newEngine());
      talk(from, to);
      assertThat(from.protocol()).isEqualTo(protocol);
      assertThat(to.protocol()).isEqualTo(protocol);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aClientDoesNotOfferASessionWithAnotherOfferOfProtocols(TlsVersion version) {
    TlsServerConfig server = server(version).applicationProtocols("h2", "http/1.1").build();
    TlsClientConfig client = client(version).applicationProtocols("h2").build();
    connect(client, server);
    assertThat(connect(client.offering(List.of("http/1.1")), server).resumed()).isFalse();
    assertThat(connect(client, server).resumed()).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void theJdksClientResumesWithOurServer(TlsVersion version) {
    TlsServerConfig server = server(version).build();
    SSLContext context = TestPki.context(null, TestPki.AUTHORITY.certificate());
    for (int i = 0; i < 3; i++) {
      SSLEngine engine = context.createSSLEngine(TestPki.NAME, 443);
      engine.setUseClientMode(true);
      engine.setEnabledProtocols(new String[] {version.text()});
      JdkPeer from = new JdkPeer(engine);
      EnginePeer to = new EnginePeer(server.newEngine());
      talk(from, to);
      assertThat(to.facts().resumed()).as("connection %d", i).isEqualTo(i > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void ourClientResumesWithTheJdksServer(TlsVersion version) {
    SSLContext context =
        TestPki.context(TestPki.server(KeyType.ECDSA_P256), TestPki.AUTHORITY.certificate());
    TlsClientConfig client = client(version).build();
    for (int i = 0; i < 3; i++) {
      SSLEngine engine = context.createSSLEngine();
      engine.setUseClientMode(false);
      EnginePeer from = new EnginePeer(client.newEngine(TestPki.NAME));
      JdkPeer to = new JdkPeer(engine);
      talk(from, to);
      assertThat(from.facts().resumed()).as("connection %d", i).isEqualTo(i > 0);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutALifetimeEachHandshakeIsAFullOne(TlsVersion version) {
    TlsServerConfig server = server(version).build();
    TlsServerConfig none = server(version).sessionLifetime(Duration.ZERO).build();
    TlsClientConfig client = client(version).build();
    TlsClientConfig forgetful = client(version).sessionLifetime(Duration.ZERO).build();
    connect(forgetful, server);
    assertThat(connect(forgetful, server).resumed()).isFalse();
    connect(client, none);
    assertThat(connect(client, none).resumed()).isFalse();
  }

  @Test
  void aLifetimeOfMoreThanAWeekIsRefused() {
    assertThatThrownBy(() -> server(TlsVersion.TLS_1_3).sessionLifetime(Duration.ofDays(8)).build())
        .isInstanceOf(TlsConfigException.class)
        .hasMessageContaining("session lifetime");
  }
}
