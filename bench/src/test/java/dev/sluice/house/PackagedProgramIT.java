package dev.sluice.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Starts the packaged program in the two ways that people start it, on the JVM that runs this. */
class PackagedProgramIT {

  private static final Path TARGET = House.root().resolve("bench/target");
  private static final Path PROGRAM = TARGET.resolve("sluice.jar");
  private static final Path LIB = TARGET.resolve("lib");

  @Test
  void startsAsAJar() throws Exception {
    Run run = java("-jar", PROGRAM.toString(), "--help");

    assertThat(run.output()).containsIgnoringCase("usage: ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void startsWithTheLibrariesOnTheModulePath() throws Exception {
    Run run =
        java(
            "--module-path",
            LIB.toString(),
            "--add-modules",
            "ALL-MODULE-PATH",
            "--show-module-resolution",
            "-cp",
            PROGRAM.toString(),
            "dev.sluice.app.Main",
            "--help");

    assertThat(run.output())
        .containsIgnoringCase("usage: ")
        .contains(
            "root dev.sluice.core ",
            "root dev.sluice.tls ",
            "root dev.sluice.mux.h1 ",
            "root dev.sluice.mux.h2 ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void unknownCommandIsAFailure() throws Exception {
    Run run = java("-jar", PROGRAM.toString(), "no-such-command");

    assertThat(run.output()).containsIgnoringCase("usage: ");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void programHoldsOnlyItsOwnPackage() throws IOException {
    try (JarFile jar = new JarFile(PROGRAM.toFile())) {
      assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(Object::toString))
          .allMatch(name -> name.startsWith("dev/sluice/app/") || name.startsWith("META-INF/"));
    }
  }

  @Test
  void manifestNamesExactlyTheLibrariesBesideIt() throws IOException {
    String classPath;
    try (JarFile jar = new JarFile(PROGRAM.toFile())) {
      classPath = jar.getManifest().getMainAttributes().getValue("Class-Path");
    }

    assertThat(List.of(classPath.split(" ")))
        .containsExactlyInAnyOrderElementsOf(
            libraries().stream().map(library -> "lib/" + library.getFileName()).toList());
  }

  @Test
  void librariesAreThoseOfTheDesignAndUntouched() throws IOException {
    assertThat(libraries().stream().map(library -> artifact(library.getFileName().toString())))
        .containsExactlyInAnyOrderElementsOf(
            Set.of(
                "sluice-core",
                "sluice-tls",
                "sluice-mux-h1",
                "sluice-mux-h2",
                "jctools-core",
                "picocli",
                "bcprov-jdk18on",
                "bctls-jdk18on",
                "bcutil-jdk18on"));

    // Signed and multi-release jars stop working when they are rewritten.
    for (Path library : libraries()) {
      Path original = onClassPath(library.getFileName().toString());
      assertThat(Files.mismatch(library, original)).as(library.toString()).isEqualTo(-1);
    }
  }

  private static String artifact(String fileName) {
    return fileName.replaceFirst("-\\d.*", "");
  }

  private static List<Path> libraries() throws IOException {
    try (Stream<Path> files = Files.list(LIB)) {
      return files.sorted().toList();
    }
  }

  private static Path onClassPath(String fileName) {
    return Stream.of(System.getProperty("java.class.path").split(File.pathSeparator))
        .map(Path::of)
        .filter(path -> path.endsWith(fileName))
        .findFirst()
        .orElseThrow(() -> new AssertionError(fileName + " isn't on the class path"));
  }

  private static Run java(String... arguments) throws IOException, InterruptedException {
    String suffix =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? ".exe" : "";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java" + suffix).toString());
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output.lines().collect(Collectors.joining("\n")));
  }

  private record Run(int exitCode, String output) {}
}
