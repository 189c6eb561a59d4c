package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsLimits;
import dev.sluice.tls.engine.TlsVersion;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Sizes of records, and how long a key seals them. */
class EngineRecordTest {
  private static final int HEADER_BYTES = 5;
  private static final int RECORDS_PER_KEY = 16;

  private static TlsLimits limits(long recordsPerKeyMax, int recordContentBytesMax) {
    TlsLimits d = TlsLimits.DEFAULT;
    return new TlsLimits(
        d.helloBytesMax(),
        d.handshakeMessageBytesMax(),
        d.handshakeBytesMax(),
        d.chainLengthMax(),
        d.quietRecordsMax(),
        recordsPerKeyMax,
        recordContentBytesMax);
  }

  private static EnginePeer client(TlsVersion version, TlsLimits limits) {
    return new EnginePeer(
        TlsClientConfig.builder()
            .trust(TestPki.TRUST)
            .versions(version)
            .limits(limits)
            .build()
            .newEngine(TestPki.NAME));
  }

  private static EnginePeer server(TlsLimits limits) {
    return new EnginePeer(
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .limits(limits)
            .build()
            .newEngine());
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    new Random(bytes).nextBytes(content);
    return content;
  }

  /**
   * The fragment lengths of a peer's records of application data, which in TLS 1.3 are all
   * protected ones.
   */
  private static List<Integer> protectedFragments(byte[] wire) {
    List<Integer> lengths = new ArrayList<>();
    for (int at = 0; at < wire.length; ) {
      int length = (wire[at + 3] & 0xFF) << 8 | (wire[at + 4] & 0xFF);
      if (wire[at] == 23) {
        lengths.add(length);
      }
      at += HEADER_BYTES + length;
    }
    return lengths;
  }

  static Stream<TlsPeer> peersThatUpdateTheirKeys() {
    return Stream.of(
        server(limits(RECORDS_PER_KEY, 16_384)),
        new JdkPeer(TestPki.jdkServer(TestPki.server(KeyType.ECDSA_P256))));
  }

  @ParameterizedTest
  @MethodSource("peersThatUpdateTheirKeys")
  @DisplayName("RFC 8446 5.5, 4.6.3: a worn key is changed, and the peer asked to change its own")
  void aKeySealsOnlySoManyRecords(TlsPeer server) {
    EnginePeer client = client(TlsVersion.TLS_1_3, limits(RECORDS_PER_KEY, 16_384));
    Link.run(client, server);
    byte[] piece = content(1_000);
    int updates = 0;
    for (int i = 0; i < 10 * RECORDS_PER_KEY; i++) {
      client.write(piece);
      server.write(piece);
      updates--;
      for (byte[] up = client.drain(); up.length > 0; up = client.drain()) {
        updates += protectedFragments(up).size();
        Link.deliver(up, server, Link.random(i));
        Link.pass(server, client, Link.random(i));
      }
      assertThat(client.problem() + server.problem()).isEmpty();
    }
    assertThat(updates).isGreaterThanOrEqualTo(9);
    assertThat(client.received()).hasSize(10 * RECORDS_PER_KEY * piece.length);
    assertThat(server.received()).hasSize(10 * RECORDS_PER_KEY * piece.length);
  }

  @ParameterizedTest
  @EnumSource(TlsVersion.class)
  @DisplayName("RFC 8449 4: no protected record is longer than the peer allows")
  void thePeersRecordSizeLimitIsKept(TlsVersion version) {
    boolean tls13 = version == TlsVersion.TLS_1_3;
    int overhead = tls13 ? 17 : 24;
    EnginePeer client = client(version, limits(1 << 20, 600));
    EnginePeer server = server(limits(1 << 20, 700));
    List<Integer> fromServer = new ArrayList<>();
    List<Integer> fromClient = new ArrayList<>();
    client.write(content(50_000));
    server.write(content(50_000));
    for (boolean moved = true; moved; ) {
      byte[] up = client.drain();
      byte[] down;
      server.feed(up);
      down = server.drain();
      client.feed(down);
      fromClient.addAll(protectedFragments(up));
      fromServer.addAll(protectedFragments(down));
      moved = up.length + down.length > 0;
    }
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(client.received()).isEqualTo(content(50_000));
    assertThat(server.received()).isEqualTo(content(50_000));
    assertThat(fromServer).isNotEmpty().allMatch(length -> length <= 600 + overhead);
    assertThat(fromClient).isNotEmpty().allMatch(length -> length <= 700 + overhead);
  }

