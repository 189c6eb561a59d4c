package dev.sluice.core.cli;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.InitialAddress;
import dev.sluice.core.config.ResolveConfig;
import dev.sluice.core.config.ServerConfig;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Servers by name, in a configuration file. */
class NamedServerReadingTest {
  @TempDir private Path directory;

  private ProxyFile read(String backend, String more) throws IOException {
    Path file = directory.resolve("proxy.yaml");
    Files.writeString(
        file,
        """
        frontends:
          relay:
            mode: tcp
            listeners: 127.0.0.1:0
            backend: app
        backends:
          app:
        """
            + backend.indent(4)
            + more);
    return ProxyFile.read(file);
  }

  private static ServerConfig server(ProxyFile file) {
    assertThat(file.errors()).isEmpty();
    return file.plan().config().backends().get(0).servers().get(0);
  }

  @Test
  void hostIsForTheEngineToLookUpAndAnAddressIsNot() throws Exception {
    ServerConfig named = server(read("servers: localhost:9000", ""));
    assertThat(named.named()).isTrue();
    assertThat(named.address().getHostString()).isEqualTo("localhost");
    assertThat(named.address().getPort()).isEqualTo(9000);
    assertThat(named.initialAddress()).isEqualTo(InitialAddress.REQUIRED);

    ServerConfig fixed = server(read("servers: 127.0.0.1:9000", ""));
    assertThat(fixed.named()).isFalse();
  }

  @Test
  void hostThatNobodyKnowsIsAnErrorUnlessItMayComeLater() throws Exception {
    assertThat(read("servers: nobody.invalid:9000", "").errors())
        .singleElement()
        .asString()
        .contains("names a host that can't be found");

    ServerConfig later = server(read("servers: nobody.invalid:9000\ninitialAddress: later", ""));
    assertThat(later.initialAddress()).isEqualTo(InitialAddress.LATER);
    assertThat(later.named()).isTrue();
    ServerConfig own =
        server(read("servers:\n  - address: nobody.invalid:9000\n    initialAddress: later", ""));
    assertThat(own.initialAddress()).isEqualTo(InitialAddress.LATER);
  }

  @Test
  void summaryHasTheName() throws Exception {
    assertThat(read("servers: localhost:9000", "").plan().summary())
        .contains("  server localhost:9000, clear");
  }

  @Test
  void howNamesAreFollowedIsRead() throws Exception {
    ProxyFile file =
        read(
            "servers: 127.0.0.1:9000",
            """
            resolve:
              refresh: 10s
              ttlMin: 2s
              ttlMax: 1m
              timeout: 3s
              retryMin: 100ms
              retryMax: 5s
              threads: 3
              attemptDelay: 100ms
            """);
    assertThat(file.errors()).isEmpty();
    assertThat(file.plan().config().resolve())
        .isEqualTo(
            new ResolveConfig(
                Duration.ofSeconds(10),
                Duration.ofSeconds(2),
                Duration.ofMinutes(1),
                Duration.ofSeconds(3),
                Duration.ofMillis(100),
                Duration.ofSeconds(5),
                3,
                Duration.ofMillis(100)));
  }

  @Test
  void limitsTheWrongWayRoundAreErrors() throws Exception {
    List<String> errors =
        read(
                "servers: 127.0.0.1:9000",
                """
                resolve:
                  ttlMin: 2m
                  ttlMax: 1m
                  retryMin: 1m
                  retryMax: 10s
                """)
            .errors()
            .stream()
            .map(Object::toString)
            .toList();

    assertThat(errors).hasSize(2);
    assertThat(errors.get(0)).contains("ttlMax").contains("less than ttlMin");
    assertThat(errors.get(1)).contains("retryMax").contains("less than retryMin");
  }
}
