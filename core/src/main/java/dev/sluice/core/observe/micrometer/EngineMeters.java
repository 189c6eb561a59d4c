package dev.sluice.core.observe.micrometer;

import dev.sluice.core.EngineSnapshot;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ServerSnapshot;
import dev.sluice.core.loop.LoopCounters;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Retirement;
import dev.sluice.core.observe.RetryKind;
import dev.sluice.core.observe.WireEvent;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.binder.BaseUnits;
import io.micrometer.core.instrument.binder.MeterBinder;
import java.util.EnumSet;
import java.util.Map;
import java.util.Set;
import java.util.function.ToDoubleFunction;

/**
 * Gauges and counters of an engine, read from its snapshot when the registry asks. To be bound when
 * the engine runs, since its servers and loops have meters of their own:
 *
 * <pre>{@code
 * engine.start();
 * new EngineMeters(engine).bindTo(registry);
 * }</pre>
 *
 * <p>Any thread. The engine is held for as long as the registry holds the meters.
 */
public final class EngineMeters implements MeterBinder {
  private static final String[] STATUS_CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  /** Why a server turns a request away. */
  private static final Set<CloseCause> REFUSALS =
      EnumSet.of(CloseCause.QUEUE_FULL, CloseCause.QUEUE_TIMEOUT);

  /** Why a connection comes to nothing; the rest is one meter, so that their number is bounded. */
  private static final Set<CloseCause> CONNECT_FAILURES =
      EnumSet.of(
          CloseCause.CONNECT_REFUSED,
          CloseCause.CONNECT_FAILED,
          CloseCause.CONNECT_TIMEOUT,
          CloseCause.HANDSHAKE_FAILED,
          CloseCause.HANDSHAKE_CLOSED,
          CloseCause.HANDSHAKE_TIMEOUT,
          CloseCause.NO_COMMON_PROTOCOL,
          CloseCause.PROTOCOL_NOT_OFFERED,
          CloseCause.MUX_OPEN_FAILED);

  private final ProxyEngine engine;
  private final Tags tags;

  /** Meters of this engine, without tags of their own. */
  public EngineMeters(ProxyEngine engine) {
    this(engine, Tags.empty());
  }

  /** Meters of this engine; the tags tell it from other engines in the same registry. */
  public EngineMeters(ProxyEngine engine, Tags tags) {
    this.engine = engine;
    this.tags = tags;
  }

  /**
   * Registers the meters.
   *
   * @throws IllegalStateException if the engine does not run
   */
  @Override
  public void bindTo(MeterRegistry registry) {
    EngineSnapshot now = engine.snapshot();
    if (now.loops().isEmpty()) {
      throw new IllegalStateException("the engine does not run; start it, then bind its meters");
    }
    Meters meters = new Meters(registry, engine);
    bindClients(meters);
    bindExchanges(meters);
    for (WireEvent event : WireEvent.values()) {
      WireMeters.bind(meters, tags, event);
    }
    for (ServerSnapshot server : now.servers()) {
      bindServer(meters, server.backend(), server.server());
    }
    for (int i = 0; i < now.loops().size(); i++) {
      bindLoop(meters, i);
    }
  }

  private void bindClients(Meters meters) {
    meters.gauge(
        "sluice.client.connections",
        "Connections of clients",
        BaseUnits.CONNECTIONS,
        tags,
        EngineSnapshot::clientConnections);
    for (CloseCause cause : CloseCause.values()) {
      meters.counter(
          "sluice.client.failures",
          "Connections of clients that came to nothing",
          BaseUnits.CONNECTIONS,
          tags.and("cause", cause.name()),
          snapshot -> snapshot.exchanges().clientFailures(cause));
    }
    meters.counter(
        "sluice.access.log.lines.dropped",
        "Lines of the access log that found no room",
        "lines",
        tags,
        snapshot -> snapshot.accessLog().dropped());
  }

