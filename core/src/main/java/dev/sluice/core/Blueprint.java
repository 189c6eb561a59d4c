package dev.sluice.core;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
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
  private final ProxyConfig config;
  private final MuxRegistry registry;
  private final @Nullable Router router;
  private final List<TransportProvider> transports;
  private final Set<TransportProvider> inUse = new LinkedHashSet<>();
  private final IdentityHashMap<Object, TransportFactory> factories = new IdentityHashMap<>();
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
      @Nullable Router router) {
    this.config = config;
    this.transports = transports;
    this.router = router;
    problems.addAll(config.problems());
    this.registry = MuxRegistry.of(explicitMuxes, muxServices, problems);
    for (BackendConfig backend : config.backends()) {
      Mode mode = EngineAssembly.mode(backend.mode());
      for (ServerConfig server : backend.servers()) {
        String where = "backends." + backend.name() + ".servers." + server.name();
        open(server, server.transport(), TransportRole.CLIENT, where);
        checkMux(server.mux(), server.transport(), Side.BACK, mode, where);
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
    if (!problems.isEmpty()) {
      throw new ConfigurationException(problems);
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
        "%s needs the transport \"%s\", which nobody provides: add dev.sluice:sluice-%s to the path"
            .formatted(where, transport.transport(), transport.transport()));
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
            "%s forces the mux \"%s\", which nobody provides for mode %s: valid are %s; add"
                    .formatted(where, forced, mode, names(side, mode))
                + " dev.sluice:sluice-mux-"
                + forced
                + " to the path");
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

  /** A protocol that is offered, but that nobody speaks, would fail at the first handshake. */
  private void checkProtocol(ApplicationProtocol protocol, Side side, Mode mode, String where) {
    for (MuxProvider provider : registry.providers()) {
      if (provider.sides().contains(side)
          && provider.modes().contains(mode)
          && provider.applicationProtocols().contains(protocol)) {
        return;
      }
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

  /** The factory for a listener or server of the configuration. */
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

  TransportFactory factory(Object of) {
    TransportFactory factory = factories.get(of);
    if (factory == null) {
      throw new IllegalStateException("not of this configuration: " + of);
    }
    return factory;
  }
}
