package dev.sluice.mux.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Recognition;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class H2MuxProviderTest {
  private final H2MuxProvider provider = new H2MuxProvider();

  @Test
  void prefaceIsRecognizedHoweverLittleOfItIsHere() {
    String preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    for (int length = 1; length < preface.length(); length++) {
      assertThat(recognize(preface.substring(0, length))).isSameAs(Recognition.MORE);
    }
    assertThat(recognize(preface)).isSameAs(Recognition.YES);
    assertThat(recognize(preface + "more")).isSameAs(Recognition.YES);
  }

  @Test
  void otherBytesAreNotMine() {
    assertThat(recognize("GET / HTTP/1.1\r\n")).isSameAs(Recognition.NO);
    assertThat(recognize("PRI * HTTP/1.1")).isSameAs(Recognition.NO);
    assertThat(recognize("PUT")).isSameAs(Recognition.NO);
  }

  private Recognition recognize(String bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes.getBytes(StandardCharsets.US_ASCII));
    Recognition recognition = provider.recognize(in);
    assertThat(in.position()).isZero();
    return recognition;
  }
}
