package dev.sluice.core.config;

import java.util.List;
import java.util.Objects;

/**
 * The keys that a sort of section may have.
 *
 * @param title where such sections stand, in the notation of the reference: {@code
 *     backends.<name>.servers[]}
 * @param keys the keys
 */
public record ConfigSchema(String title, List<ConfigKey<?>> keys) {
  /** Rejects null and copies the list. */
  public ConfigSchema {
    Objects.requireNonNull(title, "title");
    keys = List.copyOf(keys);
  }

  /** A schema of some keys. */
  public static ConfigSchema of(String title, ConfigKey<?>... keys) {
    return new ConfigSchema(title, List.of(keys));
  }

  /** The names of the keys. */
  public List<String> names() {
    return keys.stream().<String>map(ConfigKey::name).toList();
  }
}
