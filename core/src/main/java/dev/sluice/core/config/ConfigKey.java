package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A key that a section of a configuration file may have: its name, the type of its value, and what
 * holds if it is not there. Immutable, and so a constant of the class that reads the section.
 *
 * @param <T> what the value becomes
 */
public final class ConfigKey<T> {
  /**
   * Reads a value.
   *
   * @param <T> what it becomes
   */
  @FunctionalInterface
  public interface Reading<T> {
    /** The value, or null once a problem was added that names it. */
    @Nullable T read(ConfigNode node, ConfigProblems problems);
  }

  private static final String NONE = "";
  private static final String REQUIRED = "required";

  private final String name;
  private final String type;
  private final String absence;
  private final @Nullable T fallback;
  private final Reading<T> reading;

  private ConfigKey(
      String name, String type, String absence, @Nullable T fallback, Reading<T> reading) {
    this.name = Objects.requireNonNull(name, "name");
    this.type = Objects.requireNonNull(type, "type");
    this.absence = absence;
    this.fallback = fallback;
    this.reading = Objects.requireNonNull(reading, "reading");
  }

  /**
   * A key of any type, without a default.
   *
   * @param type the type in the words of the reference and of messages
   */
  public static <T> ConfigKey<T> of(String name, String type, Reading<T> reading) {
    return new ConfigKey<>(name, type, NONE, null, reading);
  }

  /** A text that is not empty. */
  public static ConfigKey<String> text(String name) {
    return of(name, "text", ConfigValues::text);
  }

  /** The name of a file, relative to the configuration file; the text as it stands there. */
  public static ConfigKey<ConfigNode> file(String name) {
    return of(name, "file", ConfigValues::textNode);
  }

  /** {@code true} or {@code false}; false if it is not there. */
  public static ConfigKey<Boolean> flag(String name) {
    return of(name, "true or false", ConfigValues::flag).withDefault(false, "false");
  }

  /** An integer. */
  public static ConfigKey<Integer> integer(String name, int min, int max) {
    return of(
        name,
        "integer, " + min + " to " + max,
        (node, problems) -> ConfigValues.integer(node, min, max, problems));
  }

  /** A duration with its unit. */
  public static ConfigKey<Duration> duration(String name, Duration min, Duration max) {
    return of(
        name,
        "duration, " + ConfigValues.words(min) + " to " + ConfigValues.words(max),
        (node, problems) -> ConfigValues.duration(node, min, max, problems));
  }

  /** A size in bytes, with or without a unit. */
  public static ConfigKey<Integer> size(String name, int min, int max) {
    return of(
        name,
        "size, " + ConfigValues.sizeWords(min) + " to " + ConfigValues.sizeWords(max),
        (node, problems) -> ConfigValues.size(node, min, max, problems));
  }

  /** One of some words. */
  public static <T> ConfigKey<T> choice(String name, Map<String, T> choices) {
    Map<String, T> copy = new TreeMap<>(choices);
    return of(
        name,
        String.join(" or ", copy.keySet()),
        (node, problems) -> ConfigValues.choice(node, copy, problems));
  }

  /** A section with keys of its own. */
  public static ConfigKey<ConfigNode> section(String name) {
    return of(
        name,
        "section",
        (node, problems) -> ConfigValues.ofKind(node, ConfigNode.Kind.MAP, "a map", problems));
  }

  /** A map from names that the user chooses. */
  public static ConfigKey<List<ConfigNode.Entry>> named(String name) {
    return of(
        name,
        "map of sections by name",
        (node, problems) -> {
          ConfigNode map = ConfigValues.ofKind(node, ConfigNode.Kind.MAP, "a map", problems);
          return map == null ? null : map.entries();
        });
  }

  /** A list of whatever its reader makes of it; a single value stands for a list of one. */
  public static ConfigKey<List<ConfigNode>> list(String name, String type) {
    return of(name, "list of " + type, ConfigValues::list);
  }

  /** A list of texts; a single one stands for a list of one. */
  public static ConfigKey<List<String>> texts(String name, String type) {
    return of(
        name,
        "list of " + type,
        (node, problems) -> {
          List<String> texts = new ArrayList<>();
          for (ConfigNode item : ConfigValues.list(node, problems)) {
            String text = ConfigValues.text(item, problems);
            if (text != null) {
              texts.add(text);
            }
          }
          return texts;
        });
  }

  /** This key with a default. */
  public ConfigKey<T> withDefault(T value, String words) {
    return new ConfigKey<>(name, type, words, value, reading);
  }

  /** This key, as one that may not be missing. */
  public ConfigKey<T> required() {
    return new ConfigKey<>(name, type, REQUIRED, null, reading);
  }

  /** This key, whose absence means something that no value says. */
  public ConfigKey<T> otherwise(String words) {
    return new ConfigKey<>(name, type, words, null, reading);
  }

  /** The name. */
  public String name() {
    return name;
  }

  /** The type, as the reference says it. */
  public String type() {
    return type;
  }

  /** What holds if the key is missing, as the reference says it; empty for nothing. */
  public String absence() {
    return absence;
  }

  boolean isRequired() {
    return absence.equals(REQUIRED);
  }

  @Nullable T fallback() {
    return fallback;
  }

  /** Reads a value outside of its section; null once a problem was added. */
  public @Nullable T read(ConfigNode node, ConfigProblems problems) {
    return reading.read(node, problems);
  }
}
