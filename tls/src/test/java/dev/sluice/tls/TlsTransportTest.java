package dev.sluice.tls;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.loop.Interest;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.SessionFacts;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.HandshakeStatus;
import dev.sluice.core.transport.Transport;
import dev.sluice.core.transport.TransportFactory;
import dev.sluice.core.transport.TransportRole;
import dev.sluice.core.transport.TransportTarget;
import dev.sluice.tls.DevelopmentCertificates.KeyType;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import org.junit.jupiter.api.Test;

/**
 * The transport over a scripted connection: handshake steps lent, buffers given back, ends and
 * failures told apart.
 */
class TlsTransportTest {
  private final ScriptedHost clientHost = new ScriptedHost();
  private final ScriptedHost serverHost = new ScriptedHost();
  private final Transport client = clientTransport(clientHost, TestPki.NAME, "h2", "http/1.1");
  private final Transport server = serverTransport(serverHost, "http/1.1");

  private static Transport clientTransport(ScriptedHost host, String name, String... protocols) {
    TlsClientConfig config =
        TlsClientConfig.builder().trust(TestPki.TRUST).applicationProtocols(protocols).build();
    return factory(config, TransportRole.CLIENT)
        .create(
            host, new TransportTarget(InetSocketAddress.createUnresolved("192.0.2.1", 443), name));
  }

  private static Transport serverTransport(ScriptedHost host, String... protocols) {
    TlsServerConfig config =
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .applicationProtocols(protocols)
            .build();
    return factory(config, TransportRole.SERVER)
        .create(
            host,
            new TransportTarget(InetSocketAddress.createUnresolved("192.0.2.2", 40_000), null));
  }

  private static TransportFactory factory(
      dev.sluice.core.config.TransportConfig config, TransportRole role) {
    List<String> problems = new ArrayList<>();
    TransportFactory factory = new TlsTransportProvider().open(config, role, problems);
    assertThat(problems).isEmpty();
    assertThat(factory.handshakes()).isTrue();
    assertThat(factory.offered())
        .isEqualTo(ApplicationProtocol.listOf(config.applicationProtocols()));
    return factory;
  }

  private boolean pass() {
    byte[] up = clientHost.takeSent();
    byte[] down = serverHost.takeSent();
    serverHost.arrive(up);
    clientHost.arrive(down);
    return up.length + down.length > 0;
  }

  private void handshake() {
    client.start();
    server.start();
    for (int i = 0; i < 10_000; i++) {
      boolean moved = pass();
      moved |= turn(client, clientHost);
      moved |= turn(server, serverHost);
      if (!moved) {
        return;
      }
    }
    throw new AssertionError("never comes to rest");
  }

  private static boolean turn(Transport transport, ScriptedHost host) {
    if (host.lent != null) {
      assertThat(transport.handshakeStatus()).isEqualTo(HandshakeStatus.LENT);
      host.returnLent();
      return true;
    }
    if (transport.handshakeStatus() == HandshakeStatus.IN_PROGRESS
        && (host.hasArrived() || host.inputEnds)) {
      transport.onReady(Interest.READ);
      return true;
    }
    if (transport.handshakeStatus() == HandshakeStatus.IN_PROGRESS && host.wants(Interest.WRITE)) {
      transport.onReady(Interest.WRITE);
      return true;
    }
    return false;
  }

  private static byte[] readAll(Transport transport, ScriptedHost host) {
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    ByteBuffer plain = ByteBuffer.allocate(transport.readRoomMin());
    int count;
    do {
      plain.clear();
      count = transport.read(plain);
      all.write(plain.array(), 0, Math.max(0, plain.position()));
    } while (count > 0 && (host.hasArrived() || transport.hasBufferedInput()));
    return all.toByteArray();
  }

  private static int read(Transport transport) {
    return transport.read(ByteBuffer.allocate(transport.readRoomMin()));
  }

