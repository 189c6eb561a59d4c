package dev.sluice.bench.tls;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** That every contender does what it is measured for. */
class ContenderTest {
  @ParameterizedTest
  @EnumSource(value = Contender.class, mode = EnumSource.Mode.EXCLUDE, names = "CIPHER_LOOP")
  void connectsAndPassesRecordsOnEachKindOfWire(Contender contender) {
    TlsEnds ends = contender.ends();
    for (TlsPair.Wire wire : TlsPair.Wire.values()) {
      TlsPair pair = new TlsPair(ends, TlsPair.LARGE_CONTENT_BYTES, wire);
      pair.connect(() -> 0);
      pair.connect(() -> 0);
      assertThat(pair.pass()).isEqualTo(TlsPair.LARGE_CONTENT_BYTES);
      assertThat(pair.pass()).isEqualTo(TlsPair.LARGE_CONTENT_BYTES);
      pair.release();
    }
  }

  @ParameterizedTest
  @EnumSource(TlsPair.Wire.class)
  void theBareLoopPassesWhatARecordLayerWould(TlsPair.Wire wire) {
    TlsPair pair = new TlsPair(Contender.CIPHER_LOOP.ends(), 1_024, wire);
    assertThat(pair.pass()).isEqualTo(1_024);
    assertThat(pair.pass()).isEqualTo(1_024);
  }

  @Test
  void onlyTheResumingContenderSavesTheServersCertificate() {
    assertThat(serversFirstFlightBytes(Contender.SLUICE_RESUMED))
        .isLessThan(serversFirstFlightBytes(Contender.SLUICE) / 2);
  }

  private static int serversFirstFlightBytes(Contender contender) {
    TlsEnds ends = contender.ends();
    new TlsPair(ends, 1, TlsPair.Wire.HEAP).connect(() -> 0);
    TlsPair second = new TlsPair(ends, 1, TlsPair.Wire.HEAP);
    second.connect(() -> 0);
    TlsEnd client = ends.client();
    ByteBuffer up = ByteBuffer.allocate(10_000);
    ByteBuffer down = ByteBuffer.allocate(10_000);
    client.handshake(ByteBuffer.allocate(0), up);
    ends.server().handshake(up.flip(), down);
    return down.position();
  }
}
