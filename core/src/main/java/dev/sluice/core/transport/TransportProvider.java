package dev.sluice.core.transport;

import dev.sluice.core.config.TransportConfig;
import java.time.Duration;
import java.util.List;

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
   * Runs what is slow as long as it was not compiled, before the first connection comes. Called by
   * the thread that starts the engine, if it was told to warm up and uses this transport.
   *
   * @param budget how long it may take
   * @return one line that tells what was done and how long it took; empty if nothing
   */
  default String warmUp(Duration budget) {
    return "";
  }
}