  @Test
  void theHandshakeEndsWithTheProtocolAndWithoutABufferHeld() {
    handshake();
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    assertThat(client.applicationProtocol()).isEqualTo(ApplicationProtocol.HTTP_1_1);
    assertThat(server.applicationProtocol()).isEqualTo(ApplicationProtocol.HTTP_1_1);
    assertThat(server.serverName()).isEqualTo(TestPki.NAME);
    for (Transport end : List.of(client, server)) {
      SessionFacts facts = end.sessionFacts();
      assertThat(facts.text()).startsWith("TLSv1.3 TLS_AES_128_GCM_SHA256");
      assertThat(facts.version()).isEqualTo("TLSv1.3");
      assertThat(facts.suite()).isEqualTo("TLS_AES_128_GCM_SHA256");
      assertThat(facts.serverName()).isEqualTo(TestPki.NAME);
      assertThat(facts.applicationProtocol()).isEqualTo("http/1.1");
      assertThat(facts.resumed()).isFalse();
    }
    assertThat(clientHost.liveBuffers()).isZero();
    assertThat(serverHost.liveBuffers()).isZero();
  }

  @Test
  void oneByteAtATimeIsEnoughForAHandshake() {
    clientHost.receivesMost = 1;
    serverHost.receivesMost = 1;
    handshake();
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
  }

  @Test
  void dataPassesInBothDirectionsAndIdleConnectionsHoldNothing() {
    handshake();
    byte[] content = new byte[50_000];
    new Random(7).nextBytes(content);
    ByteBuffer source = ByteBuffer.wrap(content);
    assertThat(client.write(source)).isEqualTo(content.length);
    assertThat(client.hasPendingOutput()).isTrue();
    assertThat(client.flush()).isTrue();
    pass();
    assertThat(readAll(server, serverHost)).isEqualTo(content);
    assertThat(server.writeReserved(ByteBuffer.wrap("head".getBytes(US_ASCII)))).isTrue();
    assertThat(server.write(ByteBuffer.wrap("body".getBytes(US_ASCII)))).isEqualTo(4);
    assertThat(server.flush()).isTrue();
    byte[] wire = serverHost.takeSent();
    // Two small writes are one record: header, content, inner type, tag.
    assertThat(wire).hasSize(5 + 8 + 1 + 16);
    clientHost.arrive(wire);
    assertThat(readAll(client, clientHost)).isEqualTo("headbody".getBytes(US_ASCII));
    assertThat(clientHost.liveBuffers() + serverHost.liveBuffers()).isZero();
    assertThat(client.hasPendingOutput() || server.hasPendingOutput()).isFalse();
  }

  @Test
  void directBuffersAreTakenToo() {
    handshake();
    ByteBuffer source = ByteBuffer.allocateDirect(30_000);
    assertThat(client.write(source)).isEqualTo(30_000);
    client.flush();
    pass();
    assertThat(readAll(server, serverHost)).isEqualTo(new byte[30_000]);
  }

  @Test
  void aSlowSocketBoundsTheOutput() {
    handshake();
    clientHost.sendsMost = 0;
    ByteBuffer source = ByteBuffer.allocate(1 << 20);
    int taken = 0;
    int each;
    do {
      each = client.write(source);
      client.flush();
      taken += each;
    } while (each > 0);
    assertThat(taken).isBetween(clientHost.outputBytesMax - 100, clientHost.outputBytesMax);
    assertThat(client.writableBytes()).isZero();
    assertThat(client.flush()).isFalse();
    // What can't be refused still goes.
    assertThat(client.writeReserved(ByteBuffer.allocate(10_000))).isTrue();
    clientHost.sendsMost = Integer.MAX_VALUE;
    assertThat(client.flush()).isTrue();
    assertThat(client.writableBytes()).isEqualTo(clientHost.outputBytesMax);
    pass();
    assertThat(readAll(server, serverHost)).hasSize(taken + 10_000);
  }

  @Test
  void dataGluedToTheLastFlightIsReadWithoutAnotherEvent() {
    client.start();
    server.start();
    clientHost.returnLent();
    pass();
    server.onReady(Interest.READ);
    serverHost.returnLent();
    pass();
    client.onReady(Interest.READ);
    clientHost.returnLent();
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    client.write(ByteBuffer.wrap("early".getBytes(US_ASCII)));
    client.flush();
    pass();
    server.onReady(Interest.READ);
    serverHost.returnLent();
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    assertThat(serverHost.hasArrived()).isFalse();
    assertThat(server.hasBufferedInput()).isTrue();
    assertThat(readAll(server, serverHost)).isEqualTo("early".getBytes(US_ASCII));
    assertThat(server.hasBufferedInput()).isFalse();
    assertThat(read(server)).isZero();
  }

