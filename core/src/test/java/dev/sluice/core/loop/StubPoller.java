package dev.sluice.core.loop;

import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A poller without sockets: runs what a test wants to happen in the next poll. */
final class StubPoller implements Poller {
  final List<Long> timeouts = new ArrayList<>();
  final List<Runnable> events = new ArrayList<>();
  boolean recording = true;
  int openSockets;
  boolean closed;
  @Nullable PollerHost host;

  @Override
  public void attach(PollerHost host) {
    this.host = host;
  }

  @Override
  public int poll(long timeoutNanos) {
    if (!recording) {
      return 0;
    }
    timeouts.add(timeoutNanos);
    List<Runnable> now = List.copyOf(events);
    events.clear();
    now.forEach(Runnable::run);
    return now.size();
  }

  @Override
  public TcpSocket connect(SocketAddress remote, @Nullable SocketAddress local, IoHandler handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TcpSocket adopt(LooseSocket accepted, IoHandler handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public LooseSocket release(TcpSocket socket) {
    throw new UnsupportedOperationException();
  }

  @Override
  public TcpAcceptor listen(SocketAddress local, ListenOptions options, AcceptHandler handler) {
    throw new UnsupportedOperationException();
  }

  @Override
  public void wakeup() {}

  @Override
  public int openSockets() {
    return openSockets;
  }

  @Override
  public void close() {
    closed = true;
  }

  long lastTimeout() {
    return timeouts.get(timeouts.size() - 1);
  }
}
