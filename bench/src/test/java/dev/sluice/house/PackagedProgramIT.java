package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.house.PackagedProgram.Run;
import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.JarFile;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Starts the packaged program in the two ways that people start it, on the JVM that runs this. */
class PackagedProgramIT {

  @Test
  void startsAsAJar() throws Exception {
    Run run = PackagedProgram.run("-jar", PackagedProgram.JAR.toString(), "--help");

    assertThat(run.output()).containsIgnoringCase("usage: ");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void startsWithTheLibrariesOnTheModulePath() throws Exception {
    Run run =
        PackagedProgram.run(
            "--module-path",
            PackagedProgram.LIB.toString(),
            "--add-modules",
            "ALL-MODULE-PATH",
            "--show-module-resolution",
            "-cp",
            PackagedProgram.JAR.toString(),
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
    Run run = PackagedProgram.run("-jar", PackagedProgram.JAR.toString(), "no-such-command");

    assertThat(run.output()).containsIgnoringCase("usage: ");
    assertThat(run.exitCode()).isEqualTo(2);
  }

  @Test
  void programHoldsOnlyItsOwnPackage() throws IOException {
    try (JarFile jar = new JarFile(PackagedProgram.JAR.toFile())) {
      assertThat(jar.stream().filter(entry -> !entry.isDirectory()).map(Object::toString))
          .allMatch(name -> name.startsWith("dev/sluice/app/") || name.startsWith("META-INF/"));
    }
  }

  @Test
  void manifestNamesExactlyTheLibrariesBesideIt() throws IOException {
    String classPath;
    try (JarFile jar = new JarFile(PackagedProgram.JAR.toFile())) {
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
                "snakeyaml-engine",
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
    try (Stream<Path> files = Files.list(PackagedProgram.LIB)) {
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
}