  private void bindExchanges(Meters meters) {
    meters.gauge(
        "sluice.exchanges.active",
        "Exchanges under way",
        "exchanges",
        tags,
        snapshot -> Math.max(0, snapshot.exchanges().begun() - snapshot.exchanges().ended()));
    for (CloseCause cause : CloseCause.values()) {
      meters.counter(
          "sluice.exchanges.ended",
          "Exchanges ended, by cause",
          "exchanges",
          tags.and("cause", cause.name()),
          snapshot -> snapshot.exchanges().byCause(cause));
    }
    for (int i = 0; i < STATUS_CLASSES.length; i++) {
      int statusClass = i;
      meters.counter(
          "sluice.exchanges.answered",
          "Exchanges ended, by the class of their status",
          "exchanges",
          tags.and("status", STATUS_CLASSES[i]),
          snapshot -> snapshot.exchanges().byStatusClass(statusClass));
    }
    meters.counter(
        "sluice.exchanges.retries",
        "Attempts after the first",
        "attempts",
        tags,
        snapshot -> snapshot.exchanges().retries());
    meters.counter(
        "sluice.exchanges.received",
        "Content from clients",
        BaseUnits.BYTES,
        tags,
        snapshot -> snapshot.exchanges().bytesFromClients());
    meters.counter(
        "sluice.exchanges.sent",
        "Content to clients",
        BaseUnits.BYTES,
        tags,
        snapshot -> snapshot.exchanges().bytesToClients());
  }

