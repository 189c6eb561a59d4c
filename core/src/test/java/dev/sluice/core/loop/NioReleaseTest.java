package dev.sluice.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.net.Socket;
import java.net.SocketException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Real sockets that leave their selector open. The timeout is a last resort, never the verdict. */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NioReleaseTest {
  @Test
  void socketGoesFromOneLoopToAnother() throws IOException {
    try (NioFixture from = new NioFixture().ticking();
        NioFixture to = new NioFixture().ticking()) {
      NioPollerTest.Acceptance acceptance = new NioPollerTest.Acceptance();
      TcpAcceptor acceptor = from.listen(acceptance);
      try (Socket client = NioFixture.client(acceptor)) {
        from.runUntil(() -> acceptance.accepted.size() == 1);
        NioPollerTest.Recorder before = new NioPollerTest.Recorder();
        TcpSocket left = from.loop.poller().adopt(acceptance.accepted.get(0), before);
        left.interest(Interest.READ);

        LooseSocket loose = from.loop.poller().release(left);
        assertThat(from.loop.connectionCount()).isZero();
        assertThat(left.open()).isFalse();
        client.getOutputStream().write(1);
        from.turn();
        NioPollerTest.Recorder after = new NioPollerTest.Recorder();
        TcpSocket arrived = to.loop.poller().adopt(loose, after);
        arrived.interest(Interest.READ);
        to.runUntil(() -> (after.ready & Interest.READ) != 0);

        assertThat(before.ready & Interest.READ).as("told on the old loop").isZero();
        assertThat(arrived.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
        arrived.close();
        assertThat(to.loop.connectionCount()).isZero();
        // No key of the old selector keeps the descriptor open: the peer sees the end.
        client.setSoTimeout(10_000);
        assertThatThrownBy(() -> expectEnd(client)).isInstanceOf(SocketException.class);
      }
      assertThat(from.reported).isEmpty();
      assertThat(to.reported).isEmpty();
    }
  }

  /** A close with bytes unread is a reset; a plain end would be no less of an end. */
  private static void expectEnd(Socket client) throws IOException {
    if (client.getInputStream().read() == -1) {
      throw new SocketException("ended");
    }
  }

  @Test
  void releasedSocketIsClosedByWhoeverHoldsIt() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      NioPollerTest.Acceptance acceptance = new NioPollerTest.Acceptance();
      TcpAcceptor acceptor = nio.listen(acceptance);
      try (Socket client = NioFixture.client(acceptor)) {
        nio.runUntil(() -> acceptance.accepted.size() == 1);
        TcpSocket socket =
            nio.loop.poller().adopt(acceptance.accepted.get(0), new NioPollerTest.Recorder());
        LooseSocket loose = nio.loop.poller().release(socket);
        loose.close();
        loose.close();
        client.setSoTimeout(10_000);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
        assertThatThrownBy(() -> nio.loop.poller().release(socket))
            .isInstanceOf(IllegalArgumentException.class);
      }
    }
  }
}
