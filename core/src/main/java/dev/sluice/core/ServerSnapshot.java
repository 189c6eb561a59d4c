package dev.sluice.core;

import dev.sluice.core.backend.Server;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Retirement;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;

/**
 * A server at one moment.
 *
 * @param backend the name of its backend
 * @param server its name
 * @param connections connections to it, those being made included
 * @param connecting those among them that are being made
 * @param idle idle ones among them
 * @param requests requests under way
 * @param waiting requests that wait
 * @param dials connections begun since the start
 * @param spareDials those among them that no request waited for
 * @param reuses requests that went out on a connection which another request had opened
 * @param privates connections that became private to a client because the server authenticated it
 *     on them
 * @param retries requests tried again after an attempt with it
 * @param connectFailures connections to it that never got a mux, by cause; causes that never
 *     happened are absent
 * @param retirements connections to it that the pools gave up, by reason; reasons that never
 *     happened are absent
 */
public record ServerSnapshot(
    String backend,
    String server,
    int connections,
    int connecting,
    int idle,
    int requests,
    int waiting,
    long dials,
    long spareDials,
    long reuses,
    long privates,
    long retries,
    Map<CloseCause, Long> connectFailures,
    Map<Retirement, Long> retirements) {

  /** Copies the maps. */
  public ServerSnapshot {
    connectFailures =
        connectFailures.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new EnumMap<>(connectFailures));
    retirements =
        retirements.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(retirements));
  }

  /** Gauge: connections that carry requests. */
  public int busy() {
    return Math.max(0, connections - connecting - idle);
  }

  static ServerSnapshot of(String backend, Server server) {
    return new ServerSnapshot(
        backend,
        server.name(),
        server.connectionCount(),
        server.connectingCount(),
        server.idleCount(),
        server.requestCount(),
        server.waitingCount(),
        server.counters().dials(),
        server.counters().spareDials(),
        server.counters().reuses(),
        server.counters().privates(),
        server.counters().retries(),
        connectFailures(server),
        retirements(server));
  }

  private static Map<Retirement, Long> retirements(Server server) {
    Map<Retirement, Long> retirements = new EnumMap<>(Retirement.class);
    for (int i = 0; i < Retirement.count(); i++) {
      long count = server.counters().retirements(Retirement.of(i));
      if (count > 0) {
        retirements.put(Retirement.of(i), count);
      }
    }
    return retirements;
  }

  private static Map<CloseCause, Long> connectFailures(Server server) {
    Map<CloseCause, Long> failures = new EnumMap<>(CloseCause.class);
    for (int i = 0; i < CloseCause.count(); i++) {
      long count = server.counters().connectFailures(CloseCause.of(i));
      if (count > 0) {
        failures.put(CloseCause.of(i), count);
      }
    }
    return failures;
  }
}
