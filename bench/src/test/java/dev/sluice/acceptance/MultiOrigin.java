package dev.sluice.acceptance;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.testkit.ScriptedPeer;
import dev.sluice.core.testkit.SimServer;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.mux.TestMuxPeer;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A scripted server of the test mux that multiplexes; answers everything with an empty 200. */
final class MultiOrigin {
  private static final int STREAMS_MAX = 8;

  /** A connection takes no new ones after so many, so that others are made. */
  private static final int REQUESTS_MAX = 50;

  private final Simulation simulation;
  private final Supplier<TlsEnd> tls;
  private final long settingsDelayNanos;
  private final List<Connection> connections = new ArrayList<>();
  private int requests;

  private MultiOrigin(
      Simulation simulation,
      InetSocketAddress address,
      Supplier<TlsEnd> tls,
      long settingsDelayNanos) {
    this.simulation = simulation;
    this.tls = tls;
    this.settingsDelayNanos = settingsDelayNanos;
    SimServer.listen(simulation, address, this::accept);
  }

  /**
   * Listens.
   *
   * @param settingsDelayNanos how long it waits with its first frame
   */
  static MultiOrigin listen(
      Simulation simulation,
      InetSocketAddress address,
      Supplier<TlsEnd> tls,
      long settingsDelayNanos) {
    return new MultiOrigin(simulation, address, tls, settingsDelayNanos);
  }

  /** How many requests have come. */
  int requests() {
    return requests;
  }

  /** How many connections have come. */
  int connections() {
    return connections.size();
  }

  /** How many of its connections are open. */
  int open() {
    return (int) connections.stream().filter(each -> !each.closed).count();
  }

  private void accept(ScriptedPeer socket) {
    Connection connection = new Connection();
    connections.add(connection);
    Wire.over(socket, tls, connection);
  }

  private final class Connection implements Wire.Handler, TestMuxPeer.Events {
    private @Nullable TestMuxPeer peer;
    private boolean closed;
    private int taken;

    @Override
    public void onReady(Wire ready) {
      TestMuxPeer made =
          new TestMuxPeer(
              true,
              true,
              STREAMS_MAX,
              bytes -> {
                if (!ready.over()) {
                  ready.write(bytes);
                }
              },
              this);
      peer = made;
      simulation.network().schedule(settingsDelayNanos, made::start);
    }

    @Override
    public void onBytes(Wire from, byte[] bytes) {
      TestMuxPeer frames = peer;
      if (frames != null) {
        frames.onBytes(bytes);
      }
    }

    @Override
    public void onEnd(Wire from) {
      closed = true;
      from.close();
    }

    @Override
    public void onRequest(int stream, RequestHead head, boolean end) {
      requests++;
      TestMuxPeer frames = peer;
      assert frames != null;
      if (++taken == REQUESTS_MAX) {
        frames.drain();
      }
      frames.response(stream, 200, true);
    }

    @Override
    public void onResponse(int stream, ResponseHead head, boolean end) {
      throw new AssertionError("a server got a response");
    }

    @Override
    public void onData(int stream, byte[] data, boolean end) {}

    @Override
    public void onTrailers(int stream, Fields trailers) {}

    @Override
    public void onReset(int stream, ResetCode code) {}

    @Override
    public void onDrain() {}
  }
}
