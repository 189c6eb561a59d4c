package dev.sluice.house;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;

/** The packaged program, started on the JVM that runs the tests. */
final class PackagedProgram {
  static final Path JAR = House.root().resolve("bench/target/sluice.jar");
  static final Path LIB = House.root().resolve("bench/target/lib");

  private PackagedProgram() {}

  /** A JVM's exit code, and what it wrote to either stream. */
  record Run(int exitCode, String output) {}

  /** Starts a JVM with these arguments, its output and errors in one stream of UTF-8. */
  static Process start(String... arguments) throws IOException {
    String suffix =
        System.getProperty("os.name").toLowerCase(Locale.ROOT).startsWith("windows") ? ".exe" : "";
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java" + suffix).toString());
    // The first is what JDK 17 goes by, the second what later ones do.
    command.add("-Dfile.encoding=UTF-8");
    command.add("-Dstdout.encoding=UTF-8");
    command.addAll(List.of(arguments));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    return process;
  }

  /** Starts a JVM with these arguments, and waits for its end. */
  static Run run(String... arguments) throws IOException, InterruptedException {
    Process process = start(arguments);
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Run(process.waitFor(), output.lines().collect(Collectors.joining("\n")));
  }
}
