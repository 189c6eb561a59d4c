package dev.sluice.core.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.net.StandardSocketOptions;
import java.net.UnixDomainSocketAddress;
import java.nio.ByteBuffer;
import java.nio.channels.SelectableChannel;
import java.nio.channels.SelectionKey;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A {@link TcpSocket} over a {@link SocketChannel}. Confined to its loop. */
final class NioSocket extends NioEntry implements TcpSocket {
  private final NioPoller poller;
  private final SocketChannel channel;
  private final IoHandler handler;
  private final @Nullable SocketAddress remote;
  private @Nullable SocketAddress local;
  private boolean connected;

  NioSocket(
      NioPoller poller,
      SocketChannel channel,
      IoHandler handler,
      @Nullable SocketAddress remote,
      boolean connected) {
    this.poller = poller;
    this.channel = channel;
    this.handler = handler;
    this.remote = remote;
    this.connected = connected;
  }

  @Override
  public int read(ByteBuffer destination) throws IOException {
    // The JDK would copy through a direct buffer of its own, one per thread and size.
    assert destination.isDirect() : "only direct buffers touch sockets";
    return channel.read(destination);
  }

  @Override
  public int write(ByteBuffer source) throws IOException {
    assert source.isDirect() : "only direct buffers touch sockets";
    return channel.write(source);
  }

  @Override
  @SuppressWarnings("NullAway") // The range holds no null; beyond it the JDK doesn't look.
  public long write(@Nullable ByteBuffer[] sources, int offset, int length) throws IOException {
    return channel.write(sources, offset, length);
  }

  @Override
  public boolean finishConnect() throws IOException {
    if (!connected && channel.finishConnect()) {
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
    return !closed;
  }

  @Override
  public void interest(int ops) {
    if (!closed && !applyInterest(ops)) {
      poller.onBrokenKey();
    }
  }

  @Override
  public int interest() {
    return interest;
  }

  @Override
  public void shutdownOutput() throws IOException {
    channel.shutdownOutput();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    interest = Interest.NONE;
    SelectionKey present = key;
    if (present != null) {
      present.cancel();
    }
    poller.onClosed(this);
    poller.closeQuietly(channel);
  }

  /** Leaves the poller with the channel open. */
  NioLooseSocket loosen() {
    SocketAddress ownAddress = localAddress();
    closed = true;
    interest = Interest.NONE;
    SelectionKey present = key;
    if (present != null) {
      present.cancel();
    }
    poller.onClosed(this);
    return new NioLooseSocket(channel, ownAddress, remote);
  }

  @Override
  public void closeWithReset() {
    if (closed) {
      return;
    }
    setLingerZero(channel, remote);
    close();
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    if (local == null && connected && !closed) {
      try {
        local = channel.getLocalAddress();
      } catch (IOException e) {
        // Only a closed channel has none; whoever reads next learns that.
        return null;
      }
    }
    return local;
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return remote;
  }

  /** Makes the following close send a RST. */
  static void setLingerZero(SocketChannel channel, @Nullable SocketAddress remote) {
    if (remote instanceof UnixDomainSocketAddress) {
      return;
    }
    try {
      channel.setOption(StandardSocketOptions.SO_LINGER, 0);
    } catch (IOException e) {
      // The connection is gone already, and no RST is needed.
      return;
    }
  }

  @Override
  SelectableChannel channel() {
    return channel;
  }

  @Override
  void onReady(int readyOps) {
    poller.host().dispatch(handler, this, readyOps);
  }

  @Override
  void onLost(Throwable failure) {
    poller.host().lose(handler, this, failure);
  }
}
