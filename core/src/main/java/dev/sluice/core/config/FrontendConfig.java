package dev.sluice.core.config;

import java.util.List;
import java.util.Objects;

/**
 * Where connections come in.
 *
 * @param name unique among frontends
 * @param mode what it forwards
 * @param listeners at least one
 * @param action what it does with an exchange, unless a router decides
 */
public record FrontendConfig(
    String name, ProxyMode mode, List<ListenerConfig> listeners, FrontendAction action) {

  /** Rejects nulls and copies the list. */
  public FrontendConfig {
    Objects.requireNonNull(name, "name");
    Objects.requireNonNull(mode, "mode");
    listeners = List.copyOf(listeners);
    Objects.requireNonNull(action, "action");
  }
}
