package dev.sluice.core;

import dev.sluice.core.loop.LoopCounters;
import dev.sluice.core.observe.AccessLogCounts;
import dev.sluice.core.observe.ExchangeCounts;
import dev.sluice.core.observe.HandshakeCounts;
import dev.sluice.core.observe.WireCounts;
import java.util.List;

/**
 * An engine at one moment. Taking it locks nothing and makes no loop wait: every number is read by
 * itself, so that numbers of one snapshot may be apart by what happened meanwhile. It allocates,
 * but nothing on a loop, unless it is taken there.
 *
 * <p>Gauges are of this moment; counters count since the start of the engine and never go back. An
 * exchange is counted when it ends, and so are its bytes.
 *
 * @param clientConnections gauge: connections of clients, those that still shake hands included
 * @param exchanges counters of exchanges: by cause, by class of status, attempts, retries, reuse,
 *     bytes
 * @param wire counters of connections: handshakes, resets and GOAWAY, with clients and with servers
 * @param accessLog counters of the access log: lines written, dropped and lost
 * @param handshakes gauges and counters of the threads for handshakes
 * @param servers gauges and counters of each server
 * @param loops the counters of each loop, in the order of their indexes: connections accepted,
 *     pauses of accepting, tasks refused, buffers refused
 */
public record EngineSnapshot(
    int clientConnections,
    ExchangeCounts exchanges,
    WireCounts wire,
    AccessLogCounts accessLog,
    HandshakeCounts handshakes,
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
