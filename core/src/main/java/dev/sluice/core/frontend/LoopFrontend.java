package dev.sluice.core.frontend;

import dev.sluice.core.connection.Connection;
import dev.sluice.core.connection.ConnectionSettings;
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
  private boolean draining;

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

  boolean draining() {
    return draining;
  }

  int sessionCount() {
    return sessions.size();
  }

  /** Takes over a connection that a listener has accepted. */
  void take(LooseSocket accepted, Listener listener, ConnectionSettings connectionSettings) {
    if (draining) {
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

  /** No new exchange from now on; connections close when their last one is over. */
  void drain() {
    draining = true;
    for (int i = sessions.size() - 1; i >= 0; i--) {
      Connection connection = sessions.get(i).connection();
      if (connection != null) {
        connection.drain();
      }
    }
  }

  /** Closes what is left. */
  void closeAll(CloseCause cause) {
    draining = true;
    for (int i = sessions.size() - 1; i >= 0; i--) {
      Connection connection = sessions.get(i).connection();
      if (connection != null) {
        connection.closeNow(cause);
      }
    }
  }
}
