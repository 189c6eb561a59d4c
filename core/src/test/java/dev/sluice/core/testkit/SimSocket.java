package dev.sluice.core.testkit;

import dev.sluice.core.loop.Interest;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.loop.TcpSocket;
import java.io.IOException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** A {@link TcpSocket} over one end of a simulated connection. */
final class SimSocket extends SimReady implements TcpSocket {
  private final SimPoller poller;
  private final SimEndpoint endpoint;
  private final IoHandler handler;
  private int interest;
  private boolean connected;
  private boolean released;

  SimSocket(SimPoller poller, SimEndpoint endpoint, IoHandler handler) {
    this.poller = poller;
    this.endpoint = endpoint;
    this.handler = handler;
    this.connected = endpoint.established();
    this.interest = connected ? Interest.NONE : Interest.CONNECT;
    endpoint.listener(this::onReadiness);
    onReadiness();
  }

  IoHandler handler() {
    return handler;
  }

  SimEndpoint endpoint() {
    return endpoint;
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    assert destination.isDirect() : "only direct buffers touch sockets";
    poller.assertInLoop();
    int count = endpoint.read(destination);
    poller.onRead(count);
    return count;
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    assert source.isDirect() : "only direct buffers touch sockets";
    poller.assertInLoop();
    return endpoint.write(source);
  }

  @Override
  public long write(@Nullable ByteBuffer[] sources, int offset, int length) throws IOException {
    long written = 0;
    for (int i = offset; i < offset + length; i++) {
      ByteBuffer source = sources[i];
      if (source == null) {
        throw new IllegalArgumentException("no buffer at " + i);
      }
      written += write(source);
      if (source.hasRemaining()) {
        break;
      }
    }
    return written;
  }

  @Override
  public boolean finishConnect() throws IOException {
    poller.assertInLoop();
    if (!connected && endpoint.finishConnect()) {
      connected = true;
      interest(interest & ~Interest.CONNECT);
    }
    return connected;
  }

  @Override
  public boolean connected() {
    return connected;
  }

  @Override
  public boolean open() {
    return !released && !endpoint.closed();
  }

  /** Leaves its poller with the connection open. */
  SimLooseSocket loosen() {
    poller.assertInLoop();
    released = true;
    interest = Interest.NONE;
    endpoint.listener(() -> {});
    poller.onClosed(this);
    return new SimLooseSocket(endpoint);
  }

  @Override
  public void interest(int ops) {
    poller.assertInLoop();
    if (interest != ops && open()) {
      interest = ops;
      onReadiness();
    }
  }

  @Override
  public int interest() {
    return interest;
  }

  @Override
  public void shutdownOutput() throws IOException {
    poller.assertInLoop();
    endpoint.shutdownOutput();
  }

  @Override
  public void close() {
    if (open()) {
      interest = Interest.NONE;
      endpoint.close();
      poller.onClosed(this);
    }
  }

  @Override
  public void closeWithReset() {
    if (open()) {
      interest = Interest.NONE;
      endpoint.closeWithReset();
      poller.onClosed(this);
    }
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return connected ? endpoint.localAddress() : null;
  }

  @Override
  public SocketAddress remoteAddress() {
    return endpoint.remoteAddress();
  }

  @Override
  int readyOps() {
    if (interest == 0 || endpoint.closed()) {
      return 0;
    }
    int ready = 0;
    if (endpoint.readable()) {
      ready |= Interest.READ;
    }
    if (endpoint.writable()) {
      ready |= Interest.WRITE;
    }
    if (!connected && endpoint.connectReady()) {
      ready |= Interest.CONNECT;
    }
    return ready & interest;
  }

  @Override
  int wantedOps() {
    return interest;
  }

  @Override
  void dispatch(int readyOps) {
    poller.dispatch(handler, this, readyOps);
  }

  private void onReadiness() {
    poller.addCandidate(this);
  }
}
