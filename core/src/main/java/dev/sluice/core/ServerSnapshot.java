package dev.sluice.core;

import dev.sluice.core.backend.Server;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.NameCounts;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.observe.RetryKind;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.function.ToLongFunction;

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
 * @param moves idle connections that went from one loop to another, where they were wanted
 * @param privates connections that became private to a client because the server authenticated it
 *     on them
 * @param retriesByKind requests tried again after an attempt with it, by how that one ended; kinds
 *     that never happened are absent
 * @param retriesRefused requests that were not tried again because of the budget
 * @param refused requests that it turned away, by cause: its line was full, or they waited too
 *     long; causes that never happened are absent
 * @param connectFailures connections to it that never got a mux, by cause; causes that never
 *     happened are absent
 * @param retirements connections to it that the pools gave up, by reason; reasons that never
 *     happened are absent
 * @param nameCounts gauge and counters of its name, all zero if it is given by its address
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
    long moves,
    long privates,
    Map<RetryKind, Long> retriesByKind,
    long retriesRefused,
    Map<CloseCause, Long> refused,
    Map<CloseCause, Long> connectFailures,
    Map<Retirement, Long> retirements,
    NameCounts nameCounts) {

  /** Copies the maps. */
  public ServerSnapshot {
    refused = refused.isEmpty() ? Map.of() : Collections.unmodifiableMap(new EnumMap<>(refused));
    retriesByKind =
        retriesByKind.isEmpty()
            ? Map.of()
            : Collections.unmodifiableMap(new EnumMap<>(retriesByKind));
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

  /** Requests tried again after an attempt with it. */
  public long retries() {
    long sum = 0;
    for (long count : retriesByKind.values()) {
      sum += count;
    }
    return sum;
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
        server.counters().moves(),
        server.counters().privates(),
        counted(RetryKind.class, server.counters()::retries),
        server.counters().retriesRefused(),
        counted(CloseCause.class, server.counters()::refused),
        counted(CloseCause.class, server.counters()::connectFailures),
        counted(Retirement.class, server.counters()::retirements),
        server.nameCounts());
  }

  /** What was counted of each kind; kinds that never happened are absent. */
  private static <K extends Enum<K>> Map<K, Long> counted(
      Class<K> kinds, ToLongFunction<K> counter) {
    Map<K, Long> counts = new EnumMap<>(kinds);
    for (K kind : EnumSet.allOf(kinds)) {
      long count = counter.applyAsLong(kind);
      if (count > 0) {
        counts.put(kind, count);
      }
    }
    return counts;
  }
}
