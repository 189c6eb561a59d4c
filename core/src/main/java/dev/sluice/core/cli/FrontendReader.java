package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendAction;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.Side;
import dev.sluice.core.transport.TransportRole;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads a frontend. */
final class FrontendReader {
  private static final FixedResponse NO_ROUTE = FixedResponse.text(404, "No route leads there.\n");
  private static final int BACKLOG_DEFAULT = 1024;

  private static final ConfigKey<ProxyMode> MODE =
      ConfigKey.choice("mode", Map.of("http", ProxyMode.HTTP, "tcp", ProxyMode.TCP))
          .withDefault(ProxyMode.HTTP, "http");
  private static final ConfigKey<List<ConfigNode>> LISTENERS =
      ConfigKey.list("listeners", "addresses or sections").required();
  private static final ConfigKey<List<ConfigNode>> ROUTES = ConfigKey.list("routes", "sections");
  private static final ConfigKey<String> BACKEND =
      RouteReader.BACKEND.otherwise("404 if no route leads anywhere");
  static final ConfigSchema SCHEMA =
      ConfigSchema.of("frontends.<name>", MODE, LISTENERS, ROUTES, BACKEND, RouteReader.RESPONSE);

  private static final ConfigKey<String> ADDRESS =
      ConfigKey.of(
              "address", "host:port", (ConfigNode node, ConfigProblems problems) -> node.text())
          .required();
  private static final ConfigKey<ConfigNode> TLS = ServerReader.TLS;
  private static final ConfigKey<String> PROTOCOL =
      ConfigKey.text("protocol").otherwise("by ALPN or the first bytes, else http/1.1");
  private static final ConfigKey<Integer> BACKLOG =
      ConfigKey.integer("backlog", 1, 1 << 20)
          .withDefault(BACKLOG_DEFAULT, Integer.toString(BACKLOG_DEFAULT));
  private static final ConfigKey<Boolean> PROXY_HEADER = ConfigKey.flag("proxyHeader");
  private static final ConfigKey<Boolean> REUSE_PORT = ConfigKey.flag("reusePort");
  static final ConfigSchema LISTENER_SCHEMA =
      ConfigSchema.of(
          "frontends.<name>.listeners[]",
          ADDRESS,
          TLS,
          PROTOCOL,
          BACKLOG,
          PROXY_HEADER,
          REUSE_PORT);

  /**
   * What was read.
   *
   * @param rules its routes, in order
   * @param backends what refers to backends, with the place
   */
  record Read(FrontendConfig config, List<RouteRule> rules, Map<ConfigNode, String> backends) {}

  private final FileSource source;
  private final ConfigProblems problems;

  FrontendReader(FileSource source) {
    this.source = source;
    this.problems = source.problems();
  }

  Read read(String name, ConfigNode node) {
    ConfigSection section = ConfigSection.open(node, SCHEMA, problems);
    source.place("frontends." + name, node);
    ProxyMode mode = section.get(MODE);
    List<ListenerConfig> listeners = new ArrayList<>();
    List<ConfigNode> nodes = section.find(LISTENERS);
    if (nodes != null && nodes.isEmpty()) {
      section.problem(LISTENERS, "is empty: at least one listener is needed");
    }
    for (ConfigNode each : nodes == null ? List.<ConfigNode>of() : nodes) {
      ListenerConfig listener = listener(each, name, mode);
      if (listener != null) {
        listeners.add(listener);
      }
    }
    Map<ConfigNode, String> backends = new LinkedHashMap<>();
    List<RouteRule> rules = rules(section, backends);
    if (mode == ProxyMode.TCP && section.has(ROUTES)) {
      section.problem(ROUTES, "need requests, and mode tcp has none: only backend is valid");
    }
    if (mode == ProxyMode.TCP && section.has(RouteReader.RESPONSE)) {
      section.problem(
          RouteReader.RESPONSE, "needs requests, and mode tcp has none: only backend is valid");
    }
    FrontendAction action = action(section, mode, !rules.isEmpty());
    if (action instanceof ToBackend to) {
      backends.put(section.at(BACKEND), to.backend());
    }
    return new Read(new FrontendConfig(name, mode, listeners, action), rules, backends);
  }

  private List<RouteRule> rules(ConfigSection section, Map<ConfigNode, String> backends) {
    RouteReader reader = new RouteReader(problems);
    List<RouteRule> rules = new ArrayList<>();
    List<ConfigNode> nodes = section.find(ROUTES);
    for (ConfigNode each : nodes == null ? List.<ConfigNode>of() : nodes) {
      RouteRule rule = reader.read(each);
      rules.add(rule);
      ConfigNode backend = each.find(RouteReader.BACKEND.name());
      if (rule.backend() != null && backend != null) {
        backends.put(backend, rule.backend());
      }
    }
    return rules;
  }

  private FrontendAction action(ConfigSection section, ProxyMode mode, boolean hasRoutes) {
    String backend = section.find(BACKEND);
    FixedResponse response = new RouteReader(problems).response(section);
    if (section.has(BACKEND) && section.has(RouteReader.RESPONSE)) {
      problems.add(section.node(), "has a backend and a response: one of them is valid");
    }
    boolean leads = section.has(BACKEND) || section.has(RouteReader.RESPONSE);
    if (!leads && (mode == ProxyMode.TCP || !hasRoutes)) {
      problems.add(
          section.node(),
          "leads nowhere: "
              + (mode == ProxyMode.TCP
                  ? "\"backend\" is needed"
                  : "\"backend\", \"response\" or \"routes\" is needed"));
    }
    if (backend != null) {
      return new ToBackend(backend);
    }
    return response == null ? NO_ROUTE : response;
  }

  private @Nullable ListenerConfig listener(ConfigNode node, String frontend, ProxyMode proxyMode) {
    boolean onlyAddress = node.kind() == ConfigNode.Kind.TEXT;
    ConfigSection section =
        onlyAddress
            ? ConfigSection.empty(node, problems)
            : ConfigSection.open(node, LISTENER_SCHEMA, source.transportNames(), problems);
    ConfigNode addressNode = onlyAddress ? node : node.find(ADDRESS.name());
    HostPort address = addressNode == null ? null : HostPort.toListen(addressNode, problems);
    Mode mode = proxyMode == ProxyMode.HTTP ? Mode.HTTP : Mode.TCP;
    ConfigNode transportNode = source.transportNode(node);
    TransportConfig transport = source.transport(transportNode, TransportRole.SERVER);
    if (transportNode != null) {
      source.checkOffered(transport, transportNode, Side.FRONT, mode);
    }
    String protocol = section.find(PROTOCOL);
    source.checkForced(protocol, section.at(PROTOCOL), Side.FRONT, mode);
    int backlog = section.get(BACKLOG);
    boolean proxyHeader = section.get(PROXY_HEADER);
    boolean reusePort = section.get(REUSE_PORT);
    if (address == null) {
      return null;
    }
    source.place("frontends." + frontend + ".listeners " + address.address(), addressNode(node));
    return new ListenerConfig(
        address.address(), transport, protocol, backlog, proxyHeader, reusePort);
  }

  private static ConfigNode addressNode(ConfigNode listener) {
    ConfigNode address = listener.find(ADDRESS.name());
    return address == null ? listener : address;
  }
}
