package dev.sluice.core.testkit;

import dev.sluice.core.loop.LooseSocket;
import java.net.SocketAddress;

/** A {@link LooseSocket} of the simulated network. */
final class SimLooseSocket implements LooseSocket {
  private final SimEndpoint endpoint;
  private boolean taken;

  SimLooseSocket(SimEndpoint endpoint) {
    this.endpoint = endpoint;
  }

  SimEndpoint take() {
    if (taken) {
      throw new IllegalStateException("adopted or closed before: " + endpoint.name());
    }
    taken = true;
    return endpoint;
  }

  @Override
  public SocketAddress localAddress() {
    return endpoint.localAddress();
  }

  @Override
  public SocketAddress remoteAddress() {
    return endpoint.remoteAddress();
  }

  @Override
  public void close() {
    if (!taken) {
      taken = true;
      endpoint.close();
    }
  }

  @Override
  public void closeWithReset() {
    if (!taken) {
      taken = true;
      endpoint.closeWithReset();
    }
  }
}
