package dev.sluice.core;

import dev.sluice.core.backend.resolve.NameResolver;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.tcp.PassThroughMuxProvider;
import dev.sluice.core.observe.AccessLogOptions;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.stream.FilterFactory;
import dev.sluice.core.stream.Router;
import dev.sluice.core.transport.TransportProvider;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * Describes an engine. Any thread, one at a time. Records are checked together by {@link #build()},
 * which tells everything that is wrong; a null is rejected where it is given.
 *
 * <p>The hooks that are given here, router, filters and observers, are called on the loops of the
 * engine: several of them at a time, and none of them may block.
 */
public final class ProxyEngineBuilder {
  private final List<FrontendConfig> frontends = new ArrayList<>();
  private final List<BackendConfig> backends = new ArrayList<>();
  private final List<MuxProvider> muxes = new ArrayList<>();
  private final List<TransportProvider> transports = new ArrayList<>();
  private final List<ProxyObserver> observers = new ArrayList<>();
  private TimeoutConfig timeouts = TimeoutConfig.defaults();
  private LimitConfig limits = LimitConfig.defaults();
  private int loops = 1;
  private final List<Blueprint.FilterEntry> filters = new ArrayList<>();
  private @Nullable Router router;
  private @Nullable AccessLogOptions accessLog;
  private HandshakeConfig handshakes = HandshakeConfig.defaults();
  private ResolveConfig resolve = ResolveConfig.defaults();
  private NameResolver resolver = NameResolver.system();
  private DrainConfig drain = DrainConfig.defaults();
  private Duration warmUp = Duration.ZERO;
  private @Nullable EngineLoops driven;

  ProxyEngineBuilder() {}

  /** Takes everything from a configuration; what was said before of the same things is replaced. */
  public ProxyEngineBuilder config(ProxyConfig config) {
    frontends.clear();
    frontends.addAll(config.frontends());
    backends.clear();
    backends.addAll(config.backends());
    timeouts = config.timeouts();
    limits = config.limits();
    loops = config.loops();
    handshakes = config.handshakes();
    resolve = config.resolve();
    drain = config.drain();
    warmUp = config.warmUp();
    return this;
  }

  /** Adds a frontend. */
  public ProxyEngineBuilder frontend(FrontendConfig frontend) {
    frontends.add(Objects.requireNonNull(frontend, "frontend"));
    return this;
  }

  /** Adds a frontend that forwards to a backend. */
  public ProxyEngineBuilder frontend(
      String name, ProxyMode mode, String backend, ListenerConfig... listeners) {
    return frontend(new FrontendConfig(name, mode, List.of(listeners), new ToBackend(backend)));
  }

  /** Adds a backend. */
  public ProxyEngineBuilder backend(BackendConfig backend) {
    backends.add(Objects.requireNonNull(backend, "backend"));
    return this;
  }

  /** Sets the timeouts. */
  public ProxyEngineBuilder timeouts(TimeoutConfig newTimeouts) {
    timeouts = Objects.requireNonNull(newTimeouts, "timeouts");
    return this;
  }

  /** Sets the limits. */
  public ProxyEngineBuilder limits(LimitConfig newLimits) {
    limits = Objects.requireNonNull(newLimits, "limits");
    return this;
  }

  /** Sets the number of event loops; 1 if nothing is said. */
  public ProxyEngineBuilder loops(int count) {
    loops = count;
    return this;
  }

  /** Adds a mux; it wins over a service of the same name. */
  public ProxyEngineBuilder mux(MuxProvider provider) {
    muxes.add(Objects.requireNonNull(provider, "provider"));
    return this;
  }

  /** Adds a transport; it wins over a service of the same name. */
  public ProxyEngineBuilder transport(TransportProvider provider) {
    transports.add(Objects.requireNonNull(provider, "provider"));
    return this;
  }

  /** Sets where the expensive steps of handshakes run. */
  public ProxyEngineBuilder handshakes(HandshakeConfig newHandshakes) {
    handshakes = Objects.requireNonNull(newHandshakes, "handshakes");
    return this;
  }

  /** Sets how the names of servers are looked up and followed. */
  public ProxyEngineBuilder resolve(ResolveConfig newResolve) {
    resolve = Objects.requireNonNull(newResolve, "resolve");
    return this;
  }

  /**
   * Sets who answers the names of servers; the JDK if nothing is said.
   *
   * @param newResolver called on threads for lookups and, by start, on the calling one; never on a
   *     loop
   */
  public ProxyEngineBuilder resolver(NameResolver newResolver) {
    resolver = Objects.requireNonNull(newResolver, "resolver");
    return this;
  }

  /** Sets how {@link ProxyEngine#drain()} goes. */
  public ProxyEngineBuilder drain(DrainConfig newDrain) {
    drain = Objects.requireNonNull(newDrain, "drain");
    return this;
  }

  /**
   * Has each start bring the transports in use to their full speed before it opens the listeners;
   * start takes so much longer, and logs how long.
   *
   * @param budget how long that may take for each sort of transport; zero for not at all, which is
   *     the default
   */
  public ProxyEngineBuilder warmUp(Duration budget) {
    warmUp = Objects.requireNonNull(budget, "budget");
    return this;
  }

  /** Sets the router that all HTTP frontends ask, behind the filters; called on the loops. */
  public ProxyEngineBuilder router(Router newRouter) {
    router = Objects.requireNonNull(newRouter, "router");
    return this;
  }

  /**
   * Adds a filter to all HTTP frontends. The first that is added is the closest to the client: it
   * sees requests first and responses last.
   *
   * @param factory called on the loops, once for each exchange
   */
  public ProxyEngineBuilder filter(FilterFactory factory) {
    filters.add(new Blueprint.FilterEntry(null, Objects.requireNonNull(factory, "factory")));
    return this;
  }

  /** Adds a filter to one HTTP frontend, behind those that were added before. */
  public ProxyEngineBuilder filter(String frontend, FilterFactory factory) {
    Objects.requireNonNull(frontend, "frontend");
    filters.add(new Blueprint.FilterEntry(frontend, Objects.requireNonNull(factory, "factory")));
    return this;
  }

  /** Adds an observer; called on the loops. */
  public ProxyEngineBuilder observer(ProxyObserver observer) {
    observers.add(Objects.requireNonNull(observer, "observer"));
    return this;
  }

  /** Writes an access log; opened with each start of the engine, complete when it has stopped. */
  public ProxyEngineBuilder accessLog(AccessLogOptions options) {
    accessLog = Objects.requireNonNull(options, "options");
    return this;
  }

  /** Runs on loops that the caller drives, as a simulation does; {@link #loops(int)} is ignored. */
  public ProxyEngineBuilder drivenLoops(EngineLoops given) {
    driven = Objects.requireNonNull(given, "given");
    return this;
  }

  /**
   * Checks everything, and finds the providers: those that were given, and services of {@link
   * ServiceLoader}.
   *
   * @throws ConfigurationException with everything that is wrong
   */
  public ProxyEngine build() {
    List<MuxProvider> muxServices = new ArrayList<>();
    muxServices.add(new PassThroughMuxProvider());
    ServiceLoader.load(MuxProvider.class).forEach(muxServices::add);
    List<TransportProvider> allTransports = new ArrayList<>(transports);
    ServiceLoader.load(TransportProvider.class).forEach(allTransports::add);
    ProxyConfig config =
        new ProxyConfig(
            frontends, backends, timeouts, limits, loops, handshakes, drain, warmUp, resolve);
    Blueprint blueprint = new Blueprint(config, muxes, muxServices, allTransports, router, filters);
    return new ProxyEngine(blueprint, resolver, observers, accessLog, driven);
  }
}
