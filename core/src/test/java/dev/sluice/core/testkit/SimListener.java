package dev.sluice.core.testkit;

import java.net.SocketAddress;
import java.util.ArrayDeque;
import org.jspecify.annotations.Nullable;

/** A simulated listening socket with its backlog. */
final class SimListener {
  private final SimNetwork network;
  private final SocketAddress local;
  private final int backlogMax;
  private final Runnable onConnection;
  private final ArrayDeque<SimEndpoint> backlog = new ArrayDeque<>();
  private boolean closed;

  SimListener(SimNetwork network, SocketAddress local, int backlogMax, Runnable onConnection) {
    this.network = network;
    this.local = local;
    this.backlogMax = backlogMax;
    this.onConnection = onConnection;
  }

  SocketAddress localAddress() {
    return local;
  }

  boolean full() {
    return backlog.size() >= backlogMax;
  }

  boolean hasConnections() {
    return !backlog.isEmpty();
  }

  void add(SimEndpoint server) {
    backlog.add(server);
    onConnection.run();
  }

  /** Takes the connection that has waited longest, null if none waits. */
  @Nullable SimEndpoint accept() {
    return backlog.poll();
  }

  void close() {
    if (closed) {
      return;
    }
    closed = true;
    network.onListenerClosed(this);
    for (SimEndpoint waiting : backlog) {
      waiting.closeWithReset();
    }
    backlog.clear();
  }
}
