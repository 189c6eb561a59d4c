package dev.sluice.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsAlert;
import dev.sluice.tls.engine.TlsEngine;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsFailureCause;
import dev.sluice.tls.engine.TlsOpenStatus;
import dev.sluice.tls.engine.TlsVersion;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * How connections end: in every order of closing, cut off, and with records that were tampered
 * with.
 */
class EngineEndingTest {
  private static final byte[] HELLO = "hello".getBytes(US_ASCII);

  private final EnginePeer client =
      new EnginePeer(
          TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));

  private EnginePeer server(TlsVersion version) {
    EnginePeer server =
        new EnginePeer(
            TlsServerConfig.builder()
                .identity(TestPki.server(KeyType.ECDSA_P256))
                .versions(version)
                .build()
                .newEngine());
    return server;
  }

  private EnginePeer connected(TlsVersion version) {
    EnginePeer server = server(version);
    Link.run(client, server);
    assertThat(client.open() && server.open()).isTrue();
    return server;
  }

  @ParameterizedTest
  @EnumSource
  void theOneWhoIsClosedOnMayStillSend(TlsVersion version) {
    EnginePeer server = connected(version);
    client.close();
    Link.pass(client, server, Link.WHOLE);
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.INBOUND_ENDED);
    assertThat(client.engine.state()).isEqualTo(TlsEngineState.OUTBOUND_ENDED);
    // What was taken before is flushed, and only then comes the answer to the closure.
    server.write(HELLO);
    server.close();
    Link.run(client, server);
    assertThat(client.received()).isEqualTo(HELLO);
    assertThat(client.engine.state()).isEqualTo(TlsEngineState.CLOSED);
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.CLOSED);
  }

  @ParameterizedTest
  @EnumSource
  void bothCanCloseAtOnce(TlsVersion version) {
    EnginePeer server = connected(version);
    client.close();
    server.close();
    byte[] fromClient = client.drain();
    byte[] fromServer = server.drain();
    client.feed(fromServer);
    server.feed(fromClient);
    assertThat(client.engine.state()).isEqualTo(TlsEngineState.CLOSED);
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.CLOSED);
    server.engine.transportEnded();
    assertThat(server.engine.failure()).isNull();
  }

  @ParameterizedTest
  @EnumSource
  void dataAfterCloseNotifyIsDropped(TlsVersion version) {
    // RFC 8446 6.1
    EnginePeer server = connected(version);
    client.write(HELLO);
    byte[] data = client.drain();
    client.close();
    byte[] closing = client.drain();
    server.feed(data);
    server.feed(closing);
    server.feed(data);
    assertThat(server.received()).isEqualTo(HELLO);
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.INBOUND_ENDED);
    assertThat(server.unread().hasRemaining()).isFalse();
  }

  @ParameterizedTest
  @EnumSource
  void anEndWithoutCloseNotifyIsATruncation(TlsVersion version) {
    EnginePeer server = connected(version);
    client.write(HELLO);
    Link.pass(client, server, Link.WHOLE);
    server.engine.transportEnded();
    assertThat(server.received()).isEqualTo(HELLO);
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.TRUNCATED);
    assertThat(server.failure().message()).isEqualTo("the client closed without close_notify");
    assertThat(server.drain()).isEmpty();
  }

  @Test
  void anEndAfterOurOwnCloseIsStillATruncation() {
    EnginePeer server = connected(TlsVersion.TLS_1_3);
    client.close();
    Link.pass(client, server, Link.WHOLE);
    client.engine.transportEnded();
    assertThat(client.failure().cause()).isEqualTo(TlsFailureCause.TRUNCATED);
  }

  @Test
  void anEndWithinTheHandshakeIsToldApart() {
    EnginePeer server = server(TlsVersion.TLS_1_3);
    Link.pass(client, server, Link.WHOLE);
    server.engine.transportEnded();
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.CLOSED_IN_HANDSHAKE);
  }

  @ParameterizedTest
  @EnumSource
  void givingUpInTheHandshakeIsSeenByThePeer(TlsVersion version) {
    EnginePeer server = server(version);
    Link.pass(client, server, Link.WHOLE);
    Link.pass(server, client, Link.WHOLE);
    // TLS 1.3: the client is done and the server waits for its Finished.
    server.engine.closeOutbound();
    assertThat(server.engine.state()).isEqualTo(TlsEngineState.CLOSED);
    Link.pass(server, client, Link.WHOLE);
    boolean known =
        client.engine.state() == TlsEngineState.INBOUND_ENDED
            || client.failure().cause() == TlsFailureCause.CLOSED_IN_HANDSHAKE;
    assertThat(known).isTrue();
  }

  @ParameterizedTest
  @EnumSource
  void aClientThatGivesUpBeforeItBeganSaysNothing(TlsVersion version) {
    client.engine.closeOutbound();
    assertThat(client.engine.state()).isEqualTo(TlsEngineState.CLOSED);
    assertThat(client.drain()).isEmpty();
    assertThat(server(version).drain()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource
  void eachTamperedByteOfARecordIsFoundOut(TlsVersion version) {
    EnginePeer probe = connected(version);
    client.write(HELLO);
    int length = client.drain().length;
    assertThat(probe.received()).isEmpty();
    for (int at = 5; at < length; at++) {
      EnginePeer from =
          new EnginePeer(
              TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
      EnginePeer to = server(version);
      Link.run(from, to);
      from.write(HELLO);
      byte[] record = from.drain();
      record[at] ^= 0x40;
      to.feed(record);
      assertThat(to.received()).isEmpty();
      assertThat(to.failure().cause()).isEqualTo(TlsFailureCause.BAD_RECORD);
      assertThat(to.failure().alertSent()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
      from.feed(to.drain());
      assertThat(from.failure().alertReceived()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
    }
  }

  @ParameterizedTest
  @EnumSource
  void aReplayedOrDroppedRecordIsFoundOut(TlsVersion version) {
    EnginePeer server = connected(version);
    client.write(HELLO);
    byte[] first = client.drain();
    client.write(HELLO);
    byte[] second = client.drain();
    server.feed(second);
    // In TLS 1.2 the nonce travels with the record, but the counter is authenticated all the same.
    assertThat(server.failure().cause()).isEqualTo(TlsFailureCause.BAD_RECORD);
    assertThat(first).hasSameSizeAs(second);
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 1, 15, 16, 17, 24})
  void recordsTooShortToBeAuthenticAreBadRecords(int fragment) {
    for (TlsVersion version : TlsVersion.values()) {
      EnginePeer from =
          new EnginePeer(
              TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
      EnginePeer to = server(version);
      Link.run(from, to);
      byte[] record = new byte[5 + fragment];
      record[0] = 23;
      record[1] = 3;
      record[2] = 3;
      record[4] = (byte) fragment;
      to.feed(record);
      assertThat(to.failure().alertSent()).isEqualTo(TlsAlert.BAD_RECORD_MAC);
    }
  }

  @ParameterizedTest
  @EnumSource
  @DisplayName("RFC 8446 5.2: a record beyond the limit is record_overflow")
  void anOversizeRecordIsRefusedByItsHeader(TlsVersion version) {
    for (int fragment : new int[] {16_384 + 25, 16_384 + 257, 65_535}) {
      EnginePeer from =
          new EnginePeer(
              TlsClientConfig.builder().trust(TestPki.TRUST).build().newEngine(TestPki.NAME));
      EnginePeer to = server(version);
      Link.run(from, to);
      byte[] record = new byte[5 + fragment];
      record[0] = 23;
      record[1] = 3;
      record[2] = 3;
      record[3] = (byte) (fragment >>> 8);
      record[4] = (byte) fragment;
      to.feed(record);
      assertThat(to.failure().alertSent()).isEqualTo(TlsAlert.RECORD_OVERFLOW);
      from.feed(to.drain());
      assertThat(from.failure().alertReceived()).isEqualTo(TlsAlert.RECORD_OVERFLOW);
    }
  }

  @ParameterizedTest
  @EnumSource
  void emptyRecordsAreBounded(TlsVersion version) {
    RogueServerPeer rogue = new RogueServerPeer(version, TestPki.server(KeyType.ECDSA_P256), "h2");
    Link.run(client, rogue);
    assertThat(client.problem() + rogue.problem()).isEmpty();
    for (int i = 0; i < 200 && client.problem().isEmpty(); i++) {
      rogue.writeEmptyRecord();
      Link.pass(rogue, client, Link.WHOLE);
      if (i == 20) {
        assertThat(client.problem()).isEmpty();
        // Data in between starts the count again.
        rogue.write(HELLO);
      }
    }
    assertThat(client.received()).isEqualTo(HELLO);
    assertThat(client.failure().cause()).isEqualTo(TlsFailureCause.PROTOCOL_VIOLATION);
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.UNEXPECTED_MESSAGE);
  }

  @Test
  void keyUpdatesAreAnsweredAndBounded() {
    RogueServerPeer rogue =
        new RogueServerPeer(TlsVersion.TLS_1_3, TestPki.server(KeyType.ECDSA_P256), "h2");
    Link.run(client, rogue);
    rogue.requestKeyUpdate();
    rogue.write(HELLO);
    Link.run(client, rogue);
    assertThat(client.received()).isEqualTo(HELLO);
    client.write(HELLO);
    Link.run(client, rogue);
    // The answer goes before the data; both are understood under the new keys.
    assertThat(rogue.received()).isEqualTo(HELLO);
    assertThat(rogue.problem() + client.problem()).isEmpty();
    for (int i = 0; i < 200 && client.problem().isEmpty(); i++) {
      rogue.requestKeyUpdate();
      Link.pass(rogue, client, Link.WHOLE);
    }
    assertThat(client.failure().alertSent()).isEqualTo(TlsAlert.UNEXPECTED_MESSAGE);
  }

  @Test
  void aRecordIsOpenedOnlyIntoRoomForAllOfIt() {
    EnginePeer server = connected(TlsVersion.TLS_1_3);
    client.write(new byte[1_000]);
    ByteBuffer wire = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX).put(client.drain()).flip();
    ByteBuffer small = ByteBuffer.allocate(1_000);
    int before = wire.remaining();
    assertThat(server.engine.open(wire, small)).isEqualTo(TlsOpenStatus.NEEDS_ROOM);
    assertThat(wire.remaining()).isEqualTo(before);
    assertThat(small.position()).isZero();
    ByteBuffer exact = ByteBuffer.allocate(1_001);
    assertThat(server.engine.open(wire, exact)).isEqualTo(TlsOpenStatus.NEEDS_WIRE);
    assertThat(exact.position()).isEqualTo(1_000);
  }

  @Test
  void sealingTakesWhatThereIsRoomFor() {
    connected(TlsVersion.TLS_1_3);
    ByteBuffer plain = ByteBuffer.allocate(40_000);
    ByteBuffer tiny = ByteBuffer.allocate(100);
    assertThat(client.engine.seal(plain, tiny)).isZero();
    assertThat(tiny.position()).isZero();
    ByteBuffer one = ByteBuffer.allocate(TlsEngine.RECORD_BYTES_MAX);
    assertThat(client.engine.seal(plain, one)).isEqualTo(16_384);
    one.clear();
    assertThat(client.engine.seal(plain, one)).isEqualTo(16_384);
    one.clear();
    assertThat(client.engine.seal(plain, one)).isEqualTo(40_000 - 2 * 16_384);
    assertThat(client.engine.seal(plain, one)).isZero();
    ByteBuffer bytes = ByteBuffer.allocate(3);
    one.clear();
    assertThat(client.engine.seal(bytes, one)).isEqualTo(3);
    assertThat(one.position()).isEqualTo(5 + 3 + 1 + 16);
  }
}
