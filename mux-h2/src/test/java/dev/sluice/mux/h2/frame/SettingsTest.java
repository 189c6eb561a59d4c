package dev.sluice.mux.h2.frame;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@DisplayName("settings (RFC 9113 6.5.2)")
class SettingsTest {
  private final Settings settings = new Settings();

  @Test
  void initialValuesAreThoseOfTheRfc() {
    assertThat(settings.headerTableBytes()).isEqualTo(4096);
    assertThat(settings.push()).isTrue();
    assertThat(settings.concurrentStreamsMax()).isEqualTo(Settings.UNLIMITED);
    assertThat(settings.initialWindowBytes()).isEqualTo(65_535);
    assertThat(settings.frameBytesMax()).isEqualTo(16_384);
    assertThat(settings.headerListBytesMax()).isEqualTo(Settings.UNLIMITED);
    assertThat(settings.connectProtocol()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "1, 0, NO_ERROR",
    "1, -1, NO_ERROR",
    "2, 0, NO_ERROR",
    "2, 1, NO_ERROR",
    "2, 2, PROTOCOL_ERROR",
    "3, 0, NO_ERROR",
    "3, -1, NO_ERROR",
    "4, 2147483647, NO_ERROR",
    "4, -2147483648, FLOW_CONTROL_ERROR",
    "4, -1, FLOW_CONTROL_ERROR",
    "5, 16383, PROTOCOL_ERROR",
    "5, 16384, NO_ERROR",
    "5, 16777215, NO_ERROR",
    "5, 16777216, PROTOCOL_ERROR",
    "5, -1, PROTOCOL_ERROR",
    "6, -1, NO_ERROR",
    "7, 5, NO_ERROR",
    "8, 1, NO_ERROR",
    "8, 2, PROTOCOL_ERROR",
    "4660, 5, NO_ERROR"
  })
  void valueIsHeldAgainstItsRange(int id, int value, H2ErrorCode expected) {
    assertThat(settings.set(id, value)).isSameAs(expected);
  }

  @Test
  void hugeNumbersAreNoBound() {
    settings.set(Settings.MAX_CONCURRENT_STREAMS, -1);
    settings.set(Settings.MAX_HEADER_LIST_SIZE, -1);
    assertThat(settings.concurrentStreamsMax()).isEqualTo(Settings.UNLIMITED);
    assertThat(settings.headerListBytesMax()).isEqualTo(Settings.UNLIMITED);
  }

  @Test
  @DisplayName("RFC 8441 3: ENABLE_CONNECT_PROTOCOL can't be taken back")
  void connectProtocolStays() {
    assertThat(settings.set(Settings.ENABLE_CONNECT_PROTOCOL, 0)).isSameAs(H2ErrorCode.NO_ERROR);
    assertThat(settings.set(Settings.ENABLE_CONNECT_PROTOCOL, 1)).isSameAs(H2ErrorCode.NO_ERROR);
    assertThat(settings.set(Settings.ENABLE_CONNECT_PROTOCOL, 0))
        .isSameAs(H2ErrorCode.PROTOCOL_ERROR);
    assertThat(settings.connectProtocol()).isTrue();
  }
}
