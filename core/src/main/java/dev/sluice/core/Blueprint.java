package dev.sluice.core;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.MuxTrait;
import dev.sluice.core.mux.Side;
import dev.sluice.core.stream.FilterFactory;
import dev.sluice.core.stream.Router;
import dev.sluice.core.transport.ApplicationProtocol;
import dev.sluice.core.transport.PlainTransport;
import dev.sluice.core.transport.TransportFactory;
import dev.sluice.core.transport.TransportProvider;
import dev.sluice.core.transport.TransportRole;
import java.time.Duration;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A configuration that was checked against the providers there are: everything that can be wrong is
 * known before a socket is opened. Immutable once made.
 */
final class Blueprint {
  /** A filter that was given to the builder: for one frontend, or for all of mode HTTP. */
  record FilterEntry(@Nullable String frontend, FilterFactory factory) {}

  private final ProxyConfig config;
  private final MuxRegistry registry;
  private final @Nullable Router router;
  private final List<FilterEntry> filters;
  private final List<TransportProvider> transports;
  private final Set<TransportProvider> inUse = new LinkedHashSet<>();
  private final IdentityHashMap<Object, TransportFactory> factories = new IdentityHashMap<>();
  private final IdentityHashMap<ServerConfig, TransportConfig> singles = new IdentityHashMap<>();
  private final List<String> problems = new ArrayList<>();

  /**
   * Checks a configuration.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  Blueprint(
      ProxyConfig config,
      List<MuxProvider> explicitMuxes,
      List<MuxProvider> muxServices,
      List<TransportProvider> transports,
      @Nullable Router router,
      List<FilterEntry> filters) {
    this.config = config;
    this.transports = transports;
    this.router = router;
    this.filters = List.copyOf(filters);
    problems.addAll(config.problems());
    this.registry = MuxRegistry.of(explicitMuxes, muxServices, problems);
    for (BackendConfig backend : config.backends()) {
      Mode mode = EngineAssembly.mode(backend.mode());
      for (ServerConfig server : backend.servers()) {
        String where = "backends." + backend.name() + ".servers." + server.name();
        open(server, server.transport(), TransportRole.CLIENT, where);
        checkMux(server.mux(), server.transport(), Side.BACK, mode, where);
        openSingle(server, mode, where);
      }
    }
    for (FrontendConfig frontend : config.frontends()) {
      Mode mode = EngineAssembly.mode(frontend.mode());
      for (ListenerConfig listener : frontend.listeners()) {
        String where = "frontends." + frontend.name() + ".listeners " + listener.address();
        open(listener, listener.transport(), TransportRole.SERVER, where);
        checkMux(listener.mux(), listener.transport(), Side.FRONT, mode, where);
      }
    }
    checkFilters();
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
    }
  }

  private void checkFilters() {
    List<String> valid = new ArrayList<>();
    for (FrontendConfig frontend : config.frontends()) {
      if (frontend.mode() == ProxyMode.HTTP) {
        valid.add(frontend.name());
      }
    }
    for (FilterEntry entry : filters) {
      String frontend = entry.frontend();
      if (frontend != null && !valid.contains(frontend)) {
        problems.add(
            "a filter is given for the frontend \""
                + frontend
                + "\": valid are those of mode HTTP, "
                + valid);
      }
    }
  }

  private void open(
      Object of, @Nullable TransportConfig transport, TransportRole role, String where) {
    if (transport == null) {
      factories.put(of, PlainTransport.factory());
      return;
    }
    for (TransportProvider provider : transports) {
      if (provider.name().equals(transport.transport())) {
        List<String> found = new ArrayList<>();
        inUse.add(provider);
        TransportFactory factory = provider.open(transport, role, found);
        for (String problem : found) {
          problems.add(where + ": " + problem);
        }
        factories.put(of, factory);
        return;
      }
    }
    problems.add(
        "%s needs the transport \"%s\", which nobody provides: %s"
            .formatted(where, transport.transport(), remedy(transport.transport(), "tls", "")));
  }

  /** What carries many requests can't carry each of them: a second offer leaves it out. */
  private void openSingle(ServerConfig server, Mode mode, String where) {
    TransportConfig transport = server.transport();
    if (transport == null || mode != Mode.HTTP || server.mux() != null) {
      return;
    }
    List<String> left = new ArrayList<>();
    for (String token : transport.applicationProtocols()) {
      MuxProvider provider = registry.speaking(ApplicationProtocol.of(token), Side.BACK, mode);
      if (provider != null && !provider.traits().contains(MuxTrait.MULTIPLEX)) {
        left.add(token);
      }
    }
    if (left.isEmpty() || left.size() == transport.applicationProtocols().size()) {
      return;
    }
    TransportConfig single = transport.offering(left);
    if (single != null) {
      singles.put(server, single);
      open(single, single, TransportRole.CLIENT, where);
    }
  }

