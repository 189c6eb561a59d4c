package dev.sluice.core.config;

import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A value of a configuration file, with the place where it stands: a text, a list, a map, or
 * nothing. Which values are valid is decided by whoever reads it, most easily through {@link
 * ConfigSection}. Immutable.
 */
public final class ConfigNode {
  /** What a value is. */
  public enum Kind {
    /** Keys with values. */
    MAP,
    /** Values in an order. */
    LIST,
    /** Anything written as a single word or a string: a number is a text, too. */
    TEXT,
    /** A key without a value. */
    EMPTY
  }

  /**
   * A key with its value.
   *
   * @param key the key
   * @param position where the key stands
   * @param value its value
   */
  public record Entry(String key, ConfigPosition position, ConfigNode value) {
    /** Rejects nulls. */
    public Entry {
      Objects.requireNonNull(key, "key");
      Objects.requireNonNull(position, "position");
      Objects.requireNonNull(value, "value");
    }
  }

  private static final int QUOTED_LENGTH_MAX = 120;

  private final Kind kind;
  private final String path;
  private final ConfigPosition position;
  private final Path directory;
  private final String text;
  private final List<ConfigNode> items;
  private final List<Entry> entries;

  private ConfigNode(
      Kind kind,
      String path,
      ConfigPosition position,
      Path directory,
      String text,
      List<ConfigNode> items,
      List<Entry> entries) {
    this.kind = kind;
    this.path = Objects.requireNonNull(path, "path");
    this.position = Objects.requireNonNull(position, "position");
    this.directory = Objects.requireNonNull(directory, "directory");
    this.text = Objects.requireNonNull(text, "text");
    this.items = List.copyOf(items);
    this.entries = List.copyOf(entries);
  }

  /**
   * A text.
   *
   * @param path the keys that lead to it, such as {@code timeouts.connect}
   * @param directory what names of files are relative to
   */
  public static ConfigNode text(String path, ConfigPosition position, Path directory, String text) {
    return new ConfigNode(Kind.TEXT, path, position, directory, text, List.of(), List.of());
  }

  /** A list. */
  public static ConfigNode list(
      String path, ConfigPosition position, Path directory, List<ConfigNode> items) {
    return new ConfigNode(Kind.LIST, path, position, directory, "", items, List.of());
  }

  /** A map; each key stands there once. */
  public static ConfigNode map(
      String path, ConfigPosition position, Path directory, List<Entry> entries) {
    return new ConfigNode(Kind.MAP, path, position, directory, "", List.of(), entries);
  }

  /** Nothing. */
  public static ConfigNode empty(String path, ConfigPosition position, Path directory) {
    return new ConfigNode(Kind.EMPTY, path, position, directory, "", List.of(), List.of());
  }

  /** What it is. */
  public Kind kind() {
    return kind;
  }

  /** The keys that lead to it, such as {@code frontends.web.listeners[0].address}. */
  public String path() {
    return path;
  }

  /** Where it stands. */
  public ConfigPosition position() {
    return position;
  }

  /** The text; empty if it is none. */
  public String text() {
    return text;
  }

  /** The values of a list; empty if it is none. */
  public List<ConfigNode> items() {
    return items;
  }

  /** The keys and values of a map, in the order of the file; empty if it is none. */
  public List<Entry> entries() {
    return entries;
  }

  /** The value of a key, or null. */
  public @Nullable ConfigNode find(String key) {
    for (Entry entry : entries) {
      if (entry.key().equals(key)) {
        return entry.value();
      }
    }
    return null;
  }

  /** A name of a file as it is meant: relative to the file that names it. */
  public Path resolve(String file) {
    return directory.resolve(file).normalize();
  }

  /** The value in the words of a message: a text in quotes, else what it is. */
  public String described() {
    return switch (kind) {
      case MAP -> "a map";
      case LIST -> "a list";
      case EMPTY -> "nothing";
      case TEXT -> quoted(text);
    };
  }

  /** A text in quotes, short, and without what would break a line or a terminal. */
  static String quoted(String text) {
    StringBuilder quoted = new StringBuilder("\"");
    for (int i = 0; i < text.length() && i < QUOTED_LENGTH_MAX; i++) {
      char c = text.charAt(i);
      quoted.append(Character.isISOControl(c) ? ' ' : c);
    }
    return quoted.append(text.length() > QUOTED_LENGTH_MAX ? "...\"" : "\"").toString();
  }

  /** For logs and tests. */
  @Override
  public String toString() {
    return position + ": " + path + ": " + described();
  }
}
