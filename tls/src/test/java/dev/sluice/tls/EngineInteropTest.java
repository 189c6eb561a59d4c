package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsVersion;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import javax.net.ssl.SSLEngine;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Our client and our server with each other and with the JDK's, over versions, suites, keys and
 * cuts of the bytes.
 */
class EngineInteropTest {
  private enum Pairing {
    OURS_OURS,
    OURS_JDK,
    JDK_OURS
  }

  private static final long SEED = 20_240_501;

  private record Pair(TlsPeer client, TlsPeer server) {
    String problems() {
      return client.problem() + server.problem();
    }

    void exchange(Link.Cut cut, int bytes) {
      byte[] up = content(1, bytes);
      byte[] down = content(2, bytes);
      client.write(up);
      server.write(down);
      Link.run(client, server, cut);
      assertThat(server.received()).isEqualTo(up);
      assertThat(client.received()).isEqualTo(down);
    }
  }

  static Stream<Arguments> versionsAndKeys() {
    List<Arguments> all = new ArrayList<>();
    for (Pairing pairing : Pairing.values()) {
      for (TlsVersion version : TlsVersion.values()) {
        for (KeyType key : KeyType.values()) {
          all.add(Arguments.of(pairing, version, key));
        }
      }
    }
    return all.stream();
  }

  static Stream<Arguments> suites() {
    List<Arguments> all = new ArrayList<>();
    for (Pairing pairing : Pairing.values()) {
      for (TlsCipherSuite suite : TlsCipherSuite.values()) {
        all.add(Arguments.of(pairing, suite));
      }
    }
    return all.stream();
  }

  @ParameterizedTest
  @MethodSource("versionsAndKeys")
  void dataPassesBothWaysAndBothCloseCleanly(Pairing pairing, TlsVersion version, KeyType key) {
    Pair pair = connect(pairing, version, TestPki.server(key), TlsCipherSuite.values());
    Link.run(pair.client, pair.server);
    assertThat(pair.client.problem()).isEmpty();
    assertThat(pair.server.problem()).isEmpty();
    assertThat(pair.client.open()).isTrue();
    assertThat(pair.server.open()).isTrue();
    assertThat(pair.client.protocol()).isEqualTo("http/1.1");
    assertThat(pair.server.protocol()).isEqualTo("http/1.1");
    pair.exchange(Link.WHOLE, 100_000);
    pair.client.close();
    Link.run(pair.client, pair.server);
    assertThat(pair.server.peerClosed()).isTrue();
    pair.server.close();
    Link.run(pair.client, pair.server);
    assertThat(pair.client.peerClosed()).isTrue();
    assertThat(pair.problems()).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("suites")
  void everySuiteCarriesData(Pairing pairing, TlsCipherSuite suite) {
    boolean rsa = suite.name().contains("_RSA_");
    Pair pair =
        connect(
            pairing,
            suite.version(),
            TestPki.server(rsa ? KeyType.RSA_2048 : KeyType.ECDSA_P256),
            suite);
    Link.run(pair.client, pair.server, Link.random(SEED));
    assertThat(pair.problems()).isEmpty();
    pair.exchange(Link.random(SEED), 40_000);
    for (TlsPeer peer : List.of(pair.client, pair.server)) {
      if (peer instanceof EnginePeer ours) {
        assertThat(ours.facts().suite()).isEqualTo(suite);
        assertThat(ours.facts().version()).isEqualTo(suite.version());
      }
    }
  }

  @ParameterizedTest
  @MethodSource("versionsAndKeys")
  void anyCutOfTheBytesIsTheSame(Pairing pairing, TlsVersion version, KeyType key) {
    Pair pair = connect(pairing, version, TestPki.server(key), TlsCipherSuite.values());
    Link.run(pair.client, pair.server, Link.SINGLE_BYTES);
    assertThat(pair.problems()).isEmpty();
    pair.exchange(Link.SINGLE_BYTES, 2_000);
    pair = connect(pairing, version, TestPki.server(key), TlsCipherSuite.values());
    Link.run(pair.client, pair.server, Link.random(SEED));
    assertThat(pair.problems()).isEmpty();
    pair.exchange(Link.random(SEED), 50_000);
  }

  private static byte[] content(long seed, int bytes) {
    byte[] content = new byte[bytes];
    new Random(seed).nextBytes(content);
    return content;
  }

  private static Pair connect(
      Pairing pairing, TlsVersion version, TlsIdentity identity, TlsCipherSuite... suites) {
    TlsCipherSuite[] usable =
        Stream.of(suites)
            .filter(suite -> suite.version() == version)
            .toArray(TlsCipherSuite[]::new);
    String[] jdkSuites = Stream.of(usable).map(Enum::name).toArray(String[]::new);
    TlsPeer client;
    TlsPeer server;
    if (pairing == Pairing.JDK_OURS) {
      SSLEngine jdk = TestPki.jdkClient("h2", "http/1.1");
      jdk.setEnabledProtocols(new String[] {version.text()});
      jdk.setEnabledCipherSuites(jdkSuites);
      client = new JdkPeer(jdk);
    } else {
      client =
          new EnginePeer(
              TlsClientConfig.builder()
                  .trust(TestPki.TRUST)
                  .versions(version)
                  .cipherSuites(usable)
                  .applicationProtocols("h2", "http/1.1")
                  .build()
                  .newEngine(TestPki.NAME));
    }
    if (pairing == Pairing.OURS_JDK) {
      SSLEngine jdk = TestPki.jdkServer(identity, "http/1.1");
      jdk.setEnabledProtocols(new String[] {version.text()});
      jdk.setEnabledCipherSuites(jdkSuites);
      server = new JdkPeer(jdk);
    } else {
      server =
          new EnginePeer(
              TlsServerConfig.builder()
                  .identity(identity)
                  .versions(version)
                  .cipherSuites(usable)
                  .applicationProtocols("http/1.1")
                  .build()
                  .newEngine());
    }
    return new Pair(client, server);
  }
}