  private void checkMux(
      @Nullable String forced,
      @Nullable TransportConfig transport,
      Side side,
      Mode mode,
      String where) {
    if (forced != null) {
      if (registry.named(forced, side, mode) == null) {
        problems.add(
            "%s forces the mux \"%s\", which nobody provides for mode %s: valid are %s; %s"
                .formatted(
                    where, forced, mode, names(side, mode), remedy(forced, "h1 h2", "mux-")));
      }
      return;
    }
    if (mode == Mode.HTTP && transport != null && !transport.applicationProtocols().isEmpty()) {
      for (String token : transport.applicationProtocols()) {
        checkProtocol(ApplicationProtocol.of(token), side, mode, where);
      }
      return;
    }
    if (registry.defaultOf(side, mode) == null) {
      problems.add(
          where
              + " needs a mux for mode "
              + mode
              + ", and there is none: add"
              + " dev.sluice:sluice-mux-h1 to the path");
    }
  }

  /** What would help against a missing provider: our artifact, or whatever has another's. */
  private static String remedy(String name, String ours, String prefix) {
    return List.of(ours.split(" ")).contains(name)
        ? "add dev.sluice:sluice-" + prefix + name + " to the path"
        : "add what provides it to the path, or give its provider to the builder";
  }

  /** A protocol that is offered, but that nobody speaks, would fail at the first handshake. */
  private void checkProtocol(ApplicationProtocol protocol, Side side, Mode mode, String where) {
    if (registry.speaking(protocol, side, mode) != null) {
      return;
    }
    problems.add(
        where
            + " offers the protocol \""
            + protocol.token()
            + "\", and no mux speaks it: add its artifact to the path, such as"
            + " dev.sluice:sluice-mux-h2 for h2, or take it off the list");
  }

  private List<String> names(Side side, Mode mode) {
    List<String> names = new ArrayList<>();
    for (MuxProvider provider : registry.providers()) {
      if (registry.named(provider.name(), side, mode) != null) {
        names.add(provider.name());
      }
    }
    return names;
  }

  ProxyConfig config() {
    return config;
  }

  MuxRegistry registry() {
    return registry;
  }

  @Nullable Router router() {
    return router;
  }

  /** What makes the filters of a frontend, in the order in which they were given. */
  List<FilterFactory> filters(String frontend) {
    List<FilterFactory> of = new ArrayList<>();
    for (FilterEntry entry : filters) {
      if (entry.frontend() == null || entry.frontend().equals(frontend)) {
        of.add(entry.factory());
      }
    }
    return of;
  }

  /** The transport of a server with an offer of single protocols only, or null if there is none. */
  @Nullable TransportConfig single(ServerConfig server) {
    return singles.get(server);
  }

  /** Has the transports in use warm up; one line for each that had something to do. */
  List<String> warmUp(Duration budget) {
    List<String> done = new ArrayList<>();
    for (TransportProvider provider : inUse) {
      String line = provider.warmUp(budget);
      if (!line.isEmpty()) {
        done.add(provider.name() + ": " + line);
      }
    }
    return done;
  }

  /** The factory for a listener or server of the configuration, or for a second offer. */
  TransportFactory factory(Object of) {
    TransportFactory factory = factories.get(of);
    if (factory == null) {
      throw new IllegalStateException("not of this configuration: " + of);
    }
    return factory;
  }
}
