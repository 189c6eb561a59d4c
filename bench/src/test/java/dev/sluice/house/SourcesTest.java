package dev.sluice.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClass;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** How long files are, what types are called, and what no source may hold. */
class SourcesTest {
  private static final System.Logger LOG = System.getLogger(SourcesTest.class.getName());

  private static final int LINES_MAX = 600;
  private static final int LINES_WORTH_A_LOOK = 300;

  /** Words that say nothing of what a type is, or that mean something else in every proxy. */
  private static final Set<String> EMPTY_WORDS =
      Set.of("Context", "Manager", "Util", "Utils", "Impl", "Upstream", "Downstream", "Channel");

  private static final Pattern WORD_START = Pattern.compile("(?<=[a-z0-9])(?=[A-Z])|[$_]");

  // Put together so that this file does not hold what it looks for.
  private static final Pattern UNFINISHED =
      Pattern.compile("\\b(TO" + "DO|FIX" + "ME|X" + "XX)\\b");
  private static final Pattern SKIPPED_OR_SLEEPING =
      Pattern.compile("@Dis" + "abled|\\bassum(e|ing)[A-Z]\\w*\\(|\\bThread\\.sl" + "eep\\(");

  @Test
  void noFileIsLongerThanItsLimit() throws IOException {
    List<String> tooLong = new ArrayList<>();
    List<String> long_ = new ArrayList<>();
    for (Path file : allJavaFiles()) {
      int lines = Files.readAllLines(file, UTF_8).size();
      String line = lines + " " + House.root().relativize(file);
      if (lines > LINES_MAX) {
        tooLong.add(line);
      } else if (lines > LINES_WORTH_A_LOOK) {
        long_.add(line);
      }
    }
    if (!long_.isEmpty()) {
      LOG.log(
          System.Logger.Level.INFO,
          "files over {0} lines:\n{1}",
          LINES_WORTH_A_LOOK,
          String.join("\n", long_));
    }
    assertThat(tooLong).as("files over " + LINES_MAX + " lines").isEmpty();
  }

  @Test
  void namesSayWhatATypeIs() {
    assertThat(House.allClasses().stream().map(JavaClass::getSimpleName).toList())
        .filteredOn(name -> WORD_START.splitAsStream(name).anyMatch(EMPTY_WORDS::contains))
        .isEmpty();
  }

  @Test
  void everyPackageHasAPageThatMarksItNullSafe() throws IOException {
    List<Path> missing = new ArrayList<>();
    for (Path file : mainJavaFiles()) {
      Path page = file.resolveSibling("package-info.java");
      if (!file.endsWith("module-info.java")
          && !(Files.exists(page) && Files.readString(page).contains("@NullMarked"))) {
        missing.add(page);
      }
    }
    assertThat(missing.stream().distinct()).isEmpty();
  }

  @Test
  void nothingIsLeftUnfinished() throws IOException {
    assertThat(filesWith(UNFINISHED, allJavaFiles())).isEmpty();
  }

  @Test
  void noTestIsSkippedOrWaitsForTheWallClock() throws IOException {
    assertThat(
            filesWith(
                SKIPPED_OR_SLEEPING,
                House.MODULES.stream()
                    .flatMap(module -> House.javaFiles(module, "src/test/java").stream())
                    .toList()))
        .isEmpty();
  }

  private static List<String> filesWith(Pattern pattern, List<Path> files) throws IOException {
    List<String> found = new ArrayList<>();
    for (Path file : files) {
      int number = 0;
      for (String line : Files.readAllLines(file, UTF_8)) {
        number++;
        if (pattern.matcher(line).find()) {
          found.add(file + ":" + number + ": " + line.strip());
        }
      }
    }
    return found;
  }

  private static List<Path> mainJavaFiles() {
    return House.MODULES.stream()
        .flatMap(module -> House.javaFiles(module, "src/main/java").stream())
        .toList();
  }

  private static List<Path> allJavaFiles() {
    return House.MODULES.stream()
        .flatMap(
            module ->
                Stream.of("src/main/java", "src/test/java")
                    .flatMap(tree -> House.javaFiles(module, tree).stream()))
        .toList();
  }
}
