package dev.sluice.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The clients that speak HTTP/2: client x listener x origin. On the TLS listener by ALPN, on the
 * clear one with prior knowledge.
 *
 * <table>
 * <caption>Cells and their checks</caption>
 * <tr><th>client</th><th>nginx, haproxy, openssl s_server</th><th>Node, of either version</th></tr>
 * <tr><td>curl</td><td>GET, 50 MiB download</td><td>GET, 50 MiB download, 10 MiB POST</td></tr>
 * <tr><td>Node</td><td>GET, 50 MiB download</td><td>GET, 50 MiB download, 10 MiB POST</td></tr>
 * <tr><td>nghttp</td><td>GET</td><td>GET, 10 MiB POST</td></tr>
 * <tr><td>h2load</td><td>400 GETs, 40 at a time</td><td>the same</td></tr>
 * </table>
 *
 * <p>Impossible: h2load with s_server, which serves one connection after the other, and each for
 * one request.
 */
class RealH2PairingsTest extends RealMatrix {
  @BeforeAll
  void writeClient() throws IOException {
    try (InputStream script = RealMatrix.class.getResourceAsStream("/real/client.js")) {
      Files.write(
          folder.resolve("client.js"), Objects.requireNonNull(script, "client.js").readAllBytes());
    }
  }

  @TestFactory
  List<DynamicTest> curl() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      String version = listener == TLS ? "--http2" : "--http2-prior-knowledge";
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(cell("GET", listener, origin, () -> assertSmallOverH2(origin, version, base)));
        cells.add(
            cell(
                "download",
                listener,
                origin,
                () ->
                    assertThat(sha256(curl(version, base + "/download"))).isEqualTo(downloadHash)));
        if (origin.hashes) {
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () ->
                      assertUploaded(curl(version, "--data-binary", "@upload", base + "/upload"))));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> node() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(
            cell("GET", listener, origin, () -> assertSmall(origin, client(base + "/small"))));
        cells.add(
            cell(
                "download",
                listener,
                origin,
                () -> assertThat(sha256(client(base + "/download"))).isEqualTo(downloadHash)));
        if (origin.hashes) {
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () -> assertUploaded(client(base + "/upload", "upload"))));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> nghttp() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(
            cell(
                "GET",
                listener,
                origin,
                () -> assertSmall(origin, programs.run(new byte[0], "nghttp", base + "/small"))));
        if (origin.hashes) {
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () ->
                      assertUploaded(
                          programs.run(new byte[0], "nghttp", "-d", "upload", base + "/upload"))));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> h2load() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        if (origin == Origin.OPENSSL_WITHOUT_ALPN) {
          continue;
        }
        String address = base(listener, origin) + "/small";
        cells.add(
            cell(
                "400 GETs",
                listener,
                origin,
                () ->
                    assertThat(
                            text(
                                programs.run(
                                    new byte[0],
                                    "h2load",
                                    "-n",
                                    "400",
                                    "-c",
                                    "4",
                                    "-m",
                                    "10",
                                    address)))
                        .contains("400 succeeded, 0 failed, 0 errored, 0 timeout")
                        .contains("status codes: 400 2xx")));
      }
    }
    return cells;
  }

  private void assertSmallOverH2(Origin origin, String version, String base) throws Exception {
    byte[] body = curl(version, "-w", "%{http_version}", base + "/small");
    assertThat(text(body)).as("the version behind the content").endsWith("2");
    assertSmall(origin, Arrays.copyOf(body, body.length - 1));
  }

  private byte[] client(String address, String... file) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(List.of("node", "client.js", address, authority.toString()));
    command.addAll(List.of(file));
    return programs.run(new byte[0], command.toArray(new String[0]));
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.US_ASCII);
  }
}
