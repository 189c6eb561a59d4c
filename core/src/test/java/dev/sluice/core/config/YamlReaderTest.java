package dev.sluice.core.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Positions, kinds and limits of values, and files that are no YAML. */
class YamlReaderTest {
  private final ConfigProblems problems = new ConfigProblems();

  @TempDir private Path directory;

  @Test
  void valuesKnowTheirPlaceAndTheirPath() {
    ConfigNode root =
        read(
            """
            a:
              b: [one, "two"]
              c:
            """);

    ConfigNode a = root.entries().get(0).value();
    ConfigNode b = a.entries().get(0).value();
    assertThat(root.entries().get(0).position()).hasToString("x.yaml:1:1");
    assertThat(b.items().get(1)).hasToString("x.yaml:2:12: a.b[1]: \"two\"");
    assertThat(a.find("c")).extracting(ConfigNode::kind).isEqualTo(ConfigNode.Kind.EMPTY);
    assertThat(b.resolve("x/../k.pem")).isEqualTo(Path.of("k.pem"));
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void aliasesStandForTheirAnchors() {
    ConfigNode root = read("a: &x {b: 1}\nc: *x\n");

    assertThat(root.find("c").find("b").text()).isEqualTo("1");
  }

  @Test
  void endlessAliasesAreCutOff() {
    assertThat(read("a: &x {b: *x}")).isNotNull();
    assertThat(problems.errors()).singleElement().asString().contains("deeper than 32 levels");
  }

  @Test
  void aliasesThatGrowWithoutMeasureAreCutOff() {
    StringBuilder text = new StringBuilder("a0: &a0 [1, 1, 1, 1, 1, 1, 1, 1, 1, 1]\n");
    for (int i = 1; i < 7; i++) {
      String before = "*a" + (i - 1) + ", ";
      text.append("a%d: &a%d [%s 1]%n".formatted(i, i, before.repeat(10)));
    }

    read(text.toString());

    assertThat(problems.errors()).singleElement().asString().contains("more than 100000 values");
  }

  @Test
  void secondOfTwoEqualKeysIsToldWithTheLineOfTheFirst() {
    ConfigNode root = read("a: 1\nb: 2\na: 3\n");

    assertThat(root.find("a").text()).isEqualTo("1");
    assertThat(problems.errors())
        .containsExactly("x.yaml:3:1: a: stands here a second time: it is in line 1 already");
  }

  @Test
  void whatIsNoYamlIsToldInOneLineWithItsPlace() {
    assertBroken("a: [1, 2\nb: 3\n", "x.yaml:2:2: no valid YAML: ");
    assertBroken("a: 1\n\tb: 2\n", "x.yaml:2:1: no valid YAML: ");
    assertBroken("a: *nobody\n", "x.yaml:1:4: no valid YAML: ");
    assertBroken("---\na: 1\n---\nb: 1\n", "x.yaml:3:1: no valid YAML: ");
    assertBroken("", "x.yaml:1:1: the file is empty");
  }

  private void assertBroken(String text, String beginning) {
    ConfigProblems own = new ConfigProblems();
    assertThat(YamlReader.read(text, "x.yaml", Path.of(""), own)).isNull();
    assertThat(own.errors()).singleElement().asString().startsWith(beginning);
  }

  @Test
  void fileThatCantBeReadIsToldWithItsName() throws IOException {
    Path missing = directory.resolve("missing.yaml");
    Path binary = Files.write(directory.resolve("binary.yaml"), new byte[] {'a', ':', (byte) 0xff});

    assertThat(YamlReader.read(missing, problems)).isNull();
    assertThat(YamlReader.read(binary, problems)).isNull();
    assertThat(problems.errors())
        .containsExactly(
            binary + ": the file can't be read: it is not UTF-8",
            missing + ": the file can't be read: there is no such file");
  }

  @Test
  void errorsComeInTheOrderOfTheFileAndWarningsApart() {
    ConfigNode root = read("a: 1\nb: 2\n");
    problems.add(root.find("b"), "second");
    problems.warn(root.find("b"), "watch\n  out");
    problems.add(root.find("a"), "first");
    problems.add(root.find("a"), "first");

    assertThat(problems.errors()).containsExactly("x.yaml:1:4: a: first", "x.yaml:2:4: b: second");
    assertThat(problems.warnings()).containsExactly("x.yaml:2:4: warning: b: watch out");
  }

  @Test
  void durationsAndSizesHaveUnits() {
    ConfigKey<Duration> duration =
        ConfigKey.duration("a", Duration.ofMillis(1), Duration.ofDays(365));
    assertThat(duration.read(read("200ms"), problems)).isEqualTo(Duration.ofMillis(200));
    assertThat(duration.read(read("5s"), problems)).isEqualTo(Duration.ofSeconds(5));
    assertThat(duration.read(read("2 m"), problems)).isEqualTo(Duration.ofMinutes(2));
    assertThat(duration.read(read("1h"), problems)).isEqualTo(Duration.ofHours(1));
    assertThat(duration.read(read("3d"), problems)).isEqualTo(Duration.ofDays(3));
    ConfigKey<Integer> size = ConfigKey.size("a", 0, 1 << 30);
    assertThat(size.read(read("512"), problems)).isEqualTo(512);
    assertThat(size.read(read("16KiB"), problems)).isEqualTo(16_384);
    assertThat(size.read(read("1GiB"), problems)).isEqualTo(1 << 30);
    assertThat(problems.errors()).isEmpty();
  }

  @Test
  void wrongValuesAreToldWithWhatIsValid() {
    ConfigKey<Duration> duration =
        ConfigKey.duration("a", Duration.ofMillis(1), Duration.ofDays(365));
    assertWrong(duration, "5", "\"5\" is given: a whole number with its unit (ms, s, m, h, d)");
    assertWrong(duration, "0s", "\"0s\" is given: 1ms to 365d is valid");
    assertWrong(duration, "999999999999d", "1ms to 365d is valid");
    assertWrong(ConfigKey.size("a", 0, 100), "1KB", "(B, KiB, MiB, GiB) is valid");
    assertWrong(ConfigKey.size("a", 0, 2048), "999999999999GiB", "0B to 2KiB is valid");
    assertWrong(ConfigKey.integer("a", 1, 9), "ten", "\"ten\" is given: an integer, 1 to 9,");
    assertWrong(ConfigKey.integer("a", 1, 9), "10", "\"10\" is given: an integer, 1 to 9,");
    assertWrong(ConfigKey.integer("a", 1, 9), "[1]", "a list is given: an integer");
    assertWrong(ConfigKey.flag("a"), "yes", "\"yes\" is given: false, true are valid");
    assertWrong(ConfigKey.section("a"), "1", "\"1\" is given: a map is valid");
    assertWrong(
        ConfigKey.choice("a", Map.of("always", 1, "never", 2)),
        "allways",
        "\"allways\" is given; did you mean \"always\"? always, never are valid");
  }

  private void assertWrong(ConfigKey<?> key, String text, String words) {
    ConfigProblems own = new ConfigProblems();
    assertThat(key.read(read(text), own)).isNull();
    assertThat(own.errors()).singleElement().asString().contains(words);
  }

  @Test
  void unknownAndMissingKeysAreTold() {
    ConfigSchema schema =
        ConfigSchema.of(
            "s", ConfigKey.text("address").required(), ConfigKey.integer("maxRequests", 1, 9));
    ConfigSection.open(read("{max-request: 1, adress: x}"), schema, problems);

    assertThat(problems.errors())
        .containsExactly(
            "x.yaml:1:1: \"address\" is missing: it is needed, and is a text",
            "x.yaml:1:2: max-request: there is no such key; did you mean \"maxRequests\"?"
                + " address, maxRequests are valid",
            "x.yaml:1:18: adress: there is no such key; did you mean \"address\"?"
                + " address, maxRequests are valid");
  }

  @Test
  void longAndUnprintableValuesDontBreakTheLine() {
    ConfigNode node =
        ConfigNode.text(
            "a", ConfigPosition.of("x"), Path.of(""), "\u001b[31m\n" + "x".repeat(1000));

    assertThat(node.described()).hasSizeLessThan(140).doesNotContain("\u001b", "\n");
  }

  private ConfigNode read(String text) {
    return YamlReader.read(text, "x.yaml", Path.of(""), problems);
  }

  @Test
  void likenessIsFoundOnlyWhereThereIsSome() {
    List<String> words = List.of("balance", "backend", "servers");
    assertThat(Likeness.nearest("blance", words)).isEqualTo("balance");
    assertThat(Likeness.nearest("server", words)).isEqualTo("servers");
    assertThat(Likeness.nearest("timeout", words)).isNull();
  }
}
