package dev.sluice.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.house.PackagedProgram.Run;
import java.io.BufferedReader;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The demo as people start it: the packaged program, real sockets, real handshakes. */
class DemoIT {
  private static final Pattern CLEAR_URL = Pattern.compile("Sluice listens on (http://\\S+)");
  private static final List<String> CLIENTS =
      List.of("clear h1", "clear h2", "TLS   h1", "TLS   h2");

  /** What the table calls an origin, and what is spoken with it. */
  private static final List<String> ORIGINS =
      List.of(
          "clear h1=h1",
          "clear h2=h2",
          "TLS h2, h1=h2",
          "TLS only h2=h2",
          "TLS only h1=h1",
          "TLS no ALPN=h1",
          "TLS only irc=");

  @Test
  void everyPairingGivesWhatItShouldThoughAPortIsTaken() throws Exception {
    try (ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      int taken = other.getLocalPort();
      Run run =
          PackagedProgram.run(
              "-jar",
              PackagedProgram.JAR.toString(),
              "demo",
              "--once",
              "--port=" + taken,
              "--tls-port=0");

      assertThat(run.output())
          .containsPattern("Port " + taken + " is taken: using \\d+ instead\\.")
          .contains("All 56 requests ended as they should, 8 of them with the failure")
          .doesNotContain("WRONG", "\u001b", "\tat ");
      assertThat(run.exitCode()).isZero();
      assertTable(run.output());
    }
  }

  /** Here the muxes and the TLS transport are found by their module descriptors. */
  @Test
  void everyPairingGivesWhatItShouldOnTheModulePath() throws Exception {
    Run run =
        PackagedProgram.run(
            "--module-path",
            PackagedProgram.LIB.toString(),
            "--add-modules",
            "ALL-MODULE-PATH",
            "-cp",
            PackagedProgram.JAR.toString(),
            "dev.sluice.app.Main",
            "demo",
            "--once",
            "--port=0",
            "--tls-port=0");

    assertThat(run.output()).contains("All 56 requests ended as they should");
    assertThat(run.exitCode()).isZero();
  }

  @Test
  void staysUpToBeTriedAndDrainsWhenItIsTold() throws Exception {
    Process demo =
        PackagedProgram.start(
            "-jar", PackagedProgram.JAR.toString(), "demo", "--port=0", "--tls-port=0");
    try (BufferedReader output = demo.inputReader(UTF_8)) {
      String clear = await(output, CLEAR_URL).group(1);
      await(output, Pattern.compile("^  curl --cacert .*/alpn/hello$"));
      await(output, Pattern.compile("Ctrl-C drains and ends\\."));

      HttpResponse<String> response =
          HttpClient.newHttpClient()
              .send(
                  HttpRequest.newBuilder(URI.create(clear + "/alpn/hello")).build(),
                  HttpResponse.BodyHandlers.ofString());

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).contains("ALPN: h2.");
      await(output, Pattern.compile("^clear → TLS h2, h1 +│ h1 → h2 .* GET +200 "));

      // Not Process.destroy, which would close the stream of what is said at the end.
      assertThat(demo.toHandle().destroy()).isTrue();
      await(output, Pattern.compile("^Drained: \\d+ client connections? finished, 0 cut\\.$"));
      assertThat(demo.waitFor()).isZero();
    } finally {
      demo.destroyForcibly();
    }
  }

  private static void assertTable(String output) {
    List<String> rows =
        output.lines().filter(line -> line.matches(".* (GET|POST) +\\d{3} .*")).toList();
    assertThat(rows).hasSize(2 * CLIENTS.size() * ORIGINS.size());
    Iterator<String> row = rows.iterator();
    for (String client : CLIENTS) {
      for (String origin : ORIGINS) {
        assertPairing(client, origin, row.next(), row.next());
      }
    }
    assertThat(output.lines().filter(line -> line.startsWith("  ╰─")))
        .hasSize(CLIENTS.size())
        .allMatch(line -> line.contains("no common protocol: ") && line.contains("alert 120"));
    assertThat(output.lines()).allMatch(line -> line.length() <= 110);
  }

  private static void assertPairing(String client, String origin, String first, String second) {
    String entrance = client.substring(0, 5);
    String label = origin.substring(0, origin.indexOf('='));
    String front = client.substring(6);
    String back = origin.substring(origin.indexOf('=') + 1);
    assertThat(first).startsWith(entrance + " → " + label);
    if (back.isEmpty()) {
      assertThat(first).containsPattern(front + " → – +never +none +│ GET +502 ");
      assertThat(second).containsPattern(front + " → – +never +none +│ POST +502 ");
    } else {
      String protocols = "│ " + front + " → " + back + " +";
      String installed = label.startsWith("clear") ? "at connect" : "after handshake";
      assertThat(first).containsPattern(protocols + installed + " +new +│ GET +200 +65,536 ");
      assertThat(second).containsPattern(protocols + "was there +reused +│ POST +200 +65,536 ");
    }
  }

  /** Reads on to the line that matches. */
  private static Matcher await(BufferedReader output, Pattern pattern) throws IOException {
    StringBuilder read = new StringBuilder();
    for (String line = output.readLine(); line != null; line = output.readLine()) {
      read.append(line).append('\n');
      Matcher matcher = pattern.matcher(line);
      if (matcher.find()) {
        return matcher;
      }
    }
    throw new AssertionError("the program ended without " + pattern + ":\n" + read);
  }
}
