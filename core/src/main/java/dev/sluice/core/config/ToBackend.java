package dev.sluice.core.config;

import java.util.Objects;

/**
 * Forward to a backend.
 *
 * @param backend its name
 */
public record ToBackend(String backend) implements FrontendAction {
  /** Rejects null. */
  public ToBackend {
    Objects.requireNonNull(backend, "backend");
  }
}
