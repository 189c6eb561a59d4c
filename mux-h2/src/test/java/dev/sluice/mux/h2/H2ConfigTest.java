package dev.sluice.mux.h2;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.mux.h2.protocol.H2Options;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class H2ConfigTest {
  @Test
  void whatIsConfiguredIsWhatTheProtocolIsTold() {
    H2Config config =
        H2Config.defaults()
            .withConcurrentStreamsMax(7)
            .withAssumedStreamsMax(3)
            .withWindows(100_000, 200_000)
            .withConnectProtocol(false)
            .withAbusePercent(50);

    H2Options options = config.options(LimitConfig.defaults());

    assertThat(options.concurrentStreamsMax()).isEqualTo(7);
    assertThat(options.assumedStreamsMax()).isEqualTo(3);
    assertThat(options.streamWindowBytes()).isEqualTo(100_000);
    assertThat(options.connectionWindowBytes()).isEqualTo(200_000);
    assertThat(options.connectProtocol()).isFalse();
    assertThat(options.abusePercent()).isEqualTo(50);
    assertThat(options.headBytesMax()).isEqualTo(LimitConfig.defaults().headBytesMax());
    assertThat(options.fieldCountMax()).isEqualTo(LimitConfig.defaults().fieldCountMax());
    assertThat(options.settingsTimeoutNanos()).isEqualTo(config.settingsTimeout().toNanos());
  }

  @Test
  void everyValueThatIsOutOfItsRangeIsTold() {
    assertThatThrownBy(
            () -> new H2Config(0, 0, 1, 1, 1, -1, true, 0, Duration.ZERO, Duration.ofSeconds(-1)))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("h2.concurrentStreamsMax is 0: 1 to 100000 is valid")
        .hasMessageContaining("h2.assumedStreamsMax is 0")
        .hasMessageContaining("h2.streamWindowBytes is 1")
        .hasMessageContaining("h2.connectionWindowBytes is 1: 65535 to 1073741824 is valid")
        .hasMessageContaining("h2.frameBytesMax is 1")
        .hasMessageContaining("h2.headerTableBytes is -1")
        .hasMessageContaining("h2.abusePercent is 0")
        .hasMessageContaining("h2.settingsTimeout is PT0S")
        .hasMessageContaining("h2.drainTimeout is PT-1S");
  }
}
