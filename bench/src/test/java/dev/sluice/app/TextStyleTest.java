package dev.sluice.app;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TextStyleTest {
  @Test
  void terminalGetsColours() {
    assertThat(TextStyle.of(UTF_8, Map.of("TERM", "xterm"), true).colours()).isTrue();
  }

  @Test
  void nothingButATerminalGetsColours() {
    assertThat(TextStyle.of(UTF_8, Map.of("TERM", "xterm"), false).colours()).isFalse();
    assertThat(TextStyle.of(UTF_8, Map.of("TERM", "dumb"), true).colours()).isFalse();
    assertThat(TextStyle.of(UTF_8, Map.of(), true).colours()).isFalse();
  }

  @Test
  void noColorIsObeyed() {
    assertThat(TextStyle.of(UTF_8, Map.of("TERM", "xterm", "NO_COLOR", "1"), true).colours())
        .isFalse();
    assertThat(TextStyle.of(UTF_8, Map.of("TERM", "xterm", "NO_COLOR", ""), true).colours())
        .isTrue();
  }

  @Test
  void linesAreDrawnOnlyWhereTheyCanBeEncoded() {
    assertThat(TextStyle.of(UTF_8, Map.of(), true).unicode()).isTrue();
    assertThat(TextStyle.of(US_ASCII, Map.of(), true).unicode()).isFalse();
  }
}