  @Test
  void closeNotifyFollowsWhatWasTakenAndTheFinFollowsIt() {
    handshake();
    client.write(ByteBuffer.wrap("last".getBytes(US_ASCII)));
    client.endOutput();
    assertThat(clientHost.outputEnded).isFalse();
    assertThat(client.flush()).isTrue();
    assertThat(clientHost.outputEnded).isTrue();
    pass();
    ByteBuffer plain = ByteBuffer.allocate(server.readRoomMin());
    assertThat(server.read(plain)).isEqualTo(4);
    assertThat(server.hasBufferedInput()).isTrue();
    plain.clear();
    assertThat(server.read(plain)).isEqualTo(Transport.END);
    assertThat(server.failure()).isNull();
    server.endOutput();
    assertThat(server.flush()).isTrue();
    pass();
    assertThat(read(client)).isEqualTo(Transport.END);
  }

  @Test
  void whoeverEndedItsDirectionStillReceives() {
    handshake();
    assertThat(client.supportsHalfClose()).isTrue();
    assertThat(server.supportsHalfClose()).isTrue();
    client.endOutput();
    assertThat(client.flush()).isTrue();
    pass();
    assertThat(read(server)).isEqualTo(Transport.END);
    server.write(ByteBuffer.wrap("late".getBytes(US_ASCII)));
    server.endOutput();
    assertThat(server.flush()).isTrue();
    pass();
    assertThat(read(client)).isEqualTo(4);
    assertThat(read(client)).isEqualTo(Transport.END);
    assertThat(client.failure()).isNull();
    assertThat(server.failure()).isNull();
  }

  @Test
  void aConnectionBeginsWithRecordsOfOneSegment() {
    handshake();
    clientHost.takeSent();
    client.write(ByteBuffer.wrap(new byte[60_000]));
    client.flush();
    byte[] wire = clientHost.takeSent();
    List<Integer> lengths = new ArrayList<>();
    for (int at = 0; at < wire.length; ) {
      int length = (wire[at + 3] & 0xFF) << 8 | (wire[at + 4] & 0xFF);
      lengths.add(length);
      at += 5 + length;
    }
    assertThat(lengths.get(0)).isEqualTo(RecordSizing.SEGMENT_BYTES + 17);
    assertThat(lengths.subList(0, RecordSizing.SEGMENT_RECORDS)).allMatch(each -> each <= 1_386);
    assertThat(lengths).hasSizeBetween(RecordSizing.SEGMENT_RECORDS, 50);
  }

  @Test
  void aFinWithoutCloseNotifyIsATruncation() {
    handshake();
    client.write(ByteBuffer.wrap("cut".getBytes(US_ASCII)));
    client.flush();
    pass();
    serverHost.inputEnds = true;
    assertThat(read(server)).isEqualTo(3);
    assertThat(read(server)).isEqualTo(Transport.FAILED);
    assertThat(cause(server)).isEqualTo(CloseCause.TRUNCATED);
  }

  @Test
  void aBrokenRecordFailsAndTellsThePeer() {
    handshake();
    client.write(ByteBuffer.wrap("secret".getBytes(US_ASCII)));
    client.flush();
    byte[] wire = clientHost.takeSent();
    wire[wire.length - 1] ^= 1;
    serverHost.arrive(wire);
    assertThat(read(server)).isEqualTo(Transport.FAILED);
    assertThat(server.failure()).isNotNull();
    assertThat(String.valueOf(server.failure())).contains("20 bad_record_mac");
    pass();
    assertThat(read(client)).isEqualTo(Transport.FAILED);
    assertThat(String.valueOf(client.failure())).contains("server sent alert 20 bad_record_mac");
  }

