package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import org.junit.jupiter.api.Test;

class PortChoiceTest {
  private static final InetAddress HOST = InetAddress.getLoopbackAddress();

  @Test
  void takenPortIsNamedWithTheOneUsedInstead() throws IOException {
    try (ServerSocket other = new ServerSocket(0, 1, HOST)) {
      int taken = other.getLocalPort();
      PortChoice choice = PortChoice.of(HOST, taken);
      assertThat(choice.port()).isZero();
      assertThat(choice.notice(40_000))
          .isEqualTo("Port " + taken + " is taken: using 40000 instead.");
    }
  }

  @Test
  void freePortIsUsedWithoutAWord() throws IOException {
    int free;
    try (ServerSocket other = new ServerSocket(0, 1, HOST)) {
      free = other.getLocalPort();
    }
    PortChoice choice = PortChoice.of(HOST, free);
    assertThat(choice.port()).isEqualTo(free);
    assertThat(choice.notice(free)).isEmpty();
  }

  @Test
  void anyPortIsUsedWithoutAWord() {
    assertThat(PortChoice.of(HOST, 0).notice(40_000)).isEmpty();
  }
}