  private void bindServer(Meters meters, String backend, String server) {
    Tags of = tags.and("backend", backend, "server", server);
    meters.gauge(
        "sluice.server.connections",
        "Connections to the server, those being made included",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::connections));
    meters.gauge(
        "sluice.server.connections.busy",
        "Connections to the server that carry requests",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::busy));
    meters.gauge(
        "sluice.server.connections.connecting",
        "Connections to the server that are being made",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::connecting));
    meters.gauge(
        "sluice.server.connections.idle",
        "Idle connections to the server",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::idle));
    meters.gauge(
        "sluice.server.requests.active",
        "Requests with the server",
        "requests",
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::requests));
    meters.gauge(
        "sluice.server.requests.waiting",
        "Requests that wait for the server",
        "requests",
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::waiting));
    meters.counter(
        "sluice.server.dials",
        "Connections begun",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::dials));
    meters.counter(
        "sluice.server.dials.spare",
        "Connections begun that no request waited for",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::spareDials));
    meters.counter(
        "sluice.server.privates",
        "Connections on which the server authenticated a client",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::privates));
    meters.counter(
        "sluice.server.reuses",
        "Requests on a connection that another one had opened",
        "requests",
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::reuses));
    for (RetryKind kind : RetryKind.values()) {
      meters.counter(
          "sluice.server.retries",
          "Requests tried again after an attempt with the server, by how it ended",
          "requests",
          of.and("kind", kind.name()),
          snapshot -> server(snapshot, backend, server, s -> retries(s, kind)));
    }
    meters.counter(
        "sluice.server.moves",
        "Idle connections that went from one loop to another",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::moves));
    meters.counter(
        "sluice.server.retries.refused",
        "Requests not tried again because of the budget",
        "requests",
        of,
        snapshot -> server(snapshot, backend, server, ServerSnapshot::retriesRefused));
    for (CloseCause cause : REFUSALS) {
      meters.counter(
          "sluice.server.refused",
          "Requests turned away or given up while they waited",
          "requests",
          of.and("cause", cause.name()),
          snapshot -> server(snapshot, backend, server, s -> count(s.refused(), cause)));
    }
    for (CloseCause cause : CONNECT_FAILURES) {
      meters.counter(
          "sluice.server.connect.failures",
          "Connections that never got a mux",
          BaseUnits.CONNECTIONS,
          of.and("cause", cause.name()),
          snapshot -> server(snapshot, backend, server, s -> count(s.connectFailures(), cause)));
    }
    meters.counter(
        "sluice.server.connect.failures",
        "Connections that never got a mux",
        BaseUnits.CONNECTIONS,
        of.and("cause", "OTHER"),
        snapshot -> server(snapshot, backend, server, EngineMeters::otherConnectFailures));
    for (Retirement reason : Retirement.values()) {
      meters.counter(
          "sluice.server.retirements",
          "Connections given up although the server had not ended them",
          BaseUnits.CONNECTIONS,
          of.and("reason", reason.name()),
          snapshot ->
              server(snapshot, backend, server, s -> s.retirements().getOrDefault(reason, 0L)));
    }
    bindName(meters, of, backend, server);
  }

  private static void bindName(Meters meters, Tags of, String backend, String server) {
    meters.gauge(
        "sluice.server.name.addresses",
        "Addresses that the name of the server stands for",
        "addresses",
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().addresses()));
    meters.counter(
        "sluice.server.name.lookups",
        "Lookups of the name of the server",
        "lookups",
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().lookups()));
    meters.counter(
        "sluice.server.name.failures",
        "Lookups that failed or were not answered in time",
        "lookups",
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().failures()));
    meters.counter(
        "sluice.server.name.changes",
        "Answers with other addresses than before",
        BaseUnits.EVENTS,
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().changes()));
    meters.counter(
        "sluice.server.name.left.out",
        "Addresses beyond as many as are taken of an answer",
        "addresses",
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().leftOut()));
    meters.counter(
        "sluice.server.connect.races",
        "Connections that tried a second address",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().races()));
    meters.counter(
        "sluice.server.connect.fallbacks",
        "Connections made to another address than the first that they tried",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> server(snapshot, backend, server, at -> at.nameCounts().fallbacks()));
  }

  private static double retries(ServerSnapshot server, RetryKind kind) {
    return server.retriesByKind().getOrDefault(kind, 0L);
  }

  private static double otherConnectFailures(ServerSnapshot server) {
    long sum = 0;
    for (Map.Entry<CloseCause, Long> each : server.connectFailures().entrySet()) {
      sum += CONNECT_FAILURES.contains(each.getKey()) ? 0 : each.getValue();
    }
    return sum;
  }

  private static double count(Map<CloseCause, Long> counts, CloseCause cause) {
    return counts.getOrDefault(cause, 0L);
  }

  private void bindLoop(Meters meters, int index) {
    Tags of = tags.and("loop", Integer.toString(index));
    meters.counter(
        "sluice.loop.accepted",
        "Connections accepted",
        BaseUnits.CONNECTIONS,
        of,
        snapshot -> loop(snapshot, index, LoopCounters.Snapshot::accepted));
    meters.counter(
        "sluice.loop.accept.pauses",
        "Pauses of accepting for want of descriptors",
        BaseUnits.EVENTS,
        of,
        snapshot -> loop(snapshot, index, LoopCounters.Snapshot::acceptPauses));
    meters.counter(
        "sluice.loop.tasks.rejected",
        "Tasks refused because the queue was full",
        "tasks",
        of,
        snapshot -> loop(snapshot, index, LoopCounters.Snapshot::rejected));
    meters.counter(
        "sluice.loop.buffers.refused",
        "Buffers refused because a pool was at its bound",
        BaseUnits.BUFFERS,
        of,
        snapshot -> loop(snapshot, index, LoopCounters.Snapshot::buffersRefused));
    meters.counter(
        "sluice.loop.handler.failures",
        "Handlers, timers and tasks that threw",
        BaseUnits.EVENTS,
        of,
        snapshot -> loop(snapshot, index, LoopCounters.Snapshot::handlerFailures));
    meters.counter(
        "sluice.loop.turns",
        "Turns of the loop",
        "turns",
        of,
        snapshot -> loop(snapshot, index, LoopCounters.Snapshot::turns));
  }

  /** An engine that was stopped has no servers in its snapshot. */
  private static double server(
      EngineSnapshot snapshot,
      String backend,
      String server,
      ToDoubleFunction<ServerSnapshot> value) {
    return snapshot.servers().isEmpty() ? 0 : value.applyAsDouble(snapshot.server(backend, server));
  }

  private static double loop(
      EngineSnapshot snapshot, int index, ToDoubleFunction<LoopCounters.Snapshot> value) {
    return index < snapshot.loops().size() ? value.applyAsDouble(snapshot.loops().get(index)) : 0;
  }

  /** Registers what is read from a snapshot that is taken for each reading. */
  record Meters(MeterRegistry registry, ProxyEngine engine) {
    void gauge(
        String name,
        String description,
        String unit,
        Tags tags,
        ToDoubleFunction<EngineSnapshot> value) {
      Gauge.builder(name, engine, of -> value.applyAsDouble(of.snapshot()))
          .description(description)
          .baseUnit(unit)
          .tags(tags)
          .strongReference(true)
          .register(registry);
    }

    void counter(
        String name,
        String description,
        String unit,
        Tags tags,
        ToDoubleFunction<EngineSnapshot> value) {
      FunctionCounter.builder(name, engine, of -> value.applyAsDouble(of.snapshot()))
          .description(description)
          .baseUnit(unit)
          .tags(tags)
          .register(registry);
    }
  }
}
