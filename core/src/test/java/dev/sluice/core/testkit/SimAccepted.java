package dev.sluice.core.testkit;

import dev.sluice.core.loop.AcceptedSocket;
import java.net.SocketAddress;

/** An {@link AcceptedSocket} of the simulated network. */
final class SimAccepted implements AcceptedSocket {
  private final SimEndpoint endpoint;
  private boolean taken;

  SimAccepted(SimEndpoint endpoint) {
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
