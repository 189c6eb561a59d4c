package dev.sluice.core.config;

import java.util.Comparator;
import java.util.Objects;

/**
 * Where something stands in a configuration file.
 *
 * @param file the name of the file, as the user gave it
 * @param line from 1; 0 stands for the file as a whole
 * @param column from 1; 0 stands for the line as a whole
 */
public record ConfigPosition(String file, int line, int column)
    implements Comparable<ConfigPosition> {
  private static final Comparator<ConfigPosition> ORDER =
      Comparator.comparing(ConfigPosition::file)
          .thenComparingInt(ConfigPosition::line)
          .thenComparingInt(ConfigPosition::column);

  /** Rejects null. */
  public ConfigPosition {
    Objects.requireNonNull(file, "file");
  }

  /** A file as a whole. */
  public static ConfigPosition of(String file) {
    return new ConfigPosition(file, 0, 0);
  }

  @Override
  public int compareTo(ConfigPosition other) {
    return ORDER.compare(this, other);
  }

  /** {@code file:line:column}, the form that editors and terminals turn into links. */
  @Override
  public String toString() {
    return line == 0 ? file : file + ":" + line + ":" + column;
  }
}
