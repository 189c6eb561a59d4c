package dev.sluice.core.loop;

import java.io.IOException;
import java.net.SocketAddress;
import java.nio.channels.SocketChannel;
import org.jspecify.annotations.Nullable;

/** A {@link LooseSocket} over a {@link SocketChannel}. */
final class NioLooseSocket implements LooseSocket {
  private final SocketChannel channel;
  private final @Nullable SocketAddress local;
  private final @Nullable SocketAddress remote;
  private boolean taken;

  NioLooseSocket(SocketChannel channel) throws IOException {
    this(channel, channel.getLocalAddress(), channel.getRemoteAddress());
  }

  NioLooseSocket(
      SocketChannel channel, @Nullable SocketAddress local, @Nullable SocketAddress remote) {
    this.channel = channel;
    this.local = local;
    this.remote = remote;
  }

  /** Hands the channel over to the poller that adopts it. */
  SocketChannel take() {
    if (taken) {
      throw new IllegalStateException("adopted or closed before: " + remote);
    }
    taken = true;
    return channel;
  }

  @Override
  public @Nullable SocketAddress localAddress() {
    return local;
  }

  @Override
  public @Nullable SocketAddress remoteAddress() {
    return remote;
  }

  @Override
  public void close() {
    if (!taken) {
      taken = true;
      closeNow();
    }
  }

  @Override
  public void closeWithReset() {
    if (!taken) {
      taken = true;
      NioSocket.setLingerZero(channel, remote);
      closeNow();
    }
  }

  private void closeNow() {
    try {
      channel.close();
    } catch (IOException e) {
      // The descriptor is released all the same, and nobody was served yet.
      return;
    }
  }
}
