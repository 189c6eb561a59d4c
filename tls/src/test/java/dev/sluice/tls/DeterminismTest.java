package dev.sluice.tls;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.tls.DevelopmentCertificates.KeyType;
import dev.sluice.tls.engine.TlsIdentity;
import dev.sluice.tls.engine.TlsVersion;
import java.io.ByteArrayOutputStream;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Randomness comes from the source that was given and from nowhere else, so that a run can be
 * repeated from its seed.
 */
class DeterminismTest {
  private final Instant now = Instant.now();

  @ParameterizedTest
  @EnumSource
  void theSameSeedGivesTheSameBytes(TlsVersion version) {
    assertThat(transcript(version, 1)).isEqualTo(transcript(version, 1));
    assertThat(transcript(version, 1)).isNotEqualTo(transcript(version, 2));
  }

  /** Certificates, handshake and data of one connection, as they cross the wire. */
  private byte[] transcript(TlsVersion version, long seed) {
    SecureRandom random = new SeededRandom(seed);
    DevelopmentCertificates authority =
        DevelopmentCertificates.create(now, random, KeyType.ECDSA_P256);
    TlsIdentity identity = authority.server(KeyType.ECDSA_P256, TestPki.NAME);
    EnginePeer server =
        new EnginePeer(
            TlsServerConfig.builder()
                .identity(identity)
                .versions(version)
                .random(random)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build()
                .newEngine());
    EnginePeer client =
        new EnginePeer(
            TlsClientConfig.builder()
                .trust(TlsTrust.of(authority.certificate()))
                .random(random)
                .clock(Clock.fixed(now, ZoneOffset.UTC))
                .build()
                .newEngine(TestPki.NAME));
    ByteArrayOutputStream wire = new ByteArrayOutputStream();
    for (int flight = 0; flight < 4; flight++) {
      for (EnginePeer[] way : new EnginePeer[][] {{client, server}, {server, client}}) {
        byte[] bytes = way[0].drain();
        wire.writeBytes(bytes);
        way[1].feed(bytes);
      }
      if (flight == 2) {
        client.write(new byte[] {1, 2, 3});
      }
    }
    assertThat(client.problem() + server.problem()).isEmpty();
    assertThat(server.received()).containsExactly(1, 2, 3);
    return wire.toByteArray();
  }
}
