package dev.sluice.core.loop;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.time.NanoClock;
import dev.sluice.core.time.Timer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BooleanSupplier;

/** A loop over real sockets, driven by the test's own thread. */
final class NioFixture implements AutoCloseable {
  private static final long MILLI = 1_000_000L;

  final NanoClock clock = this::nanoTime;
  final List<Throwable> reported = new ArrayList<>();
  final EventLoop loop;
  private final Timer ticker = new Ticker();
  private long frozenNanos = -1;

  NioFixture() throws IOException {
    this(NioSystem.DEFAULT, LoopLimits.defaults().spinsMax());
  }

  NioFixture(NioSystem system, int spinsMax) throws IOException {
    NioPoller poller = NioPoller.open(clock, spinsMax, system);
    loop =
        new EventLoop(
            "loop",
            0,
            poller,
            clock,
            LoopLimits.defaults(),
            (what, failure) -> reported.add(failure));
  }

  static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  /** Makes turns end by themselves, so that what other parties do is looked at soon. */
  NioFixture ticking() {
    loop.runInTurn(() -> loop.schedule(ticker, MILLI));
    return this;
  }

  void stopTicking() {
    loop.runInTurn(() -> loop.timers().cancel(ticker));
  }

  /** Stops the clock, so that nothing depends on how long the machine takes for it. */
  void freeze() {
    frozenNanos = NanoClock.system().nanoTime();
  }

  void thaw() {
    frozenNanos = -1;
  }

  private long nanoTime() {
    return frozenNanos >= 0 ? frozenNanos : NanoClock.system().nanoTime();
  }

  TcpAcceptor listen(AcceptHandler handler) throws IOException {
    return listen(ListenOptions.defaults(), handler);
  }

  TcpAcceptor listen(ListenOptions options, AcceptHandler handler) throws IOException {
    return loop.poller().listen(anyPort(), options, handler);
  }

  TcpAcceptor listenEcho() throws IOException {
    return listen(EchoConnection.acceptOn(loop, 3600_000 * MILLI));
  }

  static Socket client(TcpAcceptor acceptor) throws IOException {
    InetSocketAddress address = (InetSocketAddress) acceptor.localAddress();
    return new Socket(address.getAddress(), address.getPort());
  }

  void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      turn();
    }
  }

  int turn() {
    return loop.runOnce(clock.nanoTime());
  }

  /** Drives the loop until the client has got this text. */
  void expect(Socket client, String text) throws IOException {
    runUntil(
        () -> {
          try {
            return client.getInputStream().available() >= text.length();
          } catch (IOException e) {
            throw new AssertionError(e);
          }
        });
    String got = new String(client.getInputStream().readNBytes(text.length()), US_ASCII);
    if (!got.equals(text)) {
      throw new AssertionError("expected " + text + " but got " + got);
    }
  }

  LoopCounters.Snapshot counters() {
    return loop.counters().snapshot();
  }

  @Override
  public void close() {
    loop.stop();
  }

  private final class Ticker extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      loop.schedule(this, MILLI);
    }
  }
}
