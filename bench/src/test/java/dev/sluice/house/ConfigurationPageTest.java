package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.cli.ConfigReference;
import dev.sluice.core.config.ConfigKey;
import dev.sluice.core.config.ConfigSchema;
import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The page of all keys says of each what the reader knows of it. */
class ConfigurationPageTest {
  private static final Pattern TITLE = Pattern.compile("### `(.+)`");
  private static final Pattern ROW =
      Pattern.compile("\\| `([^`]+)` \\| ([^|]+) \\| ([^|]*) ?\\| ([^|]+) \\|");

  @Test
  void pageHasExactlyTheKeysOfTheReader() throws IOException {
    List<String> known = new ArrayList<>();
    for (ConfigSchema schema : ConfigReference.schemas()) {
      for (ConfigKey<?> key : schema.keys()) {
        known.add(row(schema.title(), key.name(), key.type(), key.absence()));
      }
    }

    assertThat(pageRows()).containsExactlyInAnyOrderElementsOf(known);
  }

  private static List<String> pageRows() throws IOException {
    List<String> rows = new ArrayList<>();
    String title = "";
    for (String line :
        Files.readAllLines(House.root().resolve("core/src/site/markdown/configuration.md"))) {
      Matcher heading = TITLE.matcher(line);
      Matcher row = ROW.matcher(line);
      if (heading.matches()) {
        title = heading.group(1);
      } else if (row.matches()) {
        rows.add(row(title, row.group(1), row.group(2).strip(), row.group(3).strip()));
      }
    }
    return rows;
  }

  private static String row(String title, String name, String type, String absence) {
    return title + " " + name + ": " + type + (absence.isEmpty() ? "" : "; " + absence);
  }
}
