package dev.sluice.core.cli;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.Balance;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendAction;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.config.TransportConfig;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a configuration file says, in the engine's terms and in the reader's words. Immutable.
 *
 * @param rules the routes of each frontend
 * @param destinations the backends whose address comes from fields
 * @param accessLog the file of the access log, or null
 * @param readyPath where every HTTP frontend tells whether the engine is ready, or null
 */
record ProxyPlan(
    ProxyConfig config,
    Map<String, List<RouteRule>> rules,
    Map<String, Destination> destinations,
    @Nullable Path accessLog,
    RouteRule.@Nullable PathPrefix readyPath) {

  /** The router that the rules need, or null if the engine can do without. */
  @Nullable FileRouter router() {
    Map<String, FileRouter.Table> tables = new LinkedHashMap<>();
    for (FrontendConfig frontend : config.frontends()) {
      String backend = ProxyFile.routedBackend(frontend, destinations);
      List<RouteRule> own = rules.getOrDefault(frontend.name(), List.of());
      if (!own.isEmpty() || backend != null) {
        tables.put(frontend.name(), new FileRouter.Table(own, backend));
      }
    }
    return tables.isEmpty() && readyPath == null
        ? null
        : new FileRouter(tables, destinations, readyPath);
  }

  /** What would run, for a person to read. */
  List<String> summary() {
    List<String> lines = new ArrayList<>();
    for (FrontendConfig frontend : config.frontends()) {
      lines.add("frontend " + frontend.name() + ", mode " + word(frontend.mode()));
      for (ListenerConfig listener : frontend.listeners()) {
        lines.add(
            "  listens on "
                + HostPort.text(listener.address())
                + transport(listener.transport())
                + forced(listener.mux()));
      }
      for (RouteRule rule : rules.getOrDefault(frontend.name(), List.of())) {
        lines.add("  " + conditions(rule) + " -> " + target(rule.backend(), rule.response()));
      }
      boolean first = rules.getOrDefault(frontend.name(), List.of()).isEmpty();
      lines.add((first ? "  everything -> " : "  everything else -> ") + target(frontend.action()));
    }
    for (BackendConfig backend : config.backends()) {
      String balance =
          backend.balance() == Balance.ROUND_ROBIN ? "round robin" : "least connections";
      lines.add(
          "backend %s, mode %s, %s, reuse %s"
              .formatted(
                  backend.name(), word(backend.mode()), balance, word(backend.pool().reuse())));
      for (ServerConfig server : backend.servers()) {
        lines.add("  " + server(server));
      }
      Destination destination = destinations.get(backend.name());
      if (destination != null) {
        lines.add("  " + destination(destination));
      }
    }
    lines.add(
        Words.count(config.loops(), "thread")
            + ", drain deadline "
            + Words.duration(config.drain().deadline())
            + (accessLog == null ? ", no access log" : ", access log " + accessLog));
    return lines;
  }

  private static String server(ServerConfig server) {
    String address = HostPort.text(server.address());
    String name = server.name().equals(address) ? "" : server.name() + " at ";
    String asked = server.serverName() == null ? "" : " for " + server.serverName();
    return "server "
        + name
        + address
        + transport(server.transport())
        + asked
        + forced(server.mux())
        + limit(server.maxConnections(), "connection")
        + limit(server.maxRequests(), "request");
  }

  private static String limit(int max, String one) {
    return max == ServerConfig.UNLIMITED ? "" : ", up to " + Words.count(max, one);
  }

  private static String destination(Destination destination) {
    List<String> from = new ArrayList<>();
    if (destination.addressField() != null) {
      from.add("address from field " + destination.addressField());
    }
    if (destination.portField() != null) {
      from.add("port from field " + destination.portField());
    }
    return String.join(", ", from)
        + ", within "
        + destination.networks().stream().map(Network::toString).collect(Collectors.joining(", "));
  }

  private static String transport(@Nullable TransportConfig transport) {
    if (transport == null) {
      return ", clear";
    }
    List<String> protocols = transport.applicationProtocols();
    return ", "
        + transport.transport()
        + (protocols.isEmpty() ? " without ALPN" : " with ALPN " + String.join(" ", protocols));
  }

  private static String forced(@Nullable String mux) {
    return mux == null ? "" : ", always " + mux;
  }

  private static String conditions(RouteRule rule) {
    List<String> parts = new ArrayList<>();
    if (!rule.hosts().isEmpty()) {
      parts.add("host " + words(rule.hosts()));
    }
    if (!rule.paths().isEmpty()) {
      parts.add("path " + words(rule.paths()));
    }
    rule.fields().forEach(field -> parts.add("field " + field));
    return parts.isEmpty() ? "everything" : String.join(", ", parts);
  }

  private static String words(List<?> values) {
    return values.stream().map(Object::toString).collect(Collectors.joining(" or "));
  }

  private static String target(FrontendAction action) {
    return action instanceof ToBackend to
        ? target(to.backend(), null)
        : target(null, (FixedResponse) action);
  }

  private static String target(@Nullable String backend, @Nullable FixedResponse response) {
    return backend == null
        ? "response " + (response == null ? "" : response.status())
        : "backend " + backend;
  }

  private static String word(Enum<?> value) {
    return value.name().toLowerCase(Locale.ROOT);
  }
}
