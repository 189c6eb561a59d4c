package dev.sluice.core.testkit;

import dev.sluice.core.loop.AcceptHandler;
import dev.sluice.core.loop.Interest;
import dev.sluice.core.loop.ListenOptions;
import dev.sluice.core.loop.TcpAcceptor;
import java.io.IOException;
import java.net.SocketAddress;

/** A {@link TcpAcceptor} of the simulated network. */
final class SimAcceptor extends SimReady implements TcpAcceptor {
  private final SimPoller poller;
  private final SimListener listener;
  private final ListenOptions options;
  private final AcceptHandler handler;
  private boolean paused;
  private boolean closed;

  SimAcceptor(
      SimPoller poller,
      SimNetwork network,
      SocketAddress local,
      ListenOptions options,
      AcceptHandler handler)
      throws IOException {
    this.poller = poller;
    this.options = options;
    this.handler = handler;
    this.listener = network.listen(local, options.backlog(), () -> poller.addCandidate(this));
  }

  @Override
  public SocketAddress localAddress() {
    return listener.localAddress();
  }

  @Override
  public void pause() {
    paused = true;
  }

  @Override
  public void resume() {
    paused = false;
    poller.addCandidate(this);
  }

  @Override
  public boolean paused() {
    return paused;
  }

  @Override
  public void close() {
    if (!closed) {
      closed = true;
      listener.close();
      poller.onClosed(this);
    }
  }

  @Override
  int readyOps() {
    return closed || paused || !listener.hasConnections() ? 0 : Interest.READ;
  }

  @Override
  int wantedOps() {
    return 0;
  }

  @Override
  public void acceptWaiting() {
    accept(options.backlog());
  }

  @Override
  void dispatch(int readyOps) {
    accept(options.acceptsPerTurnMax());
  }

  private void accept(int countMax) {
    for (int i = 0; i < countMax && readyOps() != 0; i++) {
      SimEndpoint endpoint = listener.accept();
      if (endpoint == null) {
        return;
      }
      SimLooseSocket accepted = new SimLooseSocket(endpoint);
      try {
        handler.onAccepted(accepted);
      } catch (Throwable failure) {
        poller.report("accept handler failed", failure);
        accepted.closeWithReset();
        handler.onAcceptFailure(failure);
      }
    }
  }
}
