package dev.sluice.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.house.PackagedProgram.Run;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs and checks configuration files with the packaged program. */
class RunFileIT {
  private static final Path EXAMPLES =
      House.root().resolve("bench/src/test/resources/examples").toAbsolutePath();

  @TempDir private Path directory;

  @Test
  void runServesUntilItIsTerminatedAndThenDrains() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("run.yaml"),
            """
            frontends:
              web:
                listeners: 127.0.0.1:0
                response: {status: 200, body: well}
            """);
    Process process =
        PackagedProgram.start("-jar", PackagedProgram.JAR.toString(), "run", file.toString());
    try (BufferedReader output =
        new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
      String line = output.readLine();
      assertThat(line).startsWith("web listens on 127.0.0.1:");
      URI uri = URI.create("http://" + line.substring(line.lastIndexOf(' ') + 1) + "/");
      assertThat(
              HttpClient.newHttpClient()
                  .send(HttpRequest.newBuilder(uri).build(), BodyHandlers.ofString())
                  .body())
          .isEqualTo("well");

      // By its handle: the process itself would close the output that is still to be read.
      process.toHandle().destroy();
      assertThat(output.lines().collect(Collectors.joining("\n"))).contains("Drained: ");
      assertThat(process.waitFor()).isZero();
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void secondSignalCutsWhatIsLeftAndTheExitCodeTellsSo() throws Exception {
    try (ServerSocket silent = new ServerSocket(0, 8, InetAddress.getLoopbackAddress())) {
      Path file =
          Files.writeString(
              directory.resolve("silent.yaml"),
              """
              frontends:
                web:
                  listeners: 127.0.0.1:0
                  backend: app
              backends:
                app:
                  servers: 127.0.0.1:%d
              """
                  .formatted(silent.getLocalPort()));
      Process process =
          PackagedProgram.start("-jar", PackagedProgram.JAR.toString(), "run", file.toString());
      try (BufferedReader output =
          new BufferedReader(new InputStreamReader(process.getInputStream(), UTF_8))) {
        String line = output.readLine();
        int port = Integer.parseInt(line.substring(line.lastIndexOf(':') + 1));
        try (Socket client = new Socket(InetAddress.getLoopbackAddress(), port)) {
          client.getOutputStream().write("GET / HTTP/1.1\r\nHost: h\r\n\r\n".getBytes(UTF_8));
          // The request has come through, and nobody will answer it.
          Socket server = silent.accept();
          assertThat(server.getInputStream().read()).isPositive();

          process.toHandle().destroy();
          assertThat(output.readLine()).isEqualTo("Draining for up to 30s.");
          process.toHandle().destroy();
          assertThat(output.readLine())
              .startsWith("Told to end at once: 0 client connections finished")
              .contains("1 cut (web 1), exchanges cut (WAITING 1) (app/");
          assertThat(process.waitFor()).isEqualTo(143);
          server.close();
        }
      } finally {
        process.destroyForcibly();
      }
    }
  }

  @Test
  void checkTellsEveryErrorInALineOfItsOwn() throws Exception {
    Path file =
        Files.writeString(
            directory.resolve("wrong.yaml"),
            """
            frontends:
              web:
                mode: htp
                listeners: 127.0.0.1:0
                backend: ap
            backends:
              app:
                servers: 127.0.0.1:9000
                balanc: roundRobin
            """);

    Run run = PackagedProgram.run("-jar", PackagedProgram.JAR.toString(), "check", file.toString());

    assertThat(run.exitCode()).isEqualTo(1);
    assertThat(run.output().lines())
        .contains(
            file
                + ":3:11: frontends.web.mode: \"htp\" is given; did you mean \"http\"? http, tcp"
                + " are valid",
            file
                + ":5:14: frontends.web.backend: \"ap\" is given; did you mean \"app\"? app is"
                + " valid",
            "3 errors")
        .anyMatch(
            line ->
                line.startsWith(
                    file
                        + ":9:5: backends.app.balanc: there is no such key; did you mean"
                        + " \"balance\"? "))
        .noneMatch(line -> line.startsWith("\tat "));
  }

  @Test
  void checkWorksWithTheLibrariesOnTheModulePath() throws Exception {
    Path file = EXAMPLES.resolve("routing.yaml");
    Run run =
        PackagedProgram.run(
            "--module-path",
            PackagedProgram.LIB.toString(),
            "--add-modules",
            "ALL-MODULE-PATH",
            "-cp",
            PackagedProgram.JAR.toString(),
            "dev.sluice.app.Main",
            "check",
            file.toString());

    assertThat(run.output()).startsWith(file + ": valid");
    assertThat(run.exitCode()).isZero();
  }
}
