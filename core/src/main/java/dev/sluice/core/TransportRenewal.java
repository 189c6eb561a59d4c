package dev.sluice.core;

import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.config.TransportConfig;
import dev.sluice.core.transport.TransportFactory;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Finds the transports of an engine that new settings are for, and prepares all of them before any
 * is put in force. For one thread.
 */
final class TransportRenewal {
  private final Blueprint blueprint;
  private final List<String> problems = new ArrayList<>();
  private final List<Runnable> steps = new ArrayList<>();

  private TransportRenewal(Blueprint blueprint) {
    this.blueprint = blueprint;
  }

  /**
   * Prepares.
   *
   * @return what puts the new settings in force, and can't fail
   * @throws ConfigurationException with everything that is wrong
   */
  static List<Runnable> prepare(
      Blueprint blueprint, List<FrontendConfig> frontends, List<BackendConfig> backends) {
    TransportRenewal renewal = new TransportRenewal(blueprint);
    for (FrontendConfig frontend : frontends) {
      renewal.frontend(frontend);
    }
    for (BackendConfig backend : backends) {
      renewal.backend(backend);
    }
    if (!renewal.problems.isEmpty()) {
      throw new ConfigurationException(renewal.problems);
    }
    return renewal.steps;
  }

  private void frontend(FrontendConfig next) {
    List<FrontendConfig> frontends = blueprint.config().frontends();
    FrontendConfig frontend = find(frontends, FrontendConfig::name, next.name());
    for (int i = 0; i < next.listeners().size(); i++) {
      ListenerConfig listener = next.listeners().get(i);
      String where = "frontends." + next.name() + ".listeners " + listener.address();
      ListenerConfig present = frontend == null ? null : listener(frontend, listener.address(), i);
      if (present == null) {
        isMissing(where);
      } else {
        renew(present, present.transport(), listener.transport(), where);
      }
    }
  }

  /** By its address; where several have the same, as with port 0, by its place among them. */
  private static @Nullable ListenerConfig listener(
      FrontendConfig frontend, InetSocketAddress address, int place) {
    List<ListenerConfig> all = frontend.listeners();
    return place < all.size() && all.get(place).address().equals(address)
        ? all.get(place)
        : find(all, ListenerConfig::address, address);
  }

  private void backend(BackendConfig next) {
    List<BackendConfig> backends = blueprint.config().backends();
    BackendConfig backend = find(backends, BackendConfig::name, next.name());
    for (ServerConfig server : next.servers()) {
      String where = "backends." + next.name() + ".servers." + server.name();
      ServerConfig present =
          backend == null ? null : find(backend.servers(), ServerConfig::name, server.name());
      if (present == null) {
        isMissing(where);
        continue;
      }
      TransportConfig transport = server.transport();
      renew(present, present.transport(), transport, where);
      TransportConfig single = blueprint.single(present);
      if (single != null && transport != null) {
        renew(single, single, transport.offering(single.applicationProtocols()), where);
      }
    }
  }

  private void isMissing(String where) {
    problems.add(where + " is not there: only the settings of transports can be renewed");
  }

  private void renew(
      Object of, @Nullable TransportConfig now, @Nullable TransportConfig then, String where) {
    if (now == null && then == null) {
      return;
    }
    if (now == null || then == null || !now.transport().equals(then.transport())) {
      problems.add(where + " has another transport: only its settings can be renewed");
      return;
    }
    TransportFactory factory = blueprint.factory(of);
    List<String> found = new ArrayList<>();
    steps.add(factory.renewal(then, found));
    for (String problem : found) {
      problems.add(where + ": " + problem);
    }
  }

  private static <T, K> @Nullable T find(List<T> all, Function<T, K> naming, K name) {
    for (T each : all) {
      if (naming.apply(each).equals(name)) {
        return each;
      }
    }
    return null;
  }
}