  @Test
  @DisplayName("RFC 8449 4: a record beyond the agreed limit is answered with record_overflow")
  void aRecordBeyondTheAgreedLimitIsRefused() {
    EnginePeer client = client(TlsVersion.TLS_1_3, limits(1 << 20, 600));
    EnginePeer server = server(TlsLimits.DEFAULT);
    Link.run(client, server);
    byte[] record = new byte[HEADER_BYTES + 600 + 17 + 1];
    record[0] = 23;
    record[1] = 3;
    record[2] = 3;
    record[3] = (byte) (618 >>> 8);
    record[4] = (byte) 618;
    client.feed(record);
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.RECORD_OVERFLOW);
    assertThat(client.failure().message()).contains("618").contains("600");
  }

  @Test
  void recordsAreAsSmallAsTheCallerWants() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    EnginePeer server = server(TlsLimits.DEFAULT);
    Link.run(client, server);
    ByteBuffer plain = ByteBuffer.wrap(content(5_000));
    ByteBuffer wire = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX);
    assertThat(client.engine.seal(plain, wire, 1_369)).isEqualTo(5_000);
    byte[] sent = Arrays.copyOf(wire.array(), wire.position());
    assertThat(protectedFragments(sent)).containsExactly(1_386, 1_386, 1_386, 910);
    server.feed(sent);
    assertThat(server.received()).isEqualTo(content(5_000));
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.OPEN);
  }

  @ParameterizedTest
  @ValueSource(ints = {21, 22})
  @DisplayName("RFC 8446 5.4: a protected alert or handshake record without content is refused")
  void aProtectedRecordWithoutContentIsRefused(int type) {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    RogueServerPeer rogue =
        new RogueServerPeer(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256), "");
    Link.run(client, rogue);
    // What its cipher makes of type 0 after content of one byte is an empty record of that type,
    // padded by one.
    rogue.writeRecord((short) 0, new byte[] {(byte) type});
    Link.run(client, rogue);
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.UNEXPECTED_MESSAGE);
  }

  @Test
  @DisplayName("RFC 8446 4.6.3: a key update of an unknown kind is an illegal parameter")
  void aKeyUpdateOfAnUnknownKindIsRefused() {
    for (int kind = 2; kind < 256; kind++) {
      EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
      RogueServerPeer rogue =
          new RogueServerPeer(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256), "");
      Link.run(client, rogue);
      rogue.writeRecord((short) 22, new byte[] {24, 0, 0, 1, (byte) kind});
      client.feed(rogue.drain());
      client.write(new byte[10]);
      client.drain();
      assertThat(client.failure().alertSent())
          .as("kind %d", kind)
          .isEqualTo(TlsAlert.ILLEGAL_PARAMETER);
    }
  }

  private static final byte[] KEY_UPDATE = {24, 0, 0, 1, 1};

  private static RogueServerPeer rogue(EnginePeer client) {
    RogueServerPeer rogue =
        new RogueServerPeer(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256), "");
    Link.run(client, rogue);
    return rogue;
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  @DisplayName("RFC 8446 5.1: nothing may come between the parts of a handshake message")
  void dataWithinAHandshakeMessageIsRefused(int cut) {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    RogueServerPeer rogue = rogue(client);
    rogue.writeRecord((short) 22, Arrays.copyOf(KEY_UPDATE, cut));
    rogue.writeRecord((short) 23, new byte[] {'x'});
    rogue.writeRecord((short) 22, Arrays.copyOfRange(KEY_UPDATE, cut, KEY_UPDATE.length));
    client.feed(rogue.drain());
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.UNEXPECTED_MESSAGE);
    assertThat(client.received()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4})
  void aHandshakeMessageInTwoRecordsIsWhole(int cut) {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    RogueServerPeer rogue = rogue(client);
    rogue.writeRecord((short) 22, Arrays.copyOf(KEY_UPDATE, cut));
    rogue.writeRecord((short) 22, Arrays.copyOfRange(KEY_UPDATE, cut, KEY_UPDATE.length));
    client.feed(rogue.drain());
    assertThat(client.problem()).isEmpty();
    assertThat(protectedFragments(client.drain())).hasSize(1);
  }

  @Test
  @DisplayName("RFC 8446 5.1: a message that changes keys ends its record")
  void twoKeyUpdatesInOneRecordAreRefused() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    RogueServerPeer rogue = rogue(client);
    byte[] two = Arrays.copyOf(KEY_UPDATE, 2 * KEY_UPDATE.length);
    System.arraycopy(KEY_UPDATE, 0, two, KEY_UPDATE.length, KEY_UPDATE.length);
    rogue.writeRecord((short) 22, two);
    client.feed(rogue.drain());
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.UNEXPECTED_MESSAGE);
  }

  @Test
  void aKeyUpdateIsAnsweredAtOnceAndNotOnlyBeforeTheNextData() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    EnginePeer server = server(limits(RECORDS_PER_KEY, 16_384));
    Link.run(client, server);
    for (int i = 0; i <= RECORDS_PER_KEY; i++) {
      server.write(content(10));
      client.feed(server.drain());
    }
    assertThat(protectedFragments(client.drain())).as("the answer").hasSize(1);
  }

  @Test
  void answersThatThePeerDoesNotTakeDoNotPileUp() {
    EnginePeer client = client(TlsVersion.TLS_1_3, TlsLimits.DEFAULT);
    TlsLimits patient = new TlsLimits(16_384, 32_768, 131_072, 10, 100, RECORDS_PER_KEY, 16_384);
    EnginePeer server = server(patient);
    Link.run(client, server);
    for (int i = 0; i < 200 * RECORDS_PER_KEY; i++) {
      server.write(content(10));
      client.feed(server.drain());
    }
    assertThat(client.problem()).isEmpty();
    byte[] answers = client.drain();
    assertThat(protectedFragments(answers)).hasSize(32);
    client.write(content(10));
    server.feed(answers);
    server.feed(client.drain());
    assertThat(server.problem()).isEmpty();
    assertThat(server.received()).isEqualTo(content(10));
  }
}
