package dev.sluice.app;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

class MainTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpIsNoError() {
    assertThat(run("--help")).isZero();
    assertThat(out.toString()).contains("Usage: java -jar sluice.jar", "demo");
    assertThat(err.toString()).isEmpty();
  }

  @Test
  void helpOfTheDemoNamesItsOptionsAndDefaults() {
    assertThat(run("demo", "--help")).isZero();
    assertThat(out.toString()).contains("--once", "--port", "8080", "--tls-port", "8443");
  }

  @Test
  void missingCommandIsToldWithTheUsage() {
    assertRefused("a command is missing");
  }

  @Test
  void unknownCommandIsNamed() {
    assertRefused("there is no command \"serve\"", "serve");
  }

  @Test
  void unknownOptionIsNamed() {
    assertRefused("'--fast'", "demo", "--fast");
  }

  @Test
  void valueThatIsNoPortIsToldWithWhatIsValid() {
    assertRefused(
        "option '--port': eighty is no port: 0 to 65535 is valid", "demo", "--port", "eighty");
    assertRefused(
        "option '--tls-port': 65536 is no port: 0 to 65535 is valid",
        "demo",
        "--tls-port",
        "65536");
    assertRefused("option '--port': -1 is no port: 0 to 65535 is valid", "demo", "--port=-1");
  }

  @Test
  void onePortForBothListenersIsRefused() {
    assertRefused(
        "--port and --tls-port are both 9000: they must differ",
        "demo",
        "--port=9000",
        "--tls-port=9000");
  }

  private void assertRefused(String words, String... args) {
    err.getBuffer().setLength(0);
    assertThat(run(args)).isEqualTo(Main.EXIT_USAGE);
    assertThat(err.toString()).startsWith("sluice: ").contains(words, "Usage: ");
    assertThat(err.toString()).doesNotContain("\tat ", "Exception");
    assertThat(out.toString()).isEmpty();
  }

  private int run(String... args) {
    CommandLine line = Main.commandLine();
    line.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    return line.execute(args);
  }
}
