package dev.sluice.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsCipherSuite;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsVersion;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * What else arrives at a TLS port: other protocols, too much of it, parameters that don't fit, and
 * noise.
 */
class EngineInputTest {
  private static final byte[] HELLO = "hello".getBytes(US_ASCII);

  private static TlsClientConfig.Builder clientConfig() {
    return TlsClientConfig.builder().trust(TestPki.TRUST);
  }

  private static TlsServerConfig.Builder serverConfig() {
    return TlsServerConfig.builder().identity(TestPki.server(KeyType.ECDSA_P256));
  }

  private static EnginePeer client() {
    return new EnginePeer(clientConfig().build().newEngine(TestPki.NAME));
  }

  private static EnginePeer server() {
    return new EnginePeer(serverConfig().build().newEngine());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "G",
        "GET / HTTP/1.1\r\n",
        "POST /x",
        "OPTIONS * HTTP/1.1",
        "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n",
        "P"
      })
  void plainHttpIsRecognizedFromTheFirstByte(String text) {
    EnginePeer server = server();
    server.feed(text.getBytes(US_ASCII));
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.PLAIN_HTTP);
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.NONE);
    assertThat(server.drain()).isEmpty();
    // The bytes are still there for whoever wants to answer.
    assertThat(server.unread().remaining()).isEqualTo(text.length());
  }

  @Test
  void aServerThatAnswersInHttpIsRecognizedToo() {
    EnginePeer client = client();
    client.drain();
    client.feed("HTTP/1.1 400 Bad Request\r\n\r\n".getBytes(US_ASCII));
    assertThat(client.failure().cause()).isEqualTo(TlsFailureCause.PLAIN_HTTP);
    assertThat(client.failure().message()).isEqualTo("the server speaks plain HTTP, not TLS");
  }

  @Test
  void anyOtherFirstByteIsNotTls() {
    for (int first = 0; first < 256; first++) {
      EnginePeer server = server();
      server.feed(new byte[] {(byte) first});
      boolean http = "GHPDOCT".indexOf(first) >= 0;
      if (first == 22) {
        assertThat(server.engine.failure()).isNull();
      } else {
        assertThat(server.failure().cause())
            .as("first byte %d", first)
            .isEqualTo(http ? TlsFailureCause.PLAIN_HTTP : TlsFailureCause.NOT_TLS);
      }
    }
  }

  @Test
  void aStrangeMajorVersionIsNotTls() {
    EnginePeer server = server();
    server.feed(new byte[] {22, 2});
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.NOT_TLS);
  }

  @Test
  void aHelloThatIsTooLongIsRefusedByItsHeader() {
    EnginePeer server =
        new EnginePeer(
            serverConfig().limits(new TlsLimits(512, 32_768, 131_072, 10, 32)).build().newEngine());
    server.feed(new byte[] {22, 3, 1, 0x3f, 0, 1, 0, 2, 1});
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.HELLO_TOO_LARGE);
    // BouncyCastle says nothing before it understood a ClientHello; the client is told all the
    // same.
    assertThat(server.drain()).containsExactly(21, 3, 3, 0, 2, 2, TlsAlert.ILLEGAL_PARAMETER);
  }

  @Test
  void anOversizeFirstRecordIsRefusedByItsHeader() {
    EnginePeer server = server();
    server.feed(new byte[] {22, 3, 1, (byte) 0xff, (byte) 0xff});
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.RECORD_OVERFLOW);
    assertThat(server.drain()).containsExactly(21, 3, 3, 0, 2, 2, TlsAlert.RECORD_OVERFLOW);
  }

  @Test
  void handshakesAreBoundedAsAWhole() {
    EnginePeer server =
        new EnginePeer(
            serverConfig().limits(new TlsLimits(2_048, 2_048, 4_096, 10, 32)).build().newEngine());
    EnginePeer client = client();
    Link.pass(client, server, Link.WHOLE);
    assertThat(server.problem()).isEmpty();
    // RFC 8446 D.4: these are to be ignored during the handshake, which is no licence to flood.
    byte[] changeCipherSpec = {20, 3, 3, 0, 1, 1};
    for (int i = 0; i < 2_000 && server.problem().isEmpty(); i++) {
      server.feed(changeCipherSpec);
    }
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.HANDSHAKE_TOO_LARGE);
  }

  @Test
  void aHandshakeMessageBeyondTheLimitIsRefused() {
    EnginePeer client =
        new EnginePeer(
            clientConfig()
                .limits(new TlsLimits(512, 1_024, 131_072, 10, 32))
                .build()
                .newEngine(TestPki.NAME));
    String[] names = new String[100];
    Arrays.setAll(names, i -> "a-rather-long-name-to-fill-the-message-" + i + ".example.com");
    names[0] = TestPki.NAME;
    EnginePeer server =
        new EnginePeer(
            TlsServerConfig.builder()
                .identity(TestPki.AUTHORITY.server(KeyType.ECDSA_P256, names))
                .build()
                .newEngine());
    Link.run(client, server);
    assertThat(client.engine.state()).isEqualTo(TlsEngineState.FAILED);
    assertThat(client.failure().message()).contains("exceeds the maximum");
  }

  @Test
  void withoutACommonVersionTheAlertSaysSo() {
    EnginePeer client =
        new EnginePeer(clientConfig().versions(TlsVersion.TLS_1_2).build().newEngine(TestPki.NAME));
    EnginePeer server =
        new EnginePeer(serverConfig().versions(TlsVersion.TLS_1_3).build().newEngine());
    Link.run(client, server);
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.NO_COMMON_VERSION);
    assertThat(client.failure().alertReceived()).isEqualTo(TlsAlert.PROTOCOL_VERSION);
    EnginePeer modern =
        new EnginePeer(clientConfig().versions(TlsVersion.TLS_1_3).build().newEngine(TestPki.NAME));
    EnginePeer old =
        new EnginePeer(serverConfig().versions(TlsVersion.TLS_1_2).build().newEngine());
    Link.run(modern, old);
    assertThat(old.failure().cause()).isEqualTo(TlsFailureCause.NO_COMMON_VERSION);
  }

  @ParameterizedTest
  @CsvSource({
    "TLS_AES_128_GCM_SHA256, TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    // A common suite, but the server has no RSA key for it.
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256, TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256"
  })
  void withoutACommonSuiteTheHandshakeFails(TlsCipherSuite offered, TlsCipherSuite served) {
    EnginePeer client =
        new EnginePeer(
            clientConfig()
                .versions(offered.version())
                .cipherSuites(offered)
                .build()
                .newEngine(TestPki.NAME));
    EnginePeer server =
        new EnginePeer(
            serverConfig().versions(served.version()).cipherSuites(served).build().newEngine());
    Link.run(client, server);
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.NO_COMMON_PARAMETERS);
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.HANDSHAKE_FAILURE);
    assertThat(client.failure().alertReceived()).isEqualTo(TlsAlert.HANDSHAKE_FAILURE);
  }

  @ParameterizedTest
  @EnumSource
  void withoutACommonGroupTheHandshakeFails(TlsVersion version) {
    EnginePeer client =
        new EnginePeer(
            clientConfig()
                .versions(version)
                .groups(TlsGroup.X25519)
                .build()
                .newEngine(TestPki.NAME));
    EnginePeer server =
        new EnginePeer(serverConfig().groups(TlsGroup.SECP384R1).build().newEngine());
    Link.run(client, server);
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.NO_COMMON_PARAMETERS);
  }

  @Test
  @DisplayName(
      "RFC 7627 5.3: without extended master secret a TLS 1.2 server is refused, unless allowed")
  void extendedMasterSecretIsRequired() {
    EnginePeer client = client();
    Link.run(
        client,
        new RogueServerPeer(TlsVersion.TLS_1_2, TestPki.server(KeyType.ECDSA_P256), "h2", false));
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.HANDSHAKE_FAILURE);
    EnginePeer lenient =
        new EnginePeer(clientConfig().allowLegacyMasterSecret().build().newEngine(TestPki.NAME));
    Link.run(
        lenient,
        new RogueServerPeer(TlsVersion.TLS_1_2, TestPki.server(KeyType.ECDSA_P256), "h2", false));
    assertThat(lenient.problem()).isEmpty();
  }

  @Test
  void keyUpdatesFromTheJdkAreAnswered() throws Exception {
    JdkPeer jdkServer = new JdkPeer(TestPki.jdkServer(TestPki.server(KeyType.ECDSA_P256)));
    keyUpdates(client(), jdkServer, jdkServer);
    JdkPeer jdkClient = new JdkPeer(TestPki.jdkClient());
    keyUpdates(jdkClient, server(), jdkClient);
  }

  private static void keyUpdates(TlsPeer client, TlsPeer server, JdkPeer jdk) throws Exception {
    Link.run(client, server);
    assertThat(client.problem() + server.problem()).isEmpty();
    byte[] all = new byte[0];
    for (int i = 0; i < 10; i++) {
      // After the handshake a further one means a KeyUpdate with update_requested (RFC 8446 4.6.3).
      jdk.engine.beginHandshake();
      client.write(HELLO);
      server.write(HELLO);
      Link.run(client, server, Link.random(i));
      all = Arrays.copyOf(all, all.length + HELLO.length);
      System.arraycopy(HELLO, 0, all, all.length - HELLO.length, HELLO.length);
      assertThat(client.problem() + server.problem()).isEmpty();
      assertThat(client.received()).isEqualTo(all);
      assertThat(server.received()).isEqualTo(all);
    }
  }

  @Test
  void renegotiationIsRefused() throws Exception {
    javax.net.ssl.SSLEngine engine = TestPki.jdkClient();
    engine.setEnabledProtocols(new String[] {"TLSv1.2"});
    JdkPeer jdk = new JdkPeer(engine);
    EnginePeer server = server();
    Link.run(jdk, server);
    assertThat(jdk.problem() + server.problem()).isEmpty();
    engine.beginHandshake();
    server.feed(jdk.drain());
    byte[] answer = server.drain();
    // One sealed alert record: header, explicit nonce, two bytes, tag.
    assertThat(answer).hasSize(5 + 8 + 2 + 16);
    assertThat(answer[0]).isEqualTo((byte) 21);
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.OPEN);
    jdk.feed(answer);
    assertThat(server.problem()).isEmpty();
  }

  @Test
  @DisplayName("RFC 8446 5.1, 2: a message in the clear where keys are in use is unexpected")
  void aMessageInTheClearAfterTheKeysIsRefused() {
    EnginePeer client = client();
    EnginePeer server = server();
    server.feed(client.drain());
    server.drain();
    byte[] finished = new byte[5 + 4 + 32];
    finished[0] = 22;
    finished[1] = 3;
    finished[2] = 3;
    finished[4] = 4 + 32;
    finished[5] = 20;
    finished[8] = 32;
    server.feed(finished);
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.UNEXPECTED_MESSAGE);
  }

  @Test
  void noiseInAHandshakeNeverThrowsAndNeverOpensBoth() {
    for (long seed = 0; seed < 400; seed++) {
      Random random = new Random(seed);
      TlsVersion version = random.nextBoolean() ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
      EnginePeer client =
          new EnginePeer(clientConfig().versions(version).build().newEngine(TestPki.NAME));
      EnginePeer server = server();
      int spoiledFlight = random.nextInt(3);
      assertThatCode(() -> noisyHandshake(client, server, spoiledFlight, random))
          .as("seed %d", seed)
          .doesNotThrowAnyException();
      // An unauthenticated byte changed in flight: at most a record header's ignored version.
      boolean bothOpen = client.open() && server.open();
      if (bothOpen) {
        client.write(HELLO);
        Link.run(client, server);
        assertThat(server.received()).as("seed %d", seed).isEqualTo(HELLO);
      }
    }
  }

  private static void noisyHandshake(
      EnginePeer client, EnginePeer server, int spoiled, Random random) {
    TlsPeer from = client;
    TlsPeer to = server;
    for (int flight = 0; flight < 6; flight++) {
      byte[] bytes = from.drain();
      if (flight == spoiled && bytes.length > 0) {
        int at = random.nextInt(bytes.length);
        bytes[at] ^= (byte) (1 << random.nextInt(8));
      }
      to.feed(bytes);
      TlsPeer next = from;
      from = to;
      to = next;
    }
  }

  private static EnginePeer freshServer() {
    return new EnginePeer(
        TlsServerConfig.builder().identity(TestPki.server(KeyType.ECDSA_P256)).build().newEngine());
  }

  private static byte[] hello(EnginePeer client) {
    return client.drain();
  }

  @Test
  @DisplayName("RFC 8446 5.1: a message may be cut into records of one byte, also its header")
  void aHelloInRecordsOfOneByteIsUnderstood() {
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
    byte[] record = hello(client);
    byte[] cut = new byte[(record.length - 5) * 6];
    for (int i = 5; i < record.length; i++) {
      System.arraycopy(record, 0, cut, (i - 5) * 6, 3);
      cut[(i - 5) * 6 + 4] = 1;
      cut[(i - 5) * 6 + 5] = record[i];
    }
    EnginePeer server = freshServer();
    server.feed(cut);
    Link.run(client, server);
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(server.open()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(ints = {0x0304, 0x03FE, 0x0401, 0x0603, 0xFEFE})
  @DisplayName("RFC 8446 4.1.2: a legacy version above TLS 1.2 says nothing")
  void aLegacyVersionThatIsTooHighIsPassedOver(int version) {
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
    byte[] record = hello(client);
    record[9] = (byte) (version >>> 8);
    record[10] = (byte) version;
    EnginePeer server = freshServer();
    server.feed(record);
    assertThat(server.problem()).isEmpty();
    assertThat(server.drain()[0]).as("a record of the handshake").isEqualTo((byte) 22);
  }

  @Test
  void aLegacyVersionOfNoProtocolIsRefused() {
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
    byte[] record = hello(client);
    record[9] = 0;
    record[10] = 0;
    EnginePeer server = freshServer();
    server.feed(record);
    assertThat(server.failure().alertSent()).isEqualTo(TlsAlert.PROTOCOL_VERSION);
  }
}
