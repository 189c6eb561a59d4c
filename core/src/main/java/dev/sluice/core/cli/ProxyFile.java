package dev.sluice.core.cli;

import dev.sluice.core.ConfigurationException;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigPosition;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.ConfigSection;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.HandshakeConfig;
import dev.sluice.core.config.Likeness;
import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.ProxyConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.config.ToBackend;
import dev.sluice.core.config.YamlReader;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.tcp.PassThroughMuxProvider;
import dev.sluice.core.transport.TransportProvider;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/**
 * A configuration file, and the engine that it describes. Reads files and looks names up: not for a
 * loop. Not for several threads at a time.
 */
public final class ProxyFile {
  private static final ConfigKey<Integer> THREADS =
      ConfigKey.integer("threads", 1, 1024).withDefault(1, "1");
  private static final ConfigKey<Duration> WARM_UP =
      ConfigKey.duration("warmUp", Duration.ofMillis(1), Duration.ofMinutes(10))
          .otherwise("no warm-up");
  private static final ConfigKey<ConfigNode> ACCESS_LOG =
      ConfigKey.section("accessLog").otherwise("no access log");
  private static final ConfigKey<ConfigNode> TIMEOUTS = ConfigKey.section("timeouts");
  private static final ConfigKey<ConfigNode> LIMITS = ConfigKey.section("limits");
  private static final ConfigKey<ConfigNode> HANDSHAKES = ConfigKey.section("handshakes");
  private static final ConfigKey<ConfigNode> RESOLVE = ConfigKey.section("resolve");
  private static final ConfigKey<ConfigNode> DRAIN = ConfigKey.section("drain");
  private static final ConfigKey<List<ConfigNode.Entry>> PROTOCOLS = ConfigKey.named("protocols");
  private static final ConfigKey<List<ConfigNode.Entry>> FRONTENDS =
      ConfigKey.named("frontends").required();
  private static final ConfigKey<List<ConfigNode.Entry>> BACKENDS = ConfigKey.named("backends");
  static final ConfigSchema SCHEMA =
      ConfigSchema.of(
          "the file",
          FRONTENDS,
          BACKENDS,
          THREADS,
          WARM_UP,
          ACCESS_LOG,
          TIMEOUTS,
          LIMITS,
          HANDSHAKES,
          RESOLVE,
          DRAIN,
          PROTOCOLS);

  private final ConfigPosition file;
  private final ConfigProblems problems = new ConfigProblems();
  private final List<TransportProvider> transports = new ArrayList<>();
  private final List<MuxProvider> muxes = new ArrayList<>();
  private final FileSource source;
  private @Nullable ConfigNode accessLogNode;
  private @Nullable ProxyPlan plan;
  private @Nullable ProxyEngine engine;

  private ProxyFile(Path path) {
    file = ConfigPosition.of(path.toString());
    muxes.add(new PassThroughMuxProvider());
    ServiceLoader.load(MuxProvider.class).forEach(muxes::add);
    ServiceLoader.load(TransportProvider.class).forEach(transports::add);
    source =
        new FileSource(problems, transports, MuxRegistry.of(List.of(), muxes, new ArrayList<>()));
  }

  /** Reads a file and builds its engine, without starting it; {@link #errors} tells whether. */
  public static ProxyFile read(Path path) {
    ProxyFile made = new ProxyFile(path);
    ConfigNode root;
    try {
      root = YamlReader.read(path, made.problems);
    } catch (NoClassDefFoundError e) {
      made.problems.add(
          made.file, "YAML needs org.snakeyaml:snakeyaml-engine, which is not on the path");
      return made;
    }
    if (root != null) {
      made.readRoot(root);
    }
    return made;
  }

  /** Everything that is wrong, one line each, in the order of the file; empty if nothing is. */
  public List<String> errors() {
    return problems.errors();
  }

  /** What works but is hardly what was meant, one line each, in the order of the file. */
  public List<String> warnings() {
    return problems.warnings();
  }

  /**
   * The engine, not started.
   *
   * @throws IllegalStateException if there are errors
   */
  public ProxyEngine engine() {
    ProxyEngine built = engine;
    if (built == null) {
      throw new IllegalStateException("the file has errors: " + errors());
    }
    return built;
  }

  /** How it is drained. */
  public DrainConfig drain() {
    return plan().config().drain();
  }

  ProxyPlan plan() {
    ProxyPlan read = plan;
    if (read == null) {
      throw new IllegalStateException("the file has errors: " + errors());
    }
    return read;
  }

  /** A failure to start, in the form of the other errors: with the place that it comes from. */
  String startFailure(Exception failure) {
    String words = String.valueOf(failure.getMessage());
    ConfigNode place = null;
    for (FrontendConfig frontend : plan().config().frontends()) {
      for (var listener : frontend.listeners()) {
        String named = listener.address().toString();
        if (place == null && words.contains(named)) {
          words = words.replace(named, HostPort.text(listener.address()));
          place =
              source.placeOf("frontends." + frontend.name() + ".listeners " + listener.address());
        }
      }
    }
    if (place == null && words.contains("access log")) {
      place = accessLogNode;
    }
    return place == null
        ? file + ": " + words
        : place.position() + ": " + place.path() + ": " + words;
  }

