package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Which key exchange group both ends come to. */
class EngineGroupTest {
  private static final int HANDSHAKE = 22;

  static Stream<Arguments> versionsAndGroups() {
    List<Arguments> all = new ArrayList<>();
    for (TlsVersion version : TlsVersion.values()) {
      for (TlsGroup group : TlsGroup.values()) {
        if (version == TlsVersion.TLS_1_3 || !group.postQuantum()) {
          all.add(Arguments.of(version, group));
        }
      }
    }
    return all.stream();
  }

  private static EnginePeer client(TlsVersion version, TlsGroup... groups) {
    return new EnginePeer(
        TlsClientConfig.builder()
            .trust(TestPki.TRUST)
            .versions(version)
            .groups(groups)
            .build()
            .newEngine(TestPki.NAME));
  }

  private static EnginePeer server(TlsVersion version, TlsGroup... groups) {
    return new EnginePeer(
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .versions(version)
            .groups(groups)
            .build()
            .newEngine());
  }

  @ParameterizedTest
  @MethodSource("versionsAndGroups")
  @DisplayName(
      "RFC 8446 4.1.4: a group without a key share costs a HelloRetryRequest, not the handshake")
  void everyGroupIsReached(TlsVersion version, TlsGroup group) {
    EnginePeer client = client(version, TlsGroup.values());
    EnginePeer server = server(version, group);
    Link.run(client, server, Link.SINGLE_BYTES);
    assertThat(client.problem() + server.problem()).isEmpty();
    if (version == TlsVersion.TLS_1_3) {
      assertThat(client.facts().group()).isEqualTo(group);
      assertThat(server.facts().group()).isEqualTo(group);
    }
  }

  @Test
  void thePostQuantumGroupIsTakenByDefaultWhereBothHaveItAndWithoutARetry() {
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
    EnginePeer server =
        new EnginePeer(
            TlsServerConfig.builder()
                .identity(TestPki.server(KeyType.ECDSA_P256))
                .build()
                .newEngine());
    server.feed(client.drain());
    byte[] answer = server.drain();
    assertThat(answer[0]).isEqualTo((byte) HANDSHAKE);
    client.feed(answer);
    assertThat(client.open()).isTrue();
    assertThat(client.facts().group()).isEqualTo(TlsGroup.X25519MLKEM768);
  }

  @Test
  void aServerAsksForThePostQuantumGroupWhereTheClientKnowsItButSentNoShare() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsGroup.X25519, TlsGroup.X25519MLKEM768);
    EnginePeer server = server(TlsVersion.TLS_1_3, TlsGroup.values());
    Link.run(client, server);
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(server.facts().group()).isEqualTo(TlsGroup.X25519MLKEM768);
  }

  @Test
  void amongClassicalGroupsTheClientsOrderDecides() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsGroup.SECP384R1, TlsGroup.X25519);
    EnginePeer server = server(TlsVersion.TLS_1_3, TlsGroup.values());
    Link.run(client, server);
    assertThat(server.facts().group()).isEqualTo(TlsGroup.SECP384R1);
  }

  @Test
  void itCanBeTurnedOffOnEitherSide() {
    for (boolean clientHasIt : new boolean[] {true, false}) {
      TlsGroup[] without = {TlsGroup.X25519, TlsGroup.SECP256R1};
      EnginePeer client = client(TlsVersion.TLS_1_3, clientHasIt ? TlsGroup.values() : without);
      EnginePeer server = server(TlsVersion.TLS_1_3, clientHasIt ? without : TlsGroup.values());
      server.feed(client.drain());
      client.feed(server.drain());
      assertThat(client.open()).as("no retry").isTrue();
      assertThat(client.facts().group()).isEqualTo(TlsGroup.X25519);
    }
  }

  @Test
  void tls12NeedsAClassicalGroup() {
    assertThatThrownBy(
            () ->
                TlsClientConfig.builder()
                    .trust(TestPki.TRUST)
                    .groups(TlsGroup.X25519MLKEM768)
                    .build())
        .hasMessageContaining("TLSv1.2")
        .hasMessageContaining("X25519MLKEM768");
  }

  @Test
  void oldPeersAreServedWithAClassicalGroup() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsGroup.values());
    JdkPeer jdk = new JdkPeer(TestPki.jdkServer(TestPki.server(KeyType.ECDSA_P256)));
    Link.run(client, jdk);
    assertThat(client.problem() + jdk.problem()).isEmpty();
    assertThat(client.facts().group()).isIn(TlsGroup.X25519, TlsGroup.SECP256R1);
  }
}
