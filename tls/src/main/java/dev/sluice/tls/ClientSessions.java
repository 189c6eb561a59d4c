package dev.sluice.tls;

import dev.sluice.tls.engine.ClientSession;
import dev.sluice.tls.engine.ClientSessionStore;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Sessions of one client configuration by the servers that they are with: the newest few of each,
 * and of the servers those that were used last. Thread-safe; a lock is held for a few steps only.
 */
final class ClientSessions implements ClientSessionStore {
  private static final int PER_SERVER_MAX = 4;
  private static final int SERVERS_MAX = 256;

  private final long lifetimeMillis;
  private final Clock clock;
  private final Map<String, Deque<ClientSession>> byServer = new LinkedHashMap<>(16, 0.75f, true);

  ClientSessions(Duration lifetime, Clock clock) {
    this.lifetimeMillis = lifetime.toMillis();
    this.clock = clock;
  }

  @Override
  public long lifetimeMillis() {
    return lifetimeMillis;
  }

  @Override
  public long nowMillis() {
    return clock.millis();
  }

  @Override
  public synchronized @Nullable ClientSession take(String key) {
    Deque<ClientSession> sessions = byServer.get(key);
    if (sessions == null) {
      return null;
    }
    ClientSession newest = sessions.pollLast();
    if (sessions.isEmpty()) {
      byServer.remove(key);
    }
    return newest;
  }

  @Override
  public synchronized void put(String key, ClientSession session) {
    Deque<ClientSession> sessions =
        byServer.computeIfAbsent(key, unused -> new ArrayDeque<>(PER_SERVER_MAX));
    if (sessions.size() == PER_SERVER_MAX) {
      sessions.removeFirst();
    }
    sessions.addLast(session);
    if (byServer.size() > SERVERS_MAX) {
      byServer.remove(byServer.keySet().iterator().next());
    }
  }

  /** How many sessions are held. */
  synchronized int count() {
    int count = 0;
    for (Deque<ClientSession> sessions : byServer.values()) {
      count += sessions.size();
    }
    return count;
  }
}
