package dev.sluice.core;

import dev.sluice.core.backend.Approach;
import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.Server;
import dev.sluice.core.backend.pool.PoolKey;
import dev.sluice.core.backend.resolve.ServerAddresses;
import dev.sluice.core.backend.resolve.ServerNames;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.connection.AddressBook;
import dev.sluice.core.connection.ConnectionSettings;
import dev.sluice.core.frontend.Frontend;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.ExchangeSink;
import dev.sluice.core.observe.WireCounters;
import dev.sluice.core.stream.Router;
import dev.sluice.core.stream.StreamPool;
import dev.sluice.core.stream.StreamSettings;
import dev.sluice.core.transport.TransportFactory;
import dev.sluice.core.transport.TransportTarget;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Puts backends and frontends together from what a {@link Blueprint} has checked. */
final class EngineAssembly {
  private static final int IDLE_STREAMS_PER_LOOP_MAX = 4096;

  private final ProxyConfig config;
  private final Blueprint blueprint;
  private final EngineLoops loops;
  private final ServerNames names;
  private final ExchangeSink sink;
  private final WireCounters wire;
  private final Map<String, Backend> backends = new LinkedHashMap<>();
  private final List<StreamPool> streams = new ArrayList<>();

  EngineAssembly(
      Blueprint blueprint,
      EngineLoops loops,
      ServerNames names,
      ExchangeSink sink,
      WireCounters wire) {
    this.wire = wire;
    this.config = blueprint.config();
    this.blueprint = blueprint;
    this.loops = loops;
    this.names = names;
    this.sink = sink;
    for (EventLoop loop : loops.loops()) {
      streams.add(new StreamPool(loop, IDLE_STREAMS_PER_LOOP_MAX));
    }
    for (BackendConfig backend : config.backends()) {
      backends.put(backend.name(), backend(backend));
    }
  }

  Map<String, Backend> backends() {
    return backends;
  }

  List<StreamPool> streams() {
    return streams;
  }

  List<Frontend> frontends() {
    List<Frontend> made = new ArrayList<>();
    for (FrontendConfig frontend : config.frontends()) {
      made.add(frontend(frontend));
    }
    return made;
  }

  private Backend backend(BackendConfig backend) {
    List<Server> servers = new ArrayList<>();
    for (ServerConfig server : backend.servers()) {
      servers.add(server(backend, server));
    }
    return new Backend(backend, servers);
  }

  private Server server(BackendConfig backend, ServerConfig server) {
    TransportConfig single = blueprint.single(server);
    ServerAddresses addresses =
        names.add(server, "backends." + backend.name() + ".servers." + server.name());
    Server made =
        new Server(
            server,
            approach(backend, server, server.transport(), blueprint.factory(server), addresses),
            single == null
                ? null
                : approach(backend, server, single, blueprint.factory(single), addresses),
            backend.pool(),
            backend.mode() == ProxyMode.HTTP,
            loops.loops(),
            loops.random());
    if (addresses != null) {
      addresses.whenChanged(made::onAddressesChanged);
    }
    return made;
  }

  private Approach approach(
      BackendConfig backend,
      ServerConfig server,
      @Nullable TransportConfig transport,
      TransportFactory factory,
      @Nullable ServerAddresses addresses) {
    Mode mode = mode(backend.mode());
    PoolKey key =
        new PoolKey(
            server.name(),
            new TransportTarget(server.address(), server.serverName()),
            null,
            null,
            transport,
            transport == null ? List.of() : transport.applicationProtocols(),
            server.mux());
    return new Approach(
        settings(Side.BACK, mode, factory, server.mux(), List.of(), false, addresses),
        key,
        backend.pool());
  }

  private Frontend frontend(FrontendConfig frontend) {
    Mode mode = mode(frontend.mode());
    Router router = blueprint.router();
    StreamSettings settings =
        new StreamSettings(
            frontend.name(),
            mode,
            frontend.action() instanceof ToBackend to ? backends.get(to.backend()) : null,
            frontend.action() instanceof FixedResponse response ? response : null,
            mode == Mode.HTTP ? router : null,
            mode == Mode.HTTP ? blueprint.filters(frontend.name()) : List.of(),
            backends,
            config.timeouts(),
            config.limits(),
            sink);
    Frontend made = new Frontend(frontend, settings, loops.group(), streams);
    int turn = 0;
    for (ListenerConfig listener : frontend.listeners()) {
      TransportFactory factory = blueprint.factory(listener);
      boolean clear = listener.transport() == null && listener.mux() == null;
      List<MuxProvider> recognizers = clear ? blueprint.registry().recognizers(mode) : List.of();
      EventLoop acceptLoop = loops.group().loop(turn++ % loops.group().size());
      made.add(
          listener,
          settings(
              Side.FRONT, mode, factory, listener.mux(), recognizers, listener.proxyHeader(), null),
          acceptLoop);
    }
    return made;
  }

  private ConnectionSettings settings(
      Side side,
      Mode mode,
      TransportFactory factory,
      @Nullable String forced,
      List<MuxProvider> recognizers,
      boolean readsProxyHeader,
      @Nullable AddressBook addressBook) {
    MuxRegistry registry = blueprint.registry();
    return new ConnectionSettings(
        side,
        mode,
        factory,
        forced == null ? null : registry.named(forced, side, mode),
        registry,
        recognizers,
        readsProxyHeader,
        config.limits(),
        config.timeouts(),
        loops.handshakeExecutor(),
        addressBook,
        wire);
  }

  static Mode mode(ProxyMode mode) {
    return switch (mode) {
      case TCP -> Mode.TCP;
      case HTTP -> Mode.HTTP;
    };
  }
}
