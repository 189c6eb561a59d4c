package dev.sluice.core;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.Server;
import dev.sluice.core.backend.resolve.NameResolver;
import dev.sluice.core.backend.resolve.ServerNames;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.frontend.Frontend;
import dev.sluice.core.frontend.Listener;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.LoopCounters;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.observe.AccessLog;
import dev.sluice.core.observe.AccessLogCounts;
import dev.sluice.core.observe.AccessLogOptions;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.EngineCounters;
import dev.sluice.core.observe.ExchangeCounts;
import dev.sluice.core.observe.HandshakeCounts;
import dev.sluice.core.observe.ProxyObserver;
import dev.sluice.core.observe.WireCounters;
import dev.sluice.core.observe.WireCounts;
import dev.sluice.core.stream.StreamPool;
import java.io.IOException;
import java.lang.System.Logger;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A proxy engine: build it, start it, drain it, stop it.
 *
 * <pre>{@code
 * ProxyEngine engine =
 *     ProxyEngine.builder()
 *         .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(address))
 *         .backend(BackendConfig.of("app", ServerConfig.clear("a", serverAddress)))
 *         .build();
 * engine.start();
 * }</pre>
 *
 * <p>Any thread may call its methods, but not a loop of the engine itself; {@link #snapshot()} may
 * be called from anywhere.
 */
public final class ProxyEngine implements AutoCloseable {
  private static final Logger LOGGER = System.getLogger(ProxyEngine.class.getName());

  private final Blueprint blueprint;
  private final NameResolver resolver;
  private final List<ProxyObserver> observers;
  private final @Nullable AccessLogOptions accessLog;
  private final @Nullable EngineLoops given;

  private static final int LISTED_MAX = 1_000_000;

  private final Object lifecycle = new Object();
  private final Set<ListingTask> listings = ConcurrentHashMap.newKeySet();
  private volatile @Nullable Running running;
  private volatile @Nullable EngineDrain draining;

  ProxyEngine(
      Blueprint blueprint,
      NameResolver resolver,
      List<ProxyObserver> observers,
      @Nullable AccessLogOptions accessLog,
      @Nullable EngineLoops given) {
    this.blueprint = blueprint;
    this.resolver = resolver;
    this.observers = List.copyOf(observers);
    this.accessLog = accessLog;
    this.given = given;
  }

  /** Begins to describe an engine. */
  public static ProxyEngineBuilder builder() {
    return new ProxyEngineBuilder();
  }

  /** What the engine is made of while it runs. */
  private record Running(
      EngineLoops loops,
      ServerNames names,
      List<Frontend> frontends,
      List<Backend> backends,
      List<StreamPool> streams,
      EngineCounters counters,
      WireCounters wire,
      EngineSink sink,
      @Nullable AccessLog accessLog) {}

  /**
   * Looks up the names of servers, opens the listeners and begins to serve. If anything fails,
   * everything made so far is closed again, and start may be called again.
   *
   * @throws IOException if a listener or the access log can't be opened, or the name of a server
   *     can't be looked up that has to be; the message names its address, file or host
   * @throws IllegalStateException if it runs already
   */
  public void start() throws IOException {
    synchronized (lifecycle) {
      if (running != null) {
        throw new IllegalStateException("the engine runs already");
      }
      Duration warmUp = blueprint.config().warmUp();
      if (!warmUp.isZero()) {
        for (String line : blueprint.warmUp(warmUp)) {
          LOGGER.log(Logger.Level.INFO, "warmed up " + line);
        }
      }
      AccessLog log = accessLog == null ? null : AccessLog.open(accessLog);
      EngineLoops loops;
      try {
        loops = openLoops();
      } catch (IOException | RuntimeException e) {
        if (log != null) {
          log.close();
        }
        throw e;
      }
      EngineCounters counters = new EngineCounters(loops.group().size());
      ServerNames names =
          new ServerNames(
              blueprint.config().resolve(),
              resolver,
              loops.loops(),
              loops.lookupExecutor(),
              loops.random());
      EngineSink sink = new EngineSink(counters, log, observers);
      WireCounters wire = new WireCounters(loops.group().size());
      EngineAssembly assembly = new EngineAssembly(blueprint, loops, names, sink, wire);
      Running made =
          new Running(
              loops,
              names,
              assembly.frontends(),
              List.copyOf(assembly.backends().values()),
              assembly.streams(),
              counters,
              wire,
              sink,
              log);
      try {
        names.lookUpAll();
        for (Frontend frontend : made.frontends()) {
          for (Listener listener : frontend.listeners()) {
            loops.callOn(listener.loop(), listener::open);
          }
        }
        for (EventLoop loop : loops.loops()) {
          loops.callOn(loop, () -> startPools(made, loop));
        }
      } catch (IOException | RuntimeException e) {
        halt(made);
        throw e;
      }
      names.follow();
      running = made;
    }
  }

  private static void startPools(Running made, EventLoop loop) {
    for (Backend backend : made.backends()) {
      for (Server server : backend.servers()) {
        server.start(loop);
      }
    }
  }

  private EngineLoops openLoops() throws IOException {
    ProxyConfig config = blueprint.config();
    return given != null
        ? given
        : EngineLoops.nio(config.loops(), loopLimits(config.limits()), config.handshakes());
  }

  private static LoopLimits loopLimits(LimitConfig limits) {
    int heapBytes = LoopLimits.heapBufferBytes(limits.headBytesMax());
    int idle = Math.min(limits.buffersMax(), 512);
    return LoopLimits.defaults()
        .withHeapBuffers(heapBytes, limits.buffersMax(), idle)
        .withDirectBuffers(
            LoopLimits.TLS_RECORD_BYTES_MAX,
            limits.buffersMax(),
            limits.buffersMax() / 4 + 64,
            idle);
  }

  /**
   * Puts other settings of transports in force, such as renewed certificates, keys and trust: for
   * every connection that is begun after this has returned. What is connected goes on with what it
   * has; pooled connections to servers take no further request, and close with their last one. What
   * is not named keeps its settings.
   *
   * @param frontends the listeners to renew, found by frontend and address
   * @param backends the servers to renew, found by backend and name; nothing but the settings of
   *     their transports is looked at, and the protocols that these offer must be the same as
   *     before
   * @throws ConfigurationException with everything that is wrong; nothing has changed then
   */
  public void renewTransports(List<FrontendConfig> frontends, List<BackendConfig> backends) {
    synchronized (lifecycle) {
      for (Runnable step : TransportRenewal.prepare(blueprint, frontends, backends)) {
        step.run();
      }
      Running now = running;
      if (now != null) {
        for (EventLoop loop : now.loops().loops()) {
          loop.execute(() -> retireOutdated(now, loop));
        }
      }
    }
  }

  private static void retireOutdated(Running now, EventLoop loop) {
    for (Backend backend : now.backends()) {
      for (Server server : backend.servers()) {
        server.retireOutdated(loop);
      }
    }
  }

  /**
   * The address that a listener got, of use where the configuration says port 0.
   *
   * @param frontend the frontend's name
   * @param listener the number of the listener within it, from 0
   * @throws IllegalStateException if the engine does not run
   */
  public InetSocketAddress address(String frontend, int listener) {
    for (Frontend candidate : runningNow().frontends()) {
      if (candidate.name().equals(frontend)
          && candidate.listeners().get(listener).boundTo() instanceof InetSocketAddress address) {
        return address;
      }
    }
    throw new IllegalArgumentException("no open listener " + listener + " of frontend " + frontend);
  }

  /** What the engine holds and has counted; all zero if it does not run. Blocks nobody. */
  public EngineSnapshot snapshot() {
    Running now = running;
    if (now == null) {
      return new EngineSnapshot(
          0,
          ExchangeCounts.none(),
          WireCounts.none(),
          AccessLogCounts.none(),
          HandshakeCounts.none(),
          List.of(),
          List.of());
    }
    int clients = 0;
    for (Frontend frontend : now.frontends()) {
      for (Listener listener : frontend.listeners()) {
        clients += listener.connectionCount();
      }
    }
    List<ServerSnapshot> servers = new ArrayList<>();
    for (Backend backend : now.backends()) {
      for (Server server : backend.servers()) {
        servers.add(ServerSnapshot.of(backend.name(), server));
      }
    }
    List<LoopCounters.Snapshot> loops = new ArrayList<>();
    for (EventLoop loop : now.loops().loops()) {
      loops.add(loop.counters().snapshot());
    }
    AccessLog log = now.accessLog();
    return new EngineSnapshot(
        clients,
        now.counters().snapshot(),
        now.wire().snapshot(),
        log == null ? AccessLogCounts.none() : log.counts(),
        now.loops().handshakeCounts(),
        servers,
        loops);
  }

  /**
   * Lists the connections, of clients and to servers. Any thread; the loops describe them in small
   * parts between their other work.
   *
   * @param max how many to list at most, 1 to 1,000,000; the others are counted
   * @return completed on a loop; exceptionally if the engine is stopped meanwhile
   * @throws IllegalStateException if the engine does not run
   */
  public CompletionStage<ConnectionListing> connections(int max) {
    if (max < 1 || max > LISTED_MAX) {
      throw new IllegalArgumentException("max is " + max + ": 1 to " + LISTED_MAX + " is valid");
    }
    synchronized (lifecycle) {
      Running now = runningNow();
      ListingTask listing = new ListingTask(now.frontends(), now.backends(), max, listings::remove);
      listings.add(listing);
      return listing.begin(now.loops().loops());
    }
  }

  /**
   * Whether new clients are welcome: it runs, and nobody has asked for a drain. What a load
   * balancer should be told. Blocks nobody; may be called from anywhere.
   */
  public boolean ready() {
    return running != null && draining == null;
  }

  /** {@link #drain(DrainConfig)} as configured. */
  public CompletionStage<DrainReport> drain() {
    return drain(blueprint.config().drain());
  }

  /** {@link #drain(DrainConfig)} with the default phases. */
  public CompletionStage<DrainReport> drain(Duration deadline) {
    return drain(DrainConfig.within(deadline));
  }

  /**
   * Lets the clients go, in phases: the engine says that it is not ready ({@link #ready()}); every
   * answer becomes the last of its connection, and h2 clients are told by GOAWAY, while the
   * listeners still accept; the listeners are closed; idle connections are closed, and the others
   * with their last exchange; connections to servers are closed. What is left at the deadline is
   * cut. No request that came to an accepted connection is left without an answer before that, but
   * for one that crosses the close of an idle HTTP/1.1 connection on the wire (RFC 9112 9.5).
   *
   * <p>The engine still runs afterwards, without listeners: {@link #stop()} ends it. If it is being
   * drained already, that goes on.
   *
   * @return completed on a loop with what became of it; exceptionally if the engine is stopped
   *     meanwhile
   * @throws IllegalStateException if the engine does not run
   * @throws IllegalArgumentException if a duration is out of its range
   */
  public CompletionStage<DrainReport> drain(DrainConfig how) {
    List<String> problems = how.problems();
    if (!problems.isEmpty()) {
      throw new IllegalArgumentException(String.join("; ", problems));
    }
    synchronized (lifecycle) {
      Running now = runningNow();
      EngineDrain present = draining;
      if (present == null) {
        present = new EngineDrain(now.loops(), now.frontends(), now.backends(), now.sink(), how);
        present.begin();
        draining = present;
      }
      return present.report();
    }
  }

  /** Has a drain that is under way cut at once what is left. Does nothing if there is none. */
  public void endDrain() {
    synchronized (lifecycle) {
      EngineDrain present = draining;
      if (present != null && running != null) {
        present.end();
      }
    }
  }

  /** Closes everything at once. May be repeated; the engine can be started again afterwards. */
  public void stop() {
    synchronized (lifecycle) {
      Running now = running;
      if (now != null) {
        running = null;
        EngineDrain unfinished = draining;
        draining = null;
        halt(now);
        if (unfinished != null) {
          unfinished.abandon();
        }
        listings.forEach(ListingTask::abandon);
        listings.clear();
      }
    }
  }

  /** {@link #stop()}. */
  @Override
  public void close() {
    stop();
  }

  private static void halt(Running now) {
    for (EventLoop loop : now.loops().loops()) {
      try {
        now.loops().callOn(loop, () -> closeAll(now, loop));
      } catch (IOException e) {
        loop.report("an event loop could not be stopped in order", e);
      }
    }
    now.loops().stop();
    now.names().close();
    AccessLog log = now.accessLog();
    if (log != null) {
      // After the loops, so that the last exchanges are in it.
      log.close();
    }
  }

  private static void closeAll(Running now, EventLoop loop) {
    now.names().close(loop);
    for (Frontend frontend : now.frontends()) {
      for (Listener listener : frontend.listeners()) {
        if (listener.loop() == loop) {
          listener.close();
        }
      }
      frontend.closeAll(loop, CloseCause.SHUTDOWN);
    }
    for (Backend backend : now.backends()) {
      for (Server server : backend.servers()) {
        server.closeAll(loop, CloseCause.SHUTDOWN);
      }
    }
  }

  private Running runningNow() {
    Running now = running;
    if (now == null) {
      throw new IllegalStateException("the engine does not run");
    }
    return now;
  }
}
