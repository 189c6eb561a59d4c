package dev.sluice.core;

import dev.sluice.core.loop.LoopCounters;
import dev.sluice.core.observe.EngineCounters;
import java.util.List;

/**
 * An engine at one moment. Taking it blocks no loop.
 *
 * @param clientConnections connections of clients
 * @param exchanges the counters of exchanges, which go on counting
 * @param servers each server
 * @param loops each loop's counters
 */
public record EngineSnapshot(
    int clientConnections,
    EngineCounters exchanges,
    List<ServerSnapshot> servers,
    List<LoopCounters.Snapshot> loops) {

  /** Copies the lists. */
  public EngineSnapshot {
    servers = List.copyOf(servers);
    loops = List.copyOf(loops);
  }

  /** The server of that name, in that backend. */
  public ServerSnapshot server(String backend, String server) {
    for (ServerSnapshot snapshot : servers) {
      if (snapshot.backend().equals(backend) && snapshot.server().equals(server)) {
        return snapshot;
      }
    }
    throw new IllegalArgumentException("no server " + backend + "/" + server);
  }
}
