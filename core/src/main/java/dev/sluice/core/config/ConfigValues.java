package dev.sluice.core.config;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Values from their texts. Each method adds a problem that names the value and what is valid. */
final class ConfigValues {
  private static final Pattern DURATION = Pattern.compile("(\\d{1,12}) ?(ms|s|m|h|d)");
  private static final Pattern SIZE = Pattern.compile("(\\d{1,12}) ?(B|KiB|MiB|GiB)?");
  private static final Pattern INTEGER = Pattern.compile("-?[\\d_]{1,12}");
  private static final int KIB = 1024;

  private ConfigValues() {}

  static @Nullable String text(ConfigNode node, ConfigProblems problems) {
    ConfigNode text = textNode(node, problems);
    return text == null ? null : text.text();
  }

  static @Nullable ConfigNode textNode(ConfigNode node, ConfigProblems problems) {
    if (node.kind() != ConfigNode.Kind.TEXT || node.text().isEmpty()) {
      problems.add(node, node.described() + " is given: a text that is not empty is valid");
      return null;
    }
    return node;
  }

  static @Nullable ConfigNode ofKind(
      ConfigNode node, ConfigNode.Kind kind, String words, ConfigProblems problems) {
    if (node.kind() != kind) {
      problems.add(node, node.described() + " is given: " + words + " is valid");
      return null;
    }
    return node;
  }

  static @Nullable Boolean flag(ConfigNode node, ConfigProblems problems) {
    return choice(node, Map.of("true", true, "false", false), problems);
  }

  static <T> @Nullable T choice(ConfigNode node, Map<String, T> choices, ConfigProblems problems) {
    T chosen = node.kind() == ConfigNode.Kind.TEXT ? choices.get(node.text()) : null;
    if (chosen == null) {
      problems.add(
          node, node.described() + " is given" + Likeness.hint(node.text(), choices.keySet()));
    }
    return chosen;
  }

  static @Nullable Integer integer(ConfigNode node, int min, int max, ConfigProblems problems) {
    if (INTEGER.matcher(node.text()).matches()) {
      try {
        long value = Long.parseLong(node.text().replace("_", ""));
        if (value >= min && value <= max) {
          return (int) value;
        }
      } catch (NumberFormatException e) {
        // Only underscores: told below, as any other text that is no integer.
      }
    }
    problems.add(
        node, node.described() + " is given: an integer, " + min + " to " + max + ", is valid");
    return null;
  }

  static @Nullable Duration duration(
      ConfigNode node, Duration min, Duration max, ConfigProblems problems) {
    Matcher matcher = DURATION.matcher(node.text());
    if (!matcher.matches()) {
      problems.add(
          node,
          node.described()
              + " is given: a whole number with its unit (ms, s, m, h, d) is valid, such as 200ms");
      return null;
    }
    Duration value = of(Long.parseLong(matcher.group(1)), matcher.group(2));
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      problems.add(
          node, node.described() + " is given: " + words(min) + " to " + words(max) + " is valid");
      return null;
    }
    return value;
  }

  private static Duration of(long number, String unit) {
    return switch (unit) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  /** A duration as a file may say it. */
  static String words(Duration duration) {
    long millis = duration.toMillis();
    if (millis == 0) {
      return "0s";
    }
    if (millis % 1000 != 0) {
      return millis + "ms";
    }
    long seconds = millis / 1000;
    if (seconds % 86_400 == 0) {
      return seconds / 86_400 + "d";
    }
    if (seconds % 3600 == 0) {
      return seconds / 3600 + "h";
    }
    return seconds % 60 == 0 ? seconds / 60 + "m" : seconds + "s";
  }

  static @Nullable Integer size(ConfigNode node, int min, int max, ConfigProblems problems) {
    Matcher matcher = SIZE.matcher(node.text());
    if (!matcher.matches()) {
      problems.add(
          node,
          node.described()
              + " is given: a whole number with its unit (B, KiB, MiB, GiB) is valid, such as 16KiB");
      return null;
    }
    String unit = matcher.group(2) == null ? "B" : matcher.group(2);
    long factor =
        switch (unit) {
          case "KiB" -> KIB;
          case "MiB" -> KIB * KIB;
          case "GiB" -> KIB * KIB * KIB;
          default -> 1;
        };
    long value = Long.parseLong(matcher.group(1)) * factor;
    if (value < min || value > max) {
      problems.add(
          node,
          node.described()
              + " is given: "
              + sizeWords(min)
              + " to "
              + sizeWords(max)
              + " is valid");
      return null;
    }
    return (int) value;
  }

  /** A size as a file may say it. */
  static String sizeWords(int bytes) {
    if (bytes != 0 && bytes % (KIB * KIB * KIB) == 0) {
      return bytes / (KIB * KIB * KIB) + "GiB";
    }
    if (bytes != 0 && bytes % (KIB * KIB) == 0) {
      return bytes / (KIB * KIB) + "MiB";
    }
    return bytes != 0 && bytes % KIB == 0 ? bytes / KIB + "KiB" : bytes + "B";
  }

  static List<ConfigNode> list(ConfigNode node, ConfigProblems problems) {
    if (node.kind() == ConfigNode.Kind.EMPTY) {
      problems.add(node, "nothing is given: a list is valid");
      return List.of();
    }
    return node.kind() == ConfigNode.Kind.LIST ? node.items() : List.of(node);
  }
}
