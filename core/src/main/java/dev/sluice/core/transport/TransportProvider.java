package dev.sluice.core.transport;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import dev.sluice.core.config.ConfigSchema;
import dev.sluice.core.config.TransportConfig;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What knows a sort of transport: a service of {@link java.util.ServiceLoader}, or given to the
 * engine's builder. Called at start-up only, by the thread that builds the engine.
 */
public interface TransportProvider {
  /** The name that a {@link TransportConfig} refers to, such as "tls". */
  String name();

  /**
   * Prepares what all connections of one configuration share: keys, certificates, trust.
   *
   * @param problems receives one line for each thing that is wrong: what, where, and what would be
   *     right
   * @return the factory; of no use if problems were added
   */
  TransportFactory open(TransportConfig config, TransportRole role, List<String> problems);

  /**
   * The keys that its section of a configuration file has, and those of the sections within, for
   * the reference; empty if it can't be configured by a file.
   */
  default List<ConfigSchema> schemas(TransportRole role) {
    return List.of();
  }

  /**
   * Reads its section of a configuration file: the value of the key {@link #name()} of a listener,
   * a backend or a server. May read the files that are named there.
   *
   * @param problems receives what is wrong, each with the place where it stands
   * @return the settings, or null once problems were added
   */
  default @Nullable TransportConfig configure(
      ConfigNode section, TransportRole role, ConfigProblems problems) {
    problems.add(section, "the transport \"" + name() + "\" can't be configured by a file");
    return null;
  }
}
