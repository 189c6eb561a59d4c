package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The code on a page of the docs: each block of it follows a comment that names a source and a part
 * of it, and is equal to that part. A part stands between two comments, {@code // guide: name}.
 */
public final class Excerpts {
  private static final Pattern BLOCK = Pattern.compile("```java\\n(.*?)```", Pattern.DOTALL);
  private static final Pattern EXCERPT =
      Pattern.compile("<!-- (\\S+)#(\\w+) -->\\n```java\\n(.*?)```", Pattern.DOTALL);

  private Excerpts() {}

  /** Checks a page, which has no block of code that stands for itself. */
  public static void verify(String page) throws IOException {
    String text = Files.readString(Path.of("../core/src/site/markdown", page));
    List<String> wrong = new ArrayList<>();
    int found = 0;
    for (Matcher m = EXCERPT.matcher(text); m.find(); found++) {
      String wanted = part(m.group(1), m.group(2));
      if (!m.group(3).equals(wanted)) {
        wrong.add(m.group(1) + "#" + m.group(2) + " is now\n" + wanted);
      }
    }
    assertThat(wrong).as("excerpts of " + page).isEmpty();
    assertThat(found).as("excerpts of " + page).isPositive();
    assertThat(BLOCK.matcher(text).results().count()).as("blocks of " + page).isEqualTo(found);
  }

  private static String part(String source, String name) throws IOException {
    List<String> lines = Files.readAllLines(Path.of("src/test/java", source));
    String marker = "// guide: " + name;
    List<String> part = new ArrayList<>();
    int markers = 0;
    for (String line : lines) {
      if (line.strip().equals(marker)) {
        markers++;
      } else if (markers == 1) {
        part.add(line);
      }
    }
    assertThat(markers).as(marker + " in " + source).isEqualTo(2);
    // A blank last line would count as one without indentation.
    return String.join("\n", part).stripTrailing().stripIndent() + "\n";
  }
}
