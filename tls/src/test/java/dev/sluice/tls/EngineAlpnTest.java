package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Which application protocol two ends agree on (RFC 7301), and what becomes of those that don't.
 */
class EngineAlpnTest {
  private static final String ALERT_120 = "alert 120";

  static Stream<Arguments> matrix() {
    List<Arguments> all = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      for (boolean jdkClient : new boolean[] {false, true}) {
        for (boolean jdkServer : new boolean[] {false, true}) {
          if (!(jdkClient && jdkServer)) {
            add(all, version, jdkClient, jdkServer, "h2,http/1.1", "http/1.1", "http/1.1");
            // The server's preference decides.
            add(all, version, jdkClient, jdkServer, "http/1.1,h2", "h2,http/1.1", "h2");
            add(all, version, jdkClient, jdkServer, "", "http/1.1", "");
            add(all, version, jdkClient, jdkServer, "http/1.1", "", "");
            add(all, version, jdkClient, jdkServer, "", "", "");
            add(all, version, jdkClient, jdkServer, "foo/1", "foo/1", "foo/1");
            add(all, version, jdkClient, jdkServer, "h2", "http/1.1", ALERT_120);
          }
        }
      }
    }
    return all.stream();
  }

  private static void add(
      List<Arguments> all,
      TlsVersion version,
      boolean jdkClient,
      boolean jdkServer,
      String offer,
      String served,
      String expected) {
    all.add(Arguments.of(version, jdkClient, jdkServer, offer, served, expected));
  }

  @ParameterizedTest(name = "{0} jdkClient={1} jdkServer={2} offer=[{3}] serves=[{4}] -> [{5}]")
  @MethodSource("matrix")
  void theResultIsTheSameOnBothEnds(
      TlsVersion version,
      boolean jdkClient,
      boolean jdkServer,
      String offer,
      String served,
      String expected) {
    TlsPeer client =
        jdkClient
            ? jdk(TestPki.jdkClient(list(offer)), version)
            : new EnginePeer(
                TlsClientConfig.builder()
                    .trust(TestPki.TRUST)
                    .versions(version)
                    .applicationProtocols(list(offer))
                    .build()
                    .newEngine(TestPki.NAME));
    TlsPeer server =
        jdkServer
            ? jdk(TestPki.jdkServer(TestPki.server(KeyType.ECDSA_P256), list(served)), version)
            : new EnginePeer(serverConfig(version, list(served)).build().newEngine());
    Link.run(client, server);
    if (expected.equals(ALERT_120)) {
      assertThat(client.open()).isFalse();
      for (TlsPeer peer : List.of(client, server)) {
        if (peer instanceof EnginePeer ours) {
          assertThat(ours.failure().cause()).isEqualTo(TlsFailureCause.NO_COMMON_PROTOCOL);
        }
      }
      if (server instanceof EnginePeer ours) {
        assertThat(ours.failure().alertSent()).isEqualTo(TlsAlert.NO_APPLICATION_PROTOCOL);
      } else {
        assertThat(((EnginePeer) client).failure().alertReceived())
            .isEqualTo(TlsAlert.NO_APPLICATION_PROTOCOL);
      }
    } else {
      assertThat(client.problem() + server.problem()).isEmpty();
      assertThat(client.open() && server.open()).isTrue();
      assertThat(client.protocol()).isEqualTo(expected);
      assertThat(server.protocol()).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource
  void withoutACommonProtocolTheServerCanGoOnIfToldTo(TlsVersion version) {
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder()
                .trust(TestPki.TRUST)
                .applicationProtocols("h2")
                .build()
                .newEngine(TestPki.NAME));
    EnginePeer server =
        new EnginePeer(
            serverConfig(version, "http/1.1").continueWithoutCommonProtocol().build().newEngine());
    Link.run(client, server);
    assertThat(client.open() && server.open()).isTrue();
    assertThat(client.engine.applicationProtocol()).isNull();
    assertThat(server.engine.applicationProtocol()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("RFC 7301 3.1: a server that chooses what was not offered is refused with alert 47")
  void aProtocolThatWasNotOfferedIsRefused(TlsVersion version) {
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder()
                .trust(TestPki.TRUST)
                .applicationProtocols("http/1.1")
                .build()
                .newEngine(TestPki.NAME));
    RogueServerPeer server =
        new RogueServerPeer(version, TestPki.server(KeyType.ECDSA_P256), "spdy/3");
    Link.run(client, server);
    assertThat(client.failure().cause()).isEqualTo(TlsFailureCause.PROTOCOL_NOT_OFFERED);
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.ILLEGAL_PARAMETER);
    assertThat(client.failure().message()).contains("spdy/3");
    assertThat(server.problem()).contains("illegal_parameter");
  }

  private static TlsServerConfig.Builder serverConfig(TlsVersion version, String... protocols) {
    return TlsServerConfig.builder()
        .identity(TestPki.server(KeyType.ECDSA_P256))
        .versions(version)
        .applicationProtocols(protocols);
  }

  private static JdkPeer jdk(SSLEngine engine, TlsVersion version) {
    engine.setEnabledProtocols(new String[] {version.text()});
    return new JdkPeer(engine);
  }

  private static String[] list(String protocols) {
    return protocols.isEmpty() ? new String[0] : protocols.split(",", -1);
  }
}
