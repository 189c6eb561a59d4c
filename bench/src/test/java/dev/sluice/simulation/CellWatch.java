package dev.sluice.simulation;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionState;
import dev.sluice.core.connection.ConnectionView;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.mux.Mux;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.testkit.SimEndpoint;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.simulation.CellTable.Event;
import dev.sluice.simulation.CellTable.State;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Looks at all outgoing connections after each step of a simulation, and notes which event has met
 * which state: what has come to a socket by the state that its connection is in, what the engine
 * did by what is different from the look before.
 */
final class CellWatch {
  private static final long DRAINING_NANOS = 30_000_000_000L;

  private final Simulation simulation;
  private final int loops;
  private final CellTable cells;
  private final IdentityHashMap<Connection, Seen> seen = new IdentityHashMap<>();
  private final List<Connection> abandoned = new ArrayList<>();
  private long look;

  private static final class Seen {
    State state = State.CONNECTING;
    boolean owned = true;
    int streams;
    long sinceNanos;
    long look;
  }

  CellWatch(Simulation simulation, int loops, CellTable cells) {
    this.simulation = simulation;
    this.loops = loops;
    this.cells = cells;
  }

  void look() {
    look++;
    for (int i = 0; i < loops; i++) {
      simulation.poller(i).visit(this::see);
    }
    Iterator<Map.Entry<Connection, Seen>> all = seen.entrySet().iterator();
    while (all.hasNext()) {
      Map.Entry<Connection, Seen> entry = all.next();
      if (entry.getValue().look != look) {
        closed(entry.getKey(), entry.getValue());
        all.remove();
      }
    }
    if (!abandoned.isEmpty() && simulation.executor().pending() == 0) {
      abandoned.clear();
      cells.hit(Event.STEP_RETURNS, State.ABANDONED);
    }
  }

  private void see(IoHandler handler, SimEndpoint endpoint) {
    if (!(handler instanceof Connection connection)
        || connection.side() != Side.BACK
        || connection.state() == ConnectionState.CLOSED) {
      return;
    }
    Seen before = seen.get(connection);
    if (before == null) {
      before = new Seen();
      before.sinceNanos = simulation.clock().nanoTime();
      seen.put(connection, before);
    }
    before.look = look;
    State now = stateOf(connection);
    boolean owned = ConnectionView.owned(connection);
    Mux mux = connection.mux();
    int streams = mux == null ? 0 : mux.openStreams();
    change(connection, before, now, owned, streams);
    if (before.state != now) {
      before.sinceNanos = simulation.clock().nanoTime();
    }
    before.state = now;
    before.owned = owned;
    before.streams = streams;
    arrivals(now, endpoint);
  }

  private static State stateOf(Connection connection) {
    return switch (connection.state()) {
      case CONNECTING -> State.CONNECTING;
      case HANDSHAKING -> ConnectionView.lent(connection) ? State.LENT : State.HANDSHAKING;
      case ACTIVE -> State.ACTIVE;
      case IDLE -> State.IDLE;
      case DRAINING -> State.DRAINING;
      case CLOSED -> State.CLOSED;
    };
  }

  private void arrivals(State now, SimEndpoint endpoint) {
    if (endpoint.refused()) {
      cells.hit(Event.REFUSED, now);
    }
    if (endpoint.unreadBytes() > 0) {
      cells.hit(Event.PEER_BYTES, now);
    }
    if (endpoint.endArrived()) {
      cells.hit(Event.PEER_ENDS, now);
    }
    if (endpoint.wasReset()) {
      cells.hit(Event.PEER_RESETS, now);
    }
  }

  private void change(Connection connection, Seen before, State now, boolean owned, int streams) {
    State was = before.state;
    if (was == State.CONNECTING && now != State.CONNECTING) {
      cells.hit(Event.CONNECTED, was);
    }
    if (was == State.LENT && now != State.LENT) {
      cells.hit(Event.STEP_RETURNS, was);
    }
    boolean hasMux = now == State.ACTIVE || now == State.IDLE || now == State.DRAINING;
    boolean hadMux = was == State.ACTIVE || was == State.IDLE || was == State.DRAINING;
    if (hasMux && !hadMux && was != State.CONNECTING) {
      cells.hit(Event.HANDSHAKE_DONE, was);
    }
    if (!hasMux && before.owned && !owned) {
      cells.hit(Event.OWNER_LEAVES, now);
    }
    if (hadMux && streams > before.streams) {
      cells.hit(Event.ATTACH, was);
    }
    if (streams == 0 && before.streams > 0) {
      cells.hit(Event.STREAMS_END, was);
    }
    if (now == State.DRAINING && hadMux && was != State.DRAINING && connection.failure() == null) {
      cells.hit(Event.DRAIN, was);
    }
  }

  private void closed(Connection connection, Seen before) {
    State was = before.state;
    boolean lent = ConnectionView.lent(connection);
    if (lent) {
      abandoned.add(connection);
    } else if (was == State.LENT) {
      cells.hit(Event.STEP_RETURNS, was);
    }
    if (before.streams > 0) {
      cells.hit(Event.STREAMS_END, was);
    }
    long now = simulation.clock().nanoTime();
    if (was == State.DRAINING && now - before.sinceNanos >= DRAINING_NANOS) {
      cells.hit(Event.DEADLINE, was);
    }
    Failure failure = connection.failure();
    if (failure != null) {
      Event event = eventOf(failure.cause());
      // A mux may also close for this cause, by itself.
      boolean byMux = event == Event.DRAIN && was != State.IDLE;
      if (event != null && !byMux) {
        cells.hit(event, was);
      }
    }
  }

  private static @Nullable Event eventOf(CloseCause cause) {
    return switch (cause) {
      case CONNECT_REFUSED, CONNECT_FAILED -> Event.REFUSED;
      case CONNECT_TIMEOUT, HANDSHAKE_TIMEOUT, IDLE_TIMEOUT -> Event.DEADLINE;
      case HANDSHAKE_FAILED, NO_COMMON_PROTOCOL, PROTOCOL_NOT_OFFERED -> Event.HANDSHAKE_FAILS;
      case NO_MUX, MUX_OPEN_FAILED, ATTACH_REFUSED -> Event.NO_MUX;
      case SHUTDOWN -> Event.CLOSE_NOW;
      case DRAINING -> Event.DRAIN;
      default -> null;
    };
  }
}
