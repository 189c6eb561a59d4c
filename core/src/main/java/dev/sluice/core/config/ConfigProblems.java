package dev.sluice.core.config;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;

/**
 * Collects all that is wrong with a configuration file, so that one look tells everything. Not for
 * several threads at a time.
 */
public final class ConfigProblems {
  private record Problem(ConfigPosition position, boolean warning, String words) {
    @Override
    public String toString() {
      return position + (warning ? ": warning: " : ": ") + words;
    }
  }

  private final List<Problem> problems = new ArrayList<>();

  /** Made by whoever reads a file. */
  public ConfigProblems() {}

  /**
   * A value is wrong.
   *
   * @param at the value
   * @param words what is wrong with it, and what would be right; names the value
   */
  public void add(ConfigNode at, String words) {
    add(at.position(), at.path().isEmpty() ? words : at.path() + ": " + words);
  }

  /** Something is wrong at a place. */
  public void add(ConfigPosition at, String words) {
    problems.add(new Problem(at, false, oneLine(words)));
  }

  /** A value works, but is hardly what was meant. */
  public void warn(ConfigNode at, String words) {
    problems.add(new Problem(at.position(), true, oneLine(at.path() + ": " + words)));
  }

  /** How many errors there are; warnings don't count. */
  public int errorCount() {
    return errors().size();
  }

  /** The errors, one line each, in the order of the file. */
  public List<String> errors() {
    return lines(false);
  }

  /** The warnings, one line each, in the order of the file. */
  public List<String> warnings() {
    return lines(true);
  }

  private List<String> lines(boolean warnings) {
    // A value that is used in several places, as an anchor of YAML is, is wrong once.
    LinkedHashSet<String> lines = new LinkedHashSet<>();
    problems.stream()
        .filter(problem -> problem.warning() == warnings)
        .sorted(Comparator.comparing(Problem::position))
        .forEach(problem -> lines.add(problem.toString()));
    return List.copyOf(lines);
  }

  /** Messages of libraries may have several lines; each of ours has one. */
  private static String oneLine(String words) {
    return words.strip().replaceAll("\\s*\\R\\s*", " ");
  }
}
