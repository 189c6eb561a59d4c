package dev.sluice.core.config;

import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Set;

/**
 * All that an engine is configured with.
 *
 * @param frontends where connections come in; at least one
 * @param backends where they go
 * @param timeouts how long to wait for what
 * @param limits the bounds of what is held
 * @param loops the number of event loops
 * @param handshakes where the expensive steps of handshakes run
 * @param drain how the engine is drained
 * @param warmUp how long each start may take to bring each sort of transport to its full speed
 *     before the listeners open; zero for not at all
 * @param resolve how the names of servers are looked up
 */
public record ProxyConfig(
    List<FrontendConfig> frontends,
    List<BackendConfig> backends,
    TimeoutConfig timeouts,
    LimitConfig limits,
    int loops,
    HandshakeConfig handshakes,
    DrainConfig drain,
    Duration warmUp,
    ResolveConfig resolve) {
  private static final Duration WARM_UP_MAX = Duration.ofMinutes(10);

  /** Rejects nulls and copies the lists. */
  public ProxyConfig {
    frontends = List.copyOf(frontends);
    backends = List.copyOf(backends);
    Objects.requireNonNull(timeouts, "timeouts");
    Objects.requireNonNull(limits, "limits");
    Objects.requireNonNull(handshakes, "handshakes");
    Objects.requireNonNull(drain, "drain");
    Objects.requireNonNull(warmUp, "warmUp");
    Objects.requireNonNull(resolve, "resolve");
  }

  /** Everything that is wrong with it, one line each: what, where, and what would be right. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    problems.addAll(timeouts.problems());
    problems.addAll(limits.problems());
    problems.addAll(handshakes.problems());
    problems.addAll(resolve.problems());
    problems.addAll(drain.problems());
    if (warmUp.isNegative() || warmUp.compareTo(WARM_UP_MAX) > 0) {
      problems.add(
          "warmUp is " + warmUp + ": " + Duration.ZERO + " to " + WARM_UP_MAX + " is valid");
    }
    if (loops < 1 || loops > 1024) {
      problems.add("loops is " + loops + ": 1 to 1024 is valid");
    }
    Set<String> backendNames = new HashSet<>();
    for (BackendConfig backend : backends) {
      checkBackend(backend, backendNames, problems);
    }
    if (frontends.isEmpty()) {
      problems.add("frontends is empty: at least one is needed");
    }
    Set<String> frontendNames = new HashSet<>();
    Set<InetSocketAddress> addresses = new HashSet<>();
    for (FrontendConfig frontend : frontends) {
      checkFrontend(frontend, frontendNames, problems);
      checkAddresses(frontend, addresses, problems);
    }
    return problems;
  }

  private static void checkBackend(
      BackendConfig backend, Set<String> names, List<String> problems) {
    String where = "backends." + backend.name();
    if (!names.add(backend.name())) {
      problems.add(where + " stands twice: names of backends are unique");
    }
    if (backend.servers().isEmpty()) {
      problems.add(where + ".servers is empty: at least one is needed");
    }
    problems.addAll(backend.pool().problems(where + ".pool."));
    int warmMin = backend.pool().spares().warmMin();
    if (warmMin > 0 && backend.mode() == ProxyMode.TCP) {
      problems.add(where + ".pool.warmMin is of no use in TCP mode: connections are not shared");
    }
    if (backend.pool().handover().isNegative()
        || backend.pool().handover().compareTo(Duration.ofMinutes(1)) > 0) {
      problems.add(
          where
              + ".pool.handover is negative or more than a minute:"
              + " 0 stands for connections that stay on their loops");
    }
    backend.retry().check(where + ".retry", problems);
    Set<String> serverNames = new HashSet<>();
    for (ServerConfig server : backend.servers()) {
      String at = where + ".servers." + server.name();
      if (!serverNames.add(server.name())) {
        problems.add(at + " stands twice: names of servers are unique within a backend");
      }
      if (server.named() && server.address().getHostString().isEmpty()) {
        problems.add(at + ".address has no host: a name or an IP address is valid");
      }
      if (server.address().getPort() == 0) {
        problems.add(at + ".address has port 0: 1 to 65535 is valid");
      }
      if (server.maxConnections() < 1 || server.maxRequests() < 1 || server.queueMax() < 0) {
        problems.add(
            at
                + " has a limit that nothing passes: maxConnections and maxRequests are 1 or more,"
                + " queueMax 0 or more");
      }
      if (warmMin > server.maxConnections()) {
        problems.add(
            "%s.maxConnections is %d and warmMin %d: they could not all be kept"
                .formatted(at, server.maxConnections(), warmMin));
      }
      if (warmMin > 0 && server.proxyHeader() != null) {
        problems.add(
            at + ".proxyHeader makes each connection that of one client: warmMin is of no use");
      }
    }
  }

  private void checkFrontend(FrontendConfig frontend, Set<String> names, List<String> problems) {
    String where = "frontends." + frontend.name();
    if (!names.add(frontend.name())) {
      problems.add(where + " stands twice: names of frontends are unique");
    }
    if (frontend.listeners().isEmpty()) {
      problems.add(where + ".listeners is empty: at least one is needed");
    }
    for (ListenerConfig listener : frontend.listeners()) {
      if (listener.address().isUnresolved()) {
        problems.add(
            where + ".listeners: " + listener.address() + " is unresolved: an IP address is valid");
      }
      if (listener.backlog() < 1) {
        problems.add(
            where + ".listeners.backlog is " + listener.backlog() + ": 1 or more is valid");
      }
    }
    if (frontend.action() instanceof ToBackend to) {
      checkBackendOf(frontend, to.backend(), where, problems);
    }
    if (frontend.action() instanceof FixedResponse response) {
      if (frontend.mode() == ProxyMode.TCP) {
        problems.add(where + ".action is a response: in TCP mode only a backend is valid");
      }
      problems.addAll(response.problems(where + ".action"));
    }
  }

  /** Two listeners on one address would be found out only by the second one's failure to open. */
  private static void checkAddresses(
      FrontendConfig frontend, Set<InetSocketAddress> taken, List<String> problems) {
    for (ListenerConfig listener : frontend.listeners()) {
      boolean fixed = listener.address().getPort() != 0 && !listener.reusePort();
      if (fixed && !taken.add(listener.address())) {
        problems.add(
            "frontends.%s.listeners: %s stands twice: addresses are unique, but for port 0"
                .formatted(frontend.name(), listener.address()));
      }
    }
  }

  private void checkBackendOf(
      FrontendConfig frontend, String backendName, String where, List<String> problems) {
    List<String> valid = new ArrayList<>();
    for (BackendConfig backend : backends) {
      if (backend.name().equals(backendName)) {
        if (backend.mode() != frontend.mode()) {
          problems.add(
              "%s has mode %s and the backend \"%s\" has mode %s: the modes must be the same"
                  .formatted(where, frontend.mode(), backendName, backend.mode()));
        }
        return;
      }
      valid.add(backend.name());
    }
    problems.add(where + ".action names the backend \"" + backendName + "\": valid are " + valid);
  }
}
