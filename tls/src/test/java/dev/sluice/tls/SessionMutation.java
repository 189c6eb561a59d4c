package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsEngineState;
import dev.sluice.tls.engine.TlsGroup;
import dev.sluice.tls.engine.TlsVersion;
import java.io.ByteArrayOutputStream;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/**
 * A session between our client and our server on a wire that changes some of what passes: bytes and
 * whole records, in the handshake and after it. Whatever it does, no engine throws or ends in an
 * impossible state, and what comes out of one is the beginning of what went into the other.
 */
final class SessionMutation {
  private static final int HEADER_BYTES = 5;
  private static final int FLIGHTS = 14;
  private static final int OPERATIONS = 8;

  /** Where the choices come from. */
  interface Choices {
    /** A number from 0 up to, but not including, a bound. */
    int next(int bound);
  }

  private final Choices choices;
  private final EnginePeer client;
  private final EnginePeer server;
  private final byte[] up;
  private final byte[] down;

  SessionMutation(Choices choices) {
    this.choices = choices;
    TlsVersion version = choices.next(2) == 0 ? TlsVersion.TLS_1_2 : TlsVersion.TLS_1_3;
    // One session of each version, so that the same choices do the same.
    SeededRandom random = new SeededRandom(version.code());
    // As it was made: then it is valid, and each run has the same time.
    Instant now = TestPki.server(KeyType.ECDSA_P256).leaf().getNotBefore().toInstant();
    Clock clock = Clock.fixed(now, ZoneOffset.UTC);
    TlsClientConfig clients =
        TlsClientConfig.builder()
            .trust(TestPki.TRUST)
            .versions(version)
            .groups(TlsGroup.X25519)
            .applicationProtocols("h2", "http/1.1")
            .random(random)
            .clock(clock)
            .build();
    TlsServerConfig servers =
        TlsServerConfig.builder()
            .identity(TestPki.server(KeyType.ECDSA_P256))
            .applicationProtocols("http/1.1")
            .random(random)
            .clock(clock)
            .build();
    if (choices.next(2) == 0) {
      // The session that is changed resumes one that was not.
      EnginePeer first = new EnginePeer(clients.newEngine(TestPki.NAME));
      Link.run(first, new EnginePeer(servers.newEngine()));
      assertThat(first.problem()).isEmpty();
    }
    this.client = new EnginePeer(clients.newEngine(TestPki.NAME));
    this.server = new EnginePeer(servers.newEngine());
    this.up = content(40);
    this.down = content(3_000);
  }

  private static byte[] content(int bytes) {
    byte[] content = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      content[i] = (byte) i;
    }
    return content;
  }

  void run() {
    int spoiled = choices.next(FLIGHTS);
    client.write(up);
    server.write(down);
    for (int flight = 0; flight < FLIGHTS; flight++) {
      EnginePeer from = flight % 2 == 0 ? client : server;
      EnginePeer to = flight % 2 == 0 ? server : client;
      if (flight == FLIGHTS - 4) {
        client.close();
      } else if (flight == FLIGHTS - 3) {
        server.close();
      }
      byte[] bytes = from.drain();
      to.feed(flight == spoiled ? mutate(bytes) : bytes);
      check(from);
      check(to);
    }
    assertPrefix(server.received(), up);
    assertPrefix(client.received(), down);
  }

  private static void check(EnginePeer peer) {
    boolean failed = peer.engine.state() == TlsEngineState.FAILED;
    assertThat(peer.engine.failure() != null).isEqualTo(failed);
  }

  private static void assertPrefix(byte[] received, byte[] sent) {
    assertThat(received).isEqualTo(Arrays.copyOf(sent, Math.min(received.length, sent.length)));
  }

  private byte[] mutate(byte[] bytes) {
    byte[] result = bytes;
    int operations = 1 + choices.next(3);
    for (int i = 0; i < operations && result.length > 0; i++) {
      result = mutateOnce(result);
    }
    return result;
  }

  private byte[] mutateOnce(byte[] bytes) {
    switch (choices.next(OPERATIONS)) {
      case 0 -> {
        byte[] changed = bytes.clone();
        changed[choices.next(bytes.length)] ^= (byte) (1 << choices.next(8));
        return changed;
      }
      case 1 -> {
        byte[] changed = bytes.clone();
        changed[choices.next(bytes.length)] = (byte) choices.next(256);
        return changed;
      }
      case 2 -> {
        return Arrays.copyOf(bytes, choices.next(bytes.length));
      }
      case 3 -> {
        int at = choices.next(bytes.length);
        byte[] longer = new byte[bytes.length + 1];
        System.arraycopy(bytes, 0, longer, 0, at);
        longer[at] = (byte) choices.next(256);
        System.arraycopy(bytes, at, longer, at + 1, bytes.length - at);
        return longer;
      }
      case 4 -> {
        List<byte[]> records = records(bytes);
        records.add(choices.next(records.size()), records.get(choices.next(records.size())));
        return joined(records);
      }
      case 5 -> {
        List<byte[]> records = records(bytes);
        records.remove(choices.next(records.size()));
        return joined(records);
      }
      case 6 -> {
        List<byte[]> records = records(bytes);
        Collections.swap(records, choices.next(records.size()), choices.next(records.size()));
        return joined(records);
      }
      default -> {
        // Some record of the attacker's own.
        List<byte[]> records = records(bytes);
        int length = choices.next(40);
        byte[] forged = new byte[HEADER_BYTES + length];
        forged[0] = (byte) (20 + choices.next(5));
        forged[1] = 3;
        forged[2] = (byte) choices.next(5);
        forged[4] = (byte) length;
        for (int i = 0; i < length; i++) {
          forged[HEADER_BYTES + i] = (byte) choices.next(256);
        }
        records.add(choices.next(records.size() + 1), forged);
        return joined(records);
      }
    }
  }

  private static List<byte[]> records(byte[] bytes) {
    List<byte[]> records = new ArrayList<>();
    int at = 0;
    while (at < bytes.length) {
      int end = bytes.length;
      if (at + HEADER_BYTES <= bytes.length) {
        int length = (bytes[at + 3] & 0xFF) << 8 | (bytes[at + 4] & 0xFF);
        end = Math.min(end, at + HEADER_BYTES + length);
      }
      records.add(Arrays.copyOfRange(bytes, at, end));
      at = end;
    }
    return records;
  }

  private static byte[] joined(List<byte[]> records) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    records.forEach(out::writeBytes);
    return out.toByteArray();
  }
}
