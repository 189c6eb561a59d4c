package dev.sluice.house;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A missing program fails the profile {@code real}: a test that quietly skips proves nothing. */
@Tag("real")
class RealProgramsTest {

  @ParameterizedTest
  @ValueSource(strings = {"curl", "openssl", "nginx", "haproxy", "node", "h2load", "nghttp"})
  void programIsInstalled(String program) {
    // Debian keeps servers in sbin, which is not on everybody's PATH.
    Stream<String> places =
        Stream.concat(
            Stream.of(System.getenv("PATH").split(File.pathSeparator)),
            Stream.of("/usr/sbin", "/usr/local/sbin"));

    assertThat(places.map(place -> Path.of(place, program)))
        .as("places of " + program + ", which the profile real needs")
        .anyMatch(Files::isExecutable);
  }
}