  private void readRoot(ConfigNode root) {
    ConfigSection section = ConfigSection.open(root, SCHEMA, problems);
    int threads = section.get(THREADS);
    Duration warmUp = section.find(WARM_UP);
    ConfigNode timeoutsNode = section.find(TIMEOUTS);
    TimeoutConfig timeouts =
        timeoutsNode == null
            ? TimeoutConfig.defaults()
            : SettingsReader.timeouts(timeoutsNode, problems);
    ConfigNode limitsNode = section.find(LIMITS);
    LimitConfig limits =
        limitsNode == null ? LimitConfig.defaults() : SettingsReader.limits(limitsNode, problems);
    ConfigNode handshakesNode = section.find(HANDSHAKES);
    HandshakeConfig handshakes =
        handshakesNode == null
            ? HandshakeConfig.defaults()
            : SettingsReader.handshakes(handshakesNode, problems);
    ConfigNode resolveNode = section.find(RESOLVE);
    ResolveConfig resolve =
        resolveNode == null
            ? ResolveConfig.defaults()
            : SettingsReader.resolve(resolveNode, problems);
    ConfigNode drainNode = section.find(DRAIN);
    SettingsReader.Drain drain =
        drainNode == null
            ? new SettingsReader.Drain(DrainConfig.defaults(), null)
            : SettingsReader.drain(drainNode, problems);
    accessLogNode = section.find(ACCESS_LOG);
    SettingsReader.LogFile accessLog =
        accessLogNode == null ? null : SettingsReader.accessLog(accessLogNode, problems);
    List<MuxProvider> configured = protocols(section.find(PROTOCOLS));

    List<FrontendReader.Read> frontends = frontends(section);
    Map<String, BackendReader.Read> backends = backends(section.find(BACKENDS), frontends);
    if (problems.errorCount() > 0) {
      return;
    }
    List<BackendConfig> backendConfigs =
        backends.values().stream().map(BackendReader.Read::config).toList();
    List<FrontendConfig> frontendConfigs =
        frontends.stream().map(FrontendReader.Read::config).toList();
    ProxyConfig config =
        new ProxyConfig(
            frontendConfigs,
            backendConfigs,
            timeouts,
            limits,
            threads,
            handshakes,
            drain.config(),
            warmUp == null ? Duration.ZERO : warmUp,
            resolve);
    Map<String, List<RouteRule>> rules = new LinkedHashMap<>();
    frontends.forEach(read -> rules.put(read.config().name(), read.rules()));
    Map<String, Destination> destinations = new LinkedHashMap<>();
    backends.forEach(
        (name, read) -> {
          if (read.destination() != null) {
            destinations.put(name, read.destination());
          }
        });
    ProxyPlan made =
        new ProxyPlan(
            config,
            rules,
            destinations,
            accessLog == null ? null : accessLog.file(),
            drain.readyPath());
    plan = made;
    build(made, configured, accessLog);
  }

  private void build(
      ProxyPlan made, List<MuxProvider> configured, SettingsReader.@Nullable LogFile accessLog) {
    ProxyEngineBuilder builder = ProxyEngine.builder().config(made.config());
    configured.forEach(builder::mux);
    FileRouter router = made.router();
    if (router != null) {
      builder.router(router);
    }
    if (accessLog != null) {
      builder.accessLog(accessLog.options());
    }
    try {
      ProxyEngine built = builder.build();
      engine = built;
      if (router != null) {
        router.readyWhen(built::ready);
      }
    } catch (ConfigurationException e) {
      for (String problem : e.problems()) {
        ConfigNode place = source.placeOf(problem);
        problems.add(place == null ? file : place.position(), problem);
      }
    }
  }

  /** The muxes that the file sets options of. */
  private List<MuxProvider> protocols(@Nullable List<ConfigNode.Entry> entries) {
    List<MuxProvider> configured = new ArrayList<>();
    for (ConfigNode.Entry entry : entries == null ? List.<ConfigNode.Entry>of() : entries) {
      MuxProvider provider = null;
      List<String> names = new ArrayList<>();
      for (MuxProvider each : muxes) {
        names.add(each.name());
        provider = each.name().equals(entry.key()) ? each : provider;
      }
      if (provider == null) {
        problems.add(
            entry.position(),
            entry.value().path()
                + ": there is no such protocol"
                + Likeness.hint(entry.key(), names));
      } else {
        configured.add(provider.configured(entry.value(), problems));
      }
    }
    return configured;
  }

  private List<FrontendReader.Read> frontends(ConfigSection section) {
    List<FrontendReader.Read> read = new ArrayList<>();
    List<ConfigNode.Entry> entries = section.find(FRONTENDS);
    if (entries != null && entries.isEmpty()) {
      section.problem(FRONTENDS, "is empty: at least one frontend is needed");
    }
    FrontendReader reader = new FrontendReader(source);
    for (ConfigNode.Entry entry : entries == null ? List.<ConfigNode.Entry>of() : entries) {
      read.add(reader.read(entry.key(), entry.value()));
    }
    return read;
  }

  private Map<String, BackendReader.Read> backends(
      @Nullable List<ConfigNode.Entry> entries, List<FrontendReader.Read> frontends) {
    List<ConfigNode.Entry> all = entries == null ? List.of() : entries;
    BackendUse use = new BackendUse(all, problems);
    frontends.forEach(use::add);
    Map<String, BackendReader.Read> read = new LinkedHashMap<>();
    BackendReader reader = new BackendReader(source);
    for (ConfigNode.Entry entry : all) {
      ProxyMode mode = use.mode(entry.key());
      if (mode == null) {
        problems.warn(entry.value(), "no frontend leads to this backend");
      }
      read.put(
          entry.key(),
          reader.read(entry.key(), entry.value(), mode == null ? ProxyMode.HTTP : mode));
    }
    return read;
  }

  /** Whether a frontend's rest must be routed, since its backend has a destination of fields. */
  static @Nullable String routedBackend(
      FrontendConfig frontend, Map<String, Destination> destinations) {
    return frontend.action() instanceof ToBackend to && destinations.containsKey(to.backend())
        ? to.backend()
        : null;
  }
}
