package dev.sluice.core.testkit;

import java.io.IOException;
import java.net.SocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A simulated server: each connection that it accepts becomes a {@link ScriptedPeer}. */
public final class SimServer {
  private final Simulation simulation;
  private final Consumer<ScriptedPeer> script;
  private final List<ScriptedPeer> accepted = new ArrayList<>();
  private final SimActor acceptor = new Acceptor();
  private @Nullable SimListener listener;

  private SimServer(Simulation simulation, Consumer<ScriptedPeer> script) {
    this.simulation = simulation;
    this.script = script;
  }

  /**
   * Begins to listen.
   *
   * @param script called for each connection, to tell its peer what to do
   */
  public static SimServer listen(
      Simulation simulation, SocketAddress address, Consumer<ScriptedPeer> script) {
    return listen(simulation, address, 1024, script);
  }

  /** Begins to listen with a backlog of {@code backlogMax} connections. */
  public static SimServer listen(
      Simulation simulation, SocketAddress address, int backlogMax, Consumer<ScriptedPeer> script) {
    SimServer server = new SimServer(simulation, script);
    try {
      server.listener =
          simulation
              .network()
              .listen(address, backlogMax, () -> simulation.enqueue(server.acceptor));
    } catch (IOException e) {
      throw new AssertionError(e);
    }
    return server;
  }

  /** Returns the peers of the connections accepted so far. */
  public List<ScriptedPeer> accepted() {
    return List.copyOf(accepted);
  }

  /** Stops listening; connections that were accepted go on. */
  public void close() {
    if (listener != null) {
      listener.close();
    }
  }

  private final class Acceptor extends SimActor {
    @Override
    void act() {
      SimEndpoint endpoint = listener == null ? null : listener.accept();
      if (endpoint == null) {
        return;
      }
      simulation.enqueue(this);
      ScriptedPeer peer = ScriptedPeer.accepted(simulation, endpoint);
      accepted.add(peer);
      script.accept(peer);
    }
  }
}
