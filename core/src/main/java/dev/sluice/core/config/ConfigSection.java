package dev.sluice.core.config;

import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A map of a configuration file, read by its schema. Keys that the schema does not have, and
 * required ones that are missing, are told when it is opened; a wrong value is told when it is
 * asked for, and then the default holds. Not for several threads at a time.
 */
public final class ConfigSection {
  private final ConfigNode node;
  private final ConfigProblems problems;

  private ConfigSection(ConfigNode node, ConfigProblems problems) {
    this.node = node;
    this.problems = problems;
  }

  /** Opens a section; what is no map counts as an empty one once that was told. */
  public static ConfigSection open(ConfigNode node, ConfigSchema schema, ConfigProblems problems) {
    return open(node, schema, List.of(), problems);
  }

  /**
   * Opens a section that may have keys besides those of its schema.
   *
   * @param others their names
   */
  public static ConfigSection open(
      ConfigNode node, ConfigSchema schema, Collection<String> others, ConfigProblems problems) {
    ConfigSection section = new ConfigSection(node, problems);
    if (ConfigValues.ofKind(node, ConfigNode.Kind.MAP, "a map", problems) == null) {
      return section;
    }
    List<String> names = new ArrayList<>(schema.names());
    for (String other : others) {
      if (!names.contains(other)) {
        names.add(other);
      }
    }
    for (ConfigNode.Entry entry : node.entries()) {
      if (!names.contains(entry.key())) {
        problems.add(
            entry.position(),
            entry.value().path() + ": there is no such key" + Likeness.hint(entry.key(), names));
      }
    }
    for (ConfigKey<?> key : schema.keys()) {
      if (key.isRequired() && node.find(key.name()) == null) {
        problems.add(
            node, "\"" + key.name() + "\" is missing: it is needed, and is a " + key.type());
      }
    }
    return section;
  }

  /** A section without keys, for a value that stands for a section of its own. */
  public static ConfigSection empty(ConfigNode node, ConfigProblems problems) {
    return new ConfigSection(node, problems);
  }

  /** The map. */
  public ConfigNode node() {
    return node;
  }

  /** Whether the key is there. */
  public boolean has(ConfigKey<?> key) {
    return node.find(key.name()) != null;
  }

  /** The value of a key; its default if it is missing or wrong; null if it has none. */
  public <T> @Nullable T find(ConfigKey<T> key) {
    ConfigNode value = node.find(key.name());
    T read = value == null ? null : key.read(value, problems);
    return read == null ? key.fallback() : read;
  }

  /**
   * The value of a key that has a default.
   *
   * @throws IllegalArgumentException if it has none
   */
  public <T> T get(ConfigKey<T> key) {
    T value = find(key);
    if (value == null) {
      throw new IllegalArgumentException("the key " + key.name() + " has no default");
    }
    return value;
  }

  /** Where a key's value stands; the section itself if the key is missing. */
  public ConfigNode at(ConfigKey<?> key) {
    ConfigNode value = node.find(key.name());
    return value == null ? node : value;
  }

  /** A value can't be used, whatever its type says. */
  public void problem(ConfigKey<?> key, String words) {
    problems.add(at(key), words);
  }

  /** What it tells problems to. */
  public ConfigProblems problems() {
    return problems;
  }
}
