package dev.sluice.core.connection;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Holds the state table of {@code late-mux.md} and the tests equal: every cell names tests, each of
 * which is about that cell, or says why it can't come about; and every test of a cell stands in it.
 * That a test really brings its event about in its state is checked at the end of each.
 */
class StateTableTest {
  private static final Path PAGE = Path.of("src/site/markdown/late-mux.md");
  private static final Pattern TEST = Pattern.compile("`([a-z]\\w+)`");
  private static final Pattern QUALIFIED = Pattern.compile("`([A-Z]\\w+)\\.([a-z]\\w+)`");

  /** Tests are package-private, so nothing stands before "void". */
  private static final Pattern TEST_METHOD = Pattern.compile("(?m)^  void (\\w+)\\(");

  private static final String IMPOSSIBLE = "—";

  private static final List<Class<?>> TESTS =
      List.of(
          ConnectingStateTest.class,
          HandshakingStateTest.class,
          LentStateTest.class,
          EstablishedStateTest.class);

  private record Place(LifeEvent event, LifeState state) {}

  @Test
  void everyCellNamesTheTestsThatAreAboutIt() throws IOException {
    Map<Place, String> table = read();
    Map<Place, Set<String>> annotated = annotated();
    List<String> faults = new ArrayList<>();
    for (LifeEvent event : LifeEvent.values()) {
      for (LifeState state : LifeState.values()) {
        Place place = new Place(event, state);
        String cell = table.get(place);
        Set<String> named = cell == null ? new TreeSet<>() : testsIn(cell);
        Set<String> tests = annotated.getOrDefault(place, new TreeSet<>());
        if (cell == null || cell.isBlank()) {
          faults.add(place + " is missing");
        } else if (!named.equals(tests)) {
          faults.add(place + " names " + named + ", tested by " + tests);
        } else if (named.isEmpty() && !cell.startsWith(IMPOSSIBLE)) {
          faults.add(place + " names no test, and does not say that it can't come about");
        }
      }
    }
    assertThat(faults).isEmpty();
  }

  /** Tests that the page names outside of the table, by class and method. */
  @Test
  void everyTestThatThePageNamesExists() throws IOException {
    Map<String, Set<String>> methods = testMethods();
    List<String> missing = new ArrayList<>();
    int named = 0;
    Matcher matcher = QUALIFIED.matcher(Files.readString(PAGE));
    while (matcher.find()) {
      named++;
      if (!methods.getOrDefault(matcher.group(1), Set.of()).contains(matcher.group(2))) {
        missing.add(matcher.group());
      }
    }
    assertThat(named).isGreaterThan(60);
    assertThat(missing).isEmpty();
  }

  /** Rows of the reference name a test, or say why they do not apply. */
  @Test
  void everyRowOfTheReferenceIsAnswered() throws IOException {
    List<String> open = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| ") && cells(line).size() == 2 && !line.startsWith("| ---")) {
        String answer = cells(line).get(1);
        boolean heading = answer.equals("here");
        if (!heading && !answer.startsWith(IMPOSSIBLE) && !QUALIFIED.matcher(answer).find()) {
          open.add(line);
        }
      }
    }
    assertThat(open).isEmpty();
  }

  private static Map<String, Set<String>> testMethods() throws IOException {
    Map<String, Set<String>> found = new HashMap<>();
    try (Stream<Path> files = Files.walk(Path.of("src/test/java"))) {
      for (Path file : files.filter(path -> path.toString().endsWith(".java")).toList()) {
        Set<String> methods = new TreeSet<>();
        Matcher matcher = TEST_METHOD.matcher(Files.readString(file));
        while (matcher.find()) {
          methods.add(matcher.group(1));
        }
        found.put(file.getFileName().toString().replace(".java", ""), methods);
      }
    }
    return found;
  }

  private static Set<String> testsIn(String cell) {
    Set<String> names = new TreeSet<>();
    Matcher matcher = TEST.matcher(cell);
    while (matcher.find()) {
      names.add(matcher.group(1));
    }
    return names;
  }

  private static Map<Place, Set<String>> annotated() {
    Map<Place, Set<String>> found = new HashMap<>();
    for (Class<?> tests : TESTS) {
      for (Method method : tests.getDeclaredMethods()) {
        for (Cell cell : method.getAnnotationsByType(Cell.class)) {
          assertThat(method.isAnnotationPresent(Test.class)).as(method + " is a test").isTrue();
          found
              .computeIfAbsent(new Place(cell.on(), cell.in()), place -> new TreeSet<>())
              .add(method.getName());
        }
      }
    }
    return found;
  }

  /** The rows between the heading of the table and the next blank line. */
  private static Map<Place, String> read() throws IOException {
    Map<Place, String> table = new HashMap<>();
    List<LifeState> columns = new ArrayList<>();
    for (String line : Files.readAllLines(PAGE)) {
      if (line.startsWith("| event |")) {
        for (String name : cells(line).subList(1, LifeState.values().length + 1)) {
          columns.add(LifeState.valueOf(name));
        }
      } else if (!columns.isEmpty() && line.isBlank()) {
        break;
      } else if (!columns.isEmpty() && !line.startsWith("| ---")) {
        List<String> cells = cells(line);
        LifeEvent event = event(cells.get(0));
        for (int i = 0; i < columns.size(); i++) {
          table.put(new Place(event, columns.get(i)), cells.get(i + 1));
        }
      }
    }
    assertThat(columns).containsExactly(LifeState.values());
    return table;
  }

  private static List<String> cells(String line) {
    List<String> cells = new ArrayList<>();
    for (String cell : line.substring(1, line.lastIndexOf('|')).split("\\|", -1)) {
      cells.add(cell.strip());
    }
    return cells;
  }

  private static LifeEvent event(String row) {
    for (LifeEvent event : LifeEvent.values()) {
      if (event.row().equals(row)) {
        return event;
      }
    }
    throw new AssertionError("no event is called \"" + row + "\"");
  }
}
