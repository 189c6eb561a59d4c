package dev.sluice.core.frontend;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.connection.ConnectionVisitor;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.LooseSocket;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.stream.StreamPool;
import dev.sluice.core.stream.StreamSettings;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** The part of a frontend that lives on one loop: its sessions there. Confined to that loop. */
final class LoopFrontend {
  private final EventLoop loop;
  private final StreamPool streams;
  private final StreamSettings settings;
  private final List<ClientSession> sessions = new ArrayList<>();
  private Stage stage = Stage.OPEN;

  /** How far it is on its way to its end. */
  private enum Stage {
    /** Takes what comes. */
    OPEN,
    /** Takes what comes, for one exchange each. */
    LEAVING,
    /** Takes nothing. */
    CLOSED
  }

  LoopFrontend(EventLoop loop, StreamPool streams, StreamSettings settings) {
    this.loop = loop;
    this.streams = streams;
    this.settings = settings;
  }

  EventLoop loop() {
    return loop;
  }

  StreamPool streams() {
    return streams;
  }

  StreamSettings settings() {
    return settings;
  }

  /** Whether a client that has come is told to go elsewhere after its next exchange. */
  boolean leaving() {
    return stage != Stage.OPEN;
  }

  void forEachConnection(ConnectionVisitor visitor) {
    for (ClientSession session : sessions) {
      Connection connection = session.connection();
      if (connection != null) {
        visitor.visit(connection, session.exchanges());
      }
    }
  }

  int sessionCount() {
    return sessions.size();
  }

  /** Takes over a connection that a listener has accepted. */
  void take(LooseSocket accepted, Listener listener, ConnectionSettings connectionSettings) {
    if (stage == Stage.CLOSED) {
      accepted.close();
      listener.onConnectionClosed();
      return;
    }
    ClientSession session = new ClientSession(this, listener);
    session.index = sessions.size();
    sessions.add(session);
    try {
      Connection connection =
          Connection.accept(loop, connectionSettings, accepted, session, session);
      if (session.index >= 0 && !connection.closed()) {
        session.connection(connection);
      }
    } catch (IOException e) {
      remove(session);
      listener.onConnectionClosed();
      loop.report("an accepted connection could not be registered", e);
    }
  }

  void remove(ClientSession session) {
    int gap = session.index;
    assert sessions.get(gap) == session : "a session is removed once";
    ClientSession moved = sessions.remove(sessions.size() - 1);
    if (moved != session) {
      sessions.set(gap, moved);
      moved.index = gap;
    }
    session.index = -1;
  }

  /** The answer to come, or the one after it, is the last on each connection. */
  void goAway() {
    stage = Stage.LEAVING;
    for (int i = sessions.size() - 1; i >= 0; i--) {
      sessions.get(i).goAway();
    }
  }

  /** Connections close at once if they are idle, and else when their last exchange is over. */
  void drain() {
    stage = Stage.LEAVING;
    for (int i = sessions.size() - 1; i >= 0; i--) {
      sessions.get(i).drain();
    }
  }

  /** Closes what is left. */
  void closeAll(CloseCause cause) {
    stage = Stage.CLOSED;
    for (int i = sessions.size() - 1; i >= 0; i--) {
      Connection connection = sessions.get(i).connection();
      if (connection != null) {
        connection.closeNow(cause);
      }
    }
  }
}
