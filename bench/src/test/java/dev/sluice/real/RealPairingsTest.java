package dev.sluice.real;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;

/**
 * The clients that speak HTTP/1.1: client x listener x origin.
 *
 * <table>
 * <caption>Cells and their checks</caption>
 * <tr><th>client</th><th>nginx and haproxy</th><th>openssl s_server without ALPN</th>
 *     <th>Node, of either version</th></tr>
 * <tr><td>curl --http1.1</td><td>GET, 50 MiB download</td><td>GET, 50 MiB download</td>
 *     <td>GET, 50 MiB download, 10 MiB POST</td></tr>
 * <tr><td>java.net.http</td><td>GET, 50 MiB download</td><td>GET, 50 MiB download</td>
 *     <td>GET, 50 MiB download, 10 MiB POST</td></tr>
 * <tr><td>openssl s_client</td><td>GET</td><td>GET</td><td>GET</td></tr>
 * </table>
 *
 * <p>Impossible: a POST to nginx and to s_server, which serve files and don't tell what they got;
 * to a clear listener by s_client, which speaks nothing but TLS. s_client carries the GET alone,
 * since it can't tell where a message ends.
 *
 * <p>The PROXY protocol has a matrix of its own, {@link RealProxyHeaderTest}.
 */
class RealPairingsTest extends RealMatrix {
  private HttpClient client;

  @BeforeAll
  void makeClient() {
    client = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).sslContext(trust).build();
  }

  @TestFactory
  List<DynamicTest> curl() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(
            cell(
                "GET",
                listener,
                origin,
                () -> assertSmall(origin, curl("--http1.1", base + "/small"))));
        cells.add(
            cell(
                "download",
                listener,
                origin,
                () ->
                    assertThat(sha256(curl("--http1.1", base + "/download")))
                        .isEqualTo(downloadHash)));
        if (origin.hashes) {
          Path file = folder.resolve("upload");
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () -> {
                    assertUploaded(
                        curl(
                            "--http1.1",
                            "--data-binary",
                            "@" + file,
                            "-H",
                            "Expect:",
                            base + "/upload"));
                  }));
          cells.add(
              cell(
                  "POST after 100-continue",
                  listener,
                  origin,
                  () -> {
                    assertUploaded(
                        curl(
                            "--http1.1",
                            "--data-binary",
                            "@" + file,
                            "-H",
                            "Expect: 100-continue",
                            base + "/upload"));
                  }));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> javaNetHttp() {
    List<DynamicTest> cells = new ArrayList<>();
    for (int listener : new int[] {CLEAR, TLS}) {
      for (Origin origin : Origin.values()) {
        String base = base(listener, origin);
        cells.add(cell("GET", listener, origin, () -> assertSmall(origin, get(base + "/small"))));
        cells.add(
            cell(
                "download",
                listener,
                origin,
                () -> assertThat(sha256(get(base + "/download"))).isEqualTo(downloadHash)));
        if (origin.hashes) {
          cells.add(
              cell(
                  "POST",
                  listener,
                  origin,
                  () ->
                      assertUploaded(
                          body(
                              HttpRequest.newBuilder(URI.create(base + "/upload"))
                                  .POST(HttpRequest.BodyPublishers.ofByteArray(upload))
                                  .build()))));
        }
      }
    }
    return cells;
  }

  @TestFactory
  List<DynamicTest> opensslClient() {
    List<DynamicTest> cells = new ArrayList<>();
    for (Origin origin : Origin.values()) {
      cells.add(
          cell(
              "GET",
              TLS,
              origin,
              () -> {
                String request =
                    "GET /%s/small HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n"
                        .formatted(origin);
                String answer =
                    new String(
                        programs.run(
                            request.getBytes(StandardCharsets.US_ASCII),
                            "openssl",
                            "s_client",
                            "-connect",
                            "127.0.0.1:" + port(TLS),
                            "-servername",
                            "localhost",
                            "-CAfile",
                            authority.toString(),
                            "-verify_return_error",
                            "-quiet",
                            "-alpn",
                            "http/1.1",
                            "-no_ign_eof"),
                        StandardCharsets.ISO_8859_1);
                assertThat(answer).startsWith("HTTP/1.1 200");
              }));
    }
    return cells;
  }

  private byte[] get(String address) throws IOException, InterruptedException {
    return body(HttpRequest.newBuilder(URI.create(address)).build());
  }

  private byte[] body(HttpRequest request) throws IOException, InterruptedException {
    HttpResponse<byte[]> response = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    assertThat(response.statusCode()).isEqualTo(200);
    return response.body();
  }
}
