package dev.sluice.core.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.ThreadAllocations;
import java.io.IOException;
import java.net.BindException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketAddress;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.nio.channels.CancelledKeyException;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * What only real sockets and selectors can show. The timeout is a last resort, never the verdict.
 */
@Timeout(value = 60, unit = TimeUnit.SECONDS)
class NioPollerTest {
  @Test
  void acceptedConnectionIsServedAndLeavesNothingBehind() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      LeakCheck leaks = new LeakCheck().watch(nio.loop);
      TcpAcceptor acceptor = nio.listenEcho();
      try (Socket client = NioFixture.client(acceptor)) {
        client.getOutputStream().write("hello".getBytes(US_ASCII));
        nio.expect(client, "hello");
        assertThat(nio.loop.connectionCount()).isEqualTo(1);
        client.shutdownOutput();
        nio.runUntil(() -> nio.loop.connectionCount() == 0);
        assertThat(client.getInputStream().read()).isEqualTo(-1);
      }
      assertThat(nio.counters().accepted()).isEqualTo(1);
      assertThat(nio.reported).isEmpty();
      leaks.verify();
    }
  }

  @Test
  void connectReportsSuccessAndAddresses() throws IOException {
    try (NioFixture nio = new NioFixture().ticking();
        ServerSocket server = new ServerSocket()) {
      server.bind(NioFixture.anyPort());
      Recorder recorder = new Recorder();
      TcpSocket socket = nio.loop.poller().connect(server.getLocalSocketAddress(), null, recorder);
      nio.runUntil(() -> socket.connected() || (recorder.ready & Interest.CONNECT) != 0);
      assertThat(socket.finishConnect()).isTrue();
      assertThat(socket.interest() & Interest.CONNECT).isZero();
      assertThat(socket.remoteAddress()).isEqualTo(server.getLocalSocketAddress());
      try (Socket accepted = server.accept()) {
        assertThat(socket.localAddress()).isEqualTo(accepted.getRemoteSocketAddress());
        assertThat(socket.localAddress()).isSameAs(socket.localAddress());
      }
      socket.close();
      socket.close();
      assertThat(socket.open()).isFalse();
      assertThat(nio.loop.connectionCount()).isZero();
    }
  }

  @Test
  void refusedConnectIsTold() throws IOException {
    InetSocketAddress nobody;
    try (ServerSocket server = new ServerSocket()) {
      server.bind(NioFixture.anyPort());
      nobody = (InetSocketAddress) server.getLocalSocketAddress();
    }
    try (NioFixture nio = new NioFixture().ticking()) {
      Recorder recorder = new Recorder();
      TcpSocket socket;
      try {
        socket = nio.loop.poller().connect(nobody, null, recorder);
      } catch (IOException refusedAtOnce) {
        assertThat(nio.loop.connectionCount()).isZero();
        return;
      }
      nio.runUntil(() -> (recorder.ready & Interest.CONNECT) != 0);
      assertThatThrownBy(socket::finishConnect).isInstanceOf(IOException.class);
      assertThat(socket.connected()).isFalse();
      socket.close();
      assertThat(nio.loop.connectionCount()).isZero();
    }
  }

  @Test
  void unresolvedAddressIsRefused() throws IOException {
    try (NioFixture nio = new NioFixture()) {
      InetSocketAddress unresolved = InetSocketAddress.createUnresolved("host.invalid", 80);
      assertThatThrownBy(() -> nio.loop.poller().connect(unresolved, null, new Recorder()))
          .isInstanceOf(UnknownHostException.class)
          .hasMessageContaining("host.invalid");
      assertThat(nio.loop.connectionCount()).isZero();
    }
  }

  /** As it is with IPv6 on a machine without. */
  @Test
  void addressOfAnUnknownFamilyFailsTheAttemptOnly() throws IOException {
    try (NioFixture nio = new NioFixture()) {
      assertThatThrownBy(() -> nio.loop.poller().connect(new UnknownFamily(), null, new Recorder()))
          .isInstanceOf(IOException.class)
          .hasMessageContaining("not supported");
      assertThat(nio.loop.connectionCount()).isZero();
    }
  }

  private static final class UnknownFamily extends SocketAddress {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void resetIsSeenByThePeer() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      Acceptance acceptance = new Acceptance();
      TcpAcceptor acceptor = nio.listen(acceptance);
      try (Socket client = NioFixture.client(acceptor)) {
        nio.runUntil(() -> acceptance.accepted.size() == 1);
        TcpSocket socket = nio.loop.poller().adopt(acceptance.accepted.get(0), new Recorder());
        socket.closeWithReset();
        nio.turn();
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketException.class);
      }
      try (Socket client = NioFixture.client(acceptor)) {
        nio.runUntil(() -> acceptance.accepted.size() == 2);
        acceptance.accepted.get(1).closeWithReset();
        acceptance.accepted.get(1).close();
        assertThatThrownBy(() -> client.getInputStream().read())
            .isInstanceOf(SocketException.class);
      }
    }
  }

  @Test
  void acceptedSocketIsAdoptedOnceOnly() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      Acceptance acceptance = new Acceptance();
      TcpAcceptor acceptor = nio.listen(acceptance);
      try (Socket client = NioFixture.client(acceptor)) {
        nio.runUntil(() -> acceptance.accepted.size() == 1);
        LooseSocket accepted = acceptance.accepted.get(0);
        assertThat(accepted.localAddress()).isEqualTo(client.getRemoteSocketAddress());
        assertThat(accepted.remoteAddress()).isEqualTo(client.getLocalSocketAddress());
        nio.loop.poller().adopt(accepted, new Recorder());
        accepted.close();
        assertThat(nio.loop.connectionCount()).isEqualTo(1);
        assertThatThrownBy(() -> nio.loop.poller().adopt(accepted, new Recorder()))
            .isInstanceOf(IllegalStateException.class);
      }
    }
  }

  @Test
  void portInUseIsNamedAndLeavesNothingOpen() throws IOException {
    try (NioFixture nio = new NioFixture()) {
      TcpAcceptor first = nio.listenEcho();
      assertThatThrownBy(
              () ->
                  nio.loop
                      .poller()
                      .listen(first.localAddress(), ListenOptions.defaults(), new Acceptance()))
          .isInstanceOf(BindException.class)
          .hasMessageContaining("cannot listen on")
          .hasMessageContaining(
              Integer.toString(((InetSocketAddress) first.localAddress()).getPort()));
      first.close();
      first.close();
      // A closed channel gives its port back when the selector next lets go of the key.
      nio.ticking().turn();
      nio.loop
          .poller()
          .listen(first.localAddress(), ListenOptions.defaults(), new Acceptance())
          .close();
    }
  }

  @Test
  void sharedPortIsProbedForStrangers() throws IOException {
    ListenOptions first = new ListenOptions(16, 4, true, true, 1);
    ListenOptions later = new ListenOptions(16, 4, true, false, 1);
    try (NioFixture nio = new NioFixture()) {
      TcpAcceptor acceptor = nio.listen(first, new Acceptance());
      nio.loop.poller().listen(acceptor.localAddress(), later, new Acceptance());
      assertThatThrownBy(
              () -> nio.loop.poller().listen(acceptor.localAddress(), first, new Acceptance()))
          .isInstanceOf(BindException.class);
    }
  }

  @Test
  void acceptsPerTurnAreBoundedAndPauseHolds() throws IOException {
    ListenOptions two = new ListenOptions(16, 2, false, false, 1);
    try (NioFixture nio = new NioFixture().ticking()) {
      Acceptance acceptance = new Acceptance();
      TcpAcceptor acceptor = nio.listen(two, acceptance);
      List<Socket> clients = new ArrayList<>();
      for (int i = 0; i < 5; i++) {
        clients.add(NioFixture.client(acceptor));
      }
      acceptor.pause();
      nio.turn();
      nio.turn();
      assertThat(acceptance.accepted).isEmpty();
      acceptor.resume();
      int before = 0;
      while (acceptance.accepted.size() < 5) {
        nio.turn();
        assertThat(acceptance.accepted.size() - before).isLessThanOrEqualTo(2);
        before = acceptance.accepted.size();
      }
      for (Socket client : clients) {
        client.close();
      }
      acceptance.accepted.forEach(LooseSocket::close);
    }
  }

  @Test
  void wantOfDescriptorsPausesAcceptingForAWhile() throws IOException {
    int[] failures = {2};
    NioSystem exhausted =
        new NioSystem() {
          @Override
          public @Nullable SocketChannel accept(ServerSocketChannel channel) throws IOException {
            if (failures[0]-- > 0) {
              throw new IOException("Too many open files");
            }
            return super.accept(channel);
          }
        };
    try (NioFixture nio = new NioFixture(exhausted, 512)) {
      Acceptance acceptance = new Acceptance();
      TcpAcceptor acceptor =
          nio.listen(new ListenOptions(16, 64, false, false, 5_000_000L), acceptance);
      try (Socket client = NioFixture.client(acceptor)) {
        nio.runUntil(() -> acceptance.accepted.size() == 1);
        assertThat(client.isConnected()).isTrue();
      }
      assertThat(nio.counters().acceptFailures()).isEqualTo(2);
      assertThat(nio.counters().acceptPauses()).isEqualTo(2);
      assertThat(acceptance.failures).hasSize(2);
      assertThat(nio.loop.timers().size()).isZero();
      acceptance.accepted.forEach(LooseSocket::close);
    }
  }

  @Test
  void throwingAcceptHandlerLosesThatClientOnly() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      Acceptance acceptance = new Acceptance();
      acceptance.throwing = true;
      TcpAcceptor acceptor = nio.listen(acceptance);
      try (Socket lost = NioFixture.client(acceptor)) {
        nio.runUntil(() -> !acceptance.failures.isEmpty());
        assertThatThrownBy(() -> lost.getInputStream().read()).isInstanceOf(SocketException.class);
      }
      acceptance.throwing = false;
      try (Socket served = NioFixture.client(acceptor)) {
        nio.runUntil(() -> acceptance.accepted.size() == 1);
        assertThat(served.isConnected()).isTrue();
      }
      acceptance.accepted.forEach(LooseSocket::close);
    }
  }

  @Test
  void keyCancelledByAnotherThreadLosesThatConnectionOnly() throws Exception {
    try (NioFixture nio = new NioFixture().ticking()) {
      Pair victim = new Pair(nio);
      Pair other = new Pair(nio);
      SelectionKey key = victim.nioSocket().key;
      Thread canceller = new Thread(() -> cancel(key));
      canceller.start();
      canceller.join();

      nio.runUntil(() -> victim.recorder.failure != null);

      assertThat(victim.recorder.failure).isInstanceOf(CancelledKeyException.class);
      assertThat(victim.socket.open()).isFalse();
      assertThat(other.socket.open()).isTrue();
      other.client.getOutputStream().write(1);
      nio.runUntil(() -> other.recorder.ready != 0);
      assertThat(nio.counters().handlerFailures()).isEqualTo(1);
      victim.close();
      other.close();
    }
  }

  @Test
  void cancelledKeyIsNoticedWhenInterestChanges() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      Pair victim = new Pair(nio);
      cancel(victim.nioSocket().key);
      victim.socket.interest(Interest.READ | Interest.WRITE);
      nio.runUntil(() -> victim.recorder.failure != null);
      assertThat(victim.socket.open()).isFalse();
      victim.close();
    }
  }

  @Test
  void socketClosedBetweenSelectAndHandlingIsSkipped() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      Pair first = new Pair(nio);
      Pair second = new Pair(nio);
      first.recorder.action = ready -> second.socket.close();
      second.recorder.action = ready -> first.socket.close();
      first.client.getOutputStream().write(1);
      second.client.getOutputStream().write(1);
      nio.runUntil(() -> first.recorder.ready != 0 || second.recorder.ready != 0);
      nio.turn();
      // Whichever came first has closed the other.
      assertThat(first.socket.open()).isNotEqualTo(second.socket.open());
      assertThat(nio.reported).isEmpty();
      first.close();
      second.close();
    }
  }

  @Test
  void throwingHandlerLosesItsOwnConnectionOnly() throws IOException {
    try (NioFixture nio = new NioFixture().ticking()) {
      Pair bad = new Pair(nio);
      Pair good = new Pair(nio);
      bad.recorder.action =
          ready -> {
            throw new IllegalStateException("broken handler");
          };
      bad.client.getOutputStream().write(1);
      good.client.getOutputStream().write(1);
      nio.runUntil(() -> bad.recorder.failure != null && good.recorder.ready != 0);
      assertThat(bad.socket.open()).isFalse();
      assertThat(good.socket.open()).isTrue();
      bad.close();
      good.close();
    }
  }

  @Test
  void spinningSelectorIsReplacedAndItsSocketsLiveOn() throws IOException {
    SpinningSystem system = new SpinningSystem();
    try (NioFixture nio = new NioFixture(system, 100)) {
      TcpAcceptor acceptor = nio.listenEcho();
      try (Socket client = NioFixture.client(acceptor)) {
        client.getOutputStream().write("before".getBytes(US_ASCII));
        nio.ticking().expect(client, "before");
        nio.stopTicking();
        system.spinsLeft = 1000;

        // A turn in which the machine takes its time would not count as a spin.
        nio.freeze();
        while (system.spinsLeft > 0) {
          nio.turn();
        }
        nio.thaw();

        assertThat(nio.counters().selectorRebuilds()).isEqualTo(10);
        assertThat(nio.counters().spins()).isEqualTo(1000);
        assertThat(system.opened).isEqualTo(11);
        client.getOutputStream().write("after".getBytes(US_ASCII));
        nio.ticking().expect(client, "after");
        try (Socket another = NioFixture.client(acceptor)) {
          another.getOutputStream().write("new".getBytes(US_ASCII));
          nio.expect(another, "new");
        }
      }
    }
  }

  @Test
  void failingSelectorIsReplaced() throws IOException {
    SpinningSystem system = new SpinningSystem();
    try (NioFixture nio = new NioFixture(system, 100).ticking()) {
      TcpAcceptor acceptor = nio.listenEcho();
      system.fails = true;
      nio.turn();
      assertThat(system.opened).isEqualTo(2);
      try (Socket client = NioFixture.client(acceptor)) {
        client.getOutputStream().write("after".getBytes(US_ASCII));
        nio.expect(client, "after");
      }
    }
  }

  @Test
  void wakeupsAndTimersAreNotTakenForSpinning() throws IOException {
    try (NioFixture nio = new NioFixture(NioSystem.DEFAULT, 3).ticking()) {
      for (int i = 0; i < 50; i++) {
        nio.turn();
      }
      for (int i = 0; i < 50; i++) {
        nio.loop.poller().wakeup();
        nio.turn();
      }
      assertThat(nio.counters().selectorRebuilds()).isZero();
    }
  }

  @Test
  void passingBytesAllocatesNothing() throws IOException {
    try (NioFixture nio = new NioFixture()) {
      Pair pair = new Pair(nio);
      ByteBuffer bytes = ByteBuffer.allocateDirect(100);
      int[] got = {0};
      pair.recorder.action =
          ready -> {
            try {
              bytes.clear();
              got[0] += pair.socket.read(bytes);
              bytes.flip();
              // Interest goes to and fro, as it does when output is full.
              pair.socket.interest(Interest.NONE);
              pair.socket.write(bytes);
              pair.socket.interest(Interest.READ);
            } catch (IOException e) {
              throw new AssertionError(e);
            }
          };
      byte[] sent = new byte[100];
      byte[] back = new byte[100];
      long least = Long.MAX_VALUE;
      for (int window = 0; window < 8; window++) {
        long allocated = 0;
        for (int round = 0; round < 500; round++) {
          pair.client.getOutputStream().write(sent);
          int before = got[0];
          long start = ThreadAllocations.bytes();
          while (got[0] < before + 100) {
            nio.turn();
          }
          allocated += ThreadAllocations.bytes() - start;
          assertThat(pair.client.getInputStream().readNBytes(back, 0, 100)).isEqualTo(100);
        }
        least = Math.min(least, allocated);
      }
      // The compiler's work shows as a few hundred bytes now and then.
      assertThat(least).isZero();
      pair.close();
    }
  }

  private static void cancel(@Nullable SelectionKey key) {
    if (key != null) {
      key.cancel();
    }
  }

  /** A client of the JDK and the adopted other end, which waits for input. */
  private static final class Pair {
    final Recorder recorder = new Recorder();
    final Socket client;
    final TcpSocket socket;

    Pair(NioFixture nio) throws IOException {
      Acceptance acceptance = new Acceptance();
      TcpAcceptor acceptor = nio.listen(acceptance);
      client = NioFixture.client(acceptor);
      nio.runUntil(() -> acceptance.accepted.size() == 1);
      acceptor.close();
      socket = nio.loop.poller().adopt(acceptance.accepted.get(0), recorder);
      socket.interest(Interest.READ);
    }

    NioSocket nioSocket() {
      return (NioSocket) socket;
    }

    void close() throws IOException {
      socket.close();
      client.close();
    }
  }

  static final class Recorder implements IoHandler {
    int ready;
    @Nullable Throwable failure;
    Consumer<Integer> action = ready -> {};

    @Override
    public void onReady(int readyOps) {
      ready |= readyOps;
      action.accept(readyOps);
    }

    @Override
    public void onHandlerFailure(Throwable failure) {
      this.failure = failure;
    }
  }

  static final class Acceptance implements AcceptHandler {
    final List<LooseSocket> accepted = new ArrayList<>();
    final List<Throwable> failures = new ArrayList<>();
    boolean throwing;

    @Override
    public void onAccepted(LooseSocket socket) {
      if (throwing) {
        throw new IllegalStateException("broken accept handler");
      }
      accepted.add(socket);
    }

    @Override
    public void onAcceptFailure(Throwable failure) {
      failures.add(failure);
    }
  }

  /** Returns early with nothing ready, or fails, as often as it is told to. */
  private static final class SpinningSystem extends NioSystem {
    int spinsLeft;
    int opened;
    boolean fails;

    @Override
    public Selector openSelector() throws IOException {
      opened++;
      return super.openSelector();
    }

    @Override
    public int select(Selector selector, Consumer<SelectionKey> action, long timeoutMillis)
        throws IOException {
      if (fails) {
        fails = false;
        throw new IOException("bad file descriptor");
      }
      if (spinsLeft > 0) {
        spinsLeft--;
        return 0;
      }
      return super.select(selector, action, timeoutMillis);
    }
  }
}