  @Test
  void aRenegotiationIsRefusedAtOnceNotWithTheNextWrite() throws SSLException {
    SSLEngine engine = TestPki.jdkClient("http/1.1");
    engine.setEnabledProtocols(new String[] {"TLSv1.2"});
    JdkPeer jdk = new JdkPeer(engine);
    server.start();
    for (int i = 0; i < 20; i++) {
      serverHost.arrive(jdk.drain());
      turn(server, serverHost);
      jdk.feed(serverHost.takeSent());
    }
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    assertThat(jdk.open()).isTrue();
    server.flush();
    engine.beginHandshake();
    serverHost.arrive(jdk.drain());
    assertThat(read(server)).isZero();
    assertThat(server.failure()).isNull();
    byte[] refusal = serverHost.takeSent();
    assertThat(refusal).hasSize(5 + 8 + 2 + 16);
    assertThat(refusal[0]).isEqualTo((byte) 21);
  }

  @Test
  void closedWhileLentGivesBuffersBackAtOnceAndIgnoresTheReturn() {
    client.start();
    server.start();
    clientHost.returnLent();
    pass();
    server.onReady(Interest.READ);
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.LENT);
    assertThat(serverHost.interest).isEqualTo(Interest.NONE);
    serverHost.closed = true;
    server.release();
    assertThat(serverHost.liveBuffers()).isZero();
    serverHost.returnLent();
    assertThat(serverHost.takeSent()).isEmpty();
    assertThat(serverHost.liveBuffers()).isZero();
    assertThat(serverHost.lent).isNull();
    server.release();
  }

  @Test
  void plainHttpIsAnsweredInTheClear() {
    server.start();
    serverHost.arrive("GET / HTTP/1.1\r\nHost: x\r\n\r\n".getBytes(US_ASCII));
    server.onReady(Interest.READ);
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.FAILED);
    assertThat(cause(server)).isEqualTo(CloseCause.PLAIN_HTTP_TO_TLS);
    String answer = new String(serverHost.takeSent(), US_ASCII);
    assertThat(answer).startsWith("HTTP/1.1 400 ").contains("Content-Length: 49\r\n");
    assertThat(answer.substring(answer.indexOf("\r\n\r\n") + 4)).hasSize(49);
    server.release();
    assertThat(serverHost.liveBuffers()).isZero();
  }

  @Test
  void garbageIsRefusedWithTheFirstByte() {
    server.start();
    serverHost.arrive(new byte[] {0});
    server.onReady(Interest.READ);
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.FAILED);
    assertThat(cause(server)).isEqualTo(CloseCause.HANDSHAKE_FAILED);
    assertThat(serverHost.takeSent()).isEmpty();
  }

  @Test
  void aPeerThatClosesInTheHandshakeIsToldApart() {
    client.start();
    clientHost.returnLent();
    clientHost.inputEnds = true;
    client.onReady(Interest.READ);
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.FAILED);
    assertThat(cause(client)).isEqualTo(CloseCause.HANDSHAKE_CLOSED);
  }

  @Test
  void aResetInTheHandshakeIsToldApart() {
    client.start();
    clientHost.returnLent();
    clientHost.broken = true;
    client.onReady(Interest.READ);
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.FAILED);
    assertThat(cause(client)).isEqualTo(CloseCause.HANDSHAKE_CLOSED);
  }

  @Test
  void alertBeforeAResetTellsWhyTheHandshakeFailed() {
    Transport h2only = clientTransport(clientHost, TestPki.NAME, "h2");
    h2only.start();
    server.start();
    for (int i = 0; i < 20 && server.handshakeStatus() != HandshakeStatus.FAILED; i++) {
      pass();
      turn(h2only, clientHost);
      turn(server, serverHost);
    }
    clientHost.arrive(serverHost.takeSent());
    clientHost.sendBroken = true;
    h2only.onReady(Interest.READ | Interest.WRITE);
    while (clientHost.lent != null) {
      clientHost.returnLent();
    }
    assertThat(cause(h2only)).isEqualTo(CloseCause.NO_COMMON_PROTOCOL);
  }

  @Test
  void dataBeforeAResetIsReadAfterAFailedWrite() {
    handshake();
    server.write(ByteBuffer.wrap("answer".getBytes(US_ASCII)));
    server.flush();
    clientHost.arrive(serverHost.takeSent());
    client.write(ByteBuffer.wrap("question".getBytes(US_ASCII)));
    clientHost.sendBroken = true;
    assertThat(client.flush()).isFalse();
    assertThat(cause(client)).isEqualTo(CloseCause.SERVER_ABORT);
    assertThat(readAll(client, clientHost)).isEqualTo("answer".getBytes(US_ASCII));
    client.release();
  }

  @Test
  void noCommonProtocolIsTheSameCauseOnBothSides() {
    Transport h2only = clientTransport(clientHost, TestPki.NAME, "h2");
    h2only.start();
    server.start();
    for (int i = 0; i < 20; i++) {
      pass();
      turn(h2only, clientHost);
      turn(server, serverHost);
    }
    assertThat(cause(server)).isEqualTo(CloseCause.NO_COMMON_PROTOCOL);
    assertThat(cause(h2only)).isEqualTo(CloseCause.NO_COMMON_PROTOCOL);
  }

  @Test
  void aServerForAnotherNameIsRefused() {
    Transport wrong = clientTransport(clientHost, "other.example.com");
    wrong.start();
    server.start();
    for (int i = 0; i < 20; i++) {
      pass();
      turn(wrong, clientHost);
      turn(server, serverHost);
    }
    assertThat(cause(wrong)).isEqualTo(CloseCause.HANDSHAKE_FAILED);
    assertThat(String.valueOf(wrong.failure()))
        .contains(TestPki.NAME, "other.example.com", "42 bad_certificate");
    assertThat(String.valueOf(server.failure())).contains("client sent alert 42 bad_certificate");
  }

  @Test
  void withoutBuffersAHandshakeWaitsAndGoesOn() {
    List<dev.sluice.core.buffer.IoBuffer> taken = new ArrayList<>();
    for (var buffer = serverHost.heap.acquire();
        buffer != null;
        buffer = serverHost.heap.acquire()) {
      taken.add(buffer);
    }
    server.start();
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.IN_PROGRESS);
    assertThat(serverHost.awaitsHeapBuffer).isTrue();
    assertThat(serverHost.interest).isEqualTo(Interest.NONE);
    taken.forEach(dev.sluice.core.buffer.IoBuffer::release);
    server.onReady(0);
    client.start();
    for (int i = 0; i < 20; i++) {
      pass();
      turn(client, clientHost);
      turn(server, serverHost);
    }
    assertThat(server.handshakeStatus()).isEqualTo(HandshakeStatus.COMPLETE);
    assertThat(serverHost.liveBuffers()).isZero();
  }

  @Test
  void withoutBuffersAReadIsAskedForAgain() {
    handshake();
    client.write(ByteBuffer.wrap("wait".getBytes(US_ASCII)));
    client.flush();
    pass();
    List<dev.sluice.core.buffer.IoBuffer> taken = new ArrayList<>();
    for (var buffer = serverHost.heap.acquire();
        buffer != null;
        buffer = serverHost.heap.acquire()) {
      taken.add(buffer);
    }
    assertThat(read(server)).isEqualTo(Transport.NO_BUFFER);
    assertThat(server.failure()).isNull();
    taken.forEach(dev.sluice.core.buffer.IoBuffer::release);
    assertThat(read(server)).isEqualTo(4);
  }

  @Test
  void aStepThatFindsNoThreadFailsTheHandshakeWithTheReason() {
    client.start();
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.LENT);
    var step = clientHost.lent;
    assert step != null;
    step.onRefused(new Failure(CloseCause.RESOURCE_LIMIT, "too many"));
    assertThat(client.handshakeStatus()).isEqualTo(HandshakeStatus.FAILED);
    assertThat(cause(client)).isEqualTo(CloseCause.RESOURCE_LIMIT);
    client.release();
    step.onRefused(new Failure(CloseCause.RESOURCE_LIMIT, "again, after the end"));
    assertThat(clientHost.liveBuffers()).isZero();
  }

  @Test
  void theWrongSortOfConfigurationIsAProblemNotAnException() {
    List<String> problems = new ArrayList<>();
    TlsClientConfig config = TlsClientConfig.builder().trust(TestPki.TRUST).build();
    new TlsTransportProvider().open(config, TransportRole.SERVER, problems);
    assertThat(problems).singleElement().asString().contains("TlsServerConfig");
  }

  private static CloseCause cause(Transport transport) {
    Failure failure = transport.failure();
    assertThat(failure).isNotNull();
    assert failure != null;
    return failure.cause();
  }
}
