package dev.sluice.app;

import dev.sluice.core.observe.ExchangeRecord;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpClient.Version;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;

/**
 * Sends requests through a proxy with the JDK's client, which verifies certificates and host names,
 * and holds what comes back against what should. For clear HTTP/2 it goes through {@link
 * PriorKnowledge}.
 */
final class DemoClient implements AutoCloseable {
  /** The content of each request or response that has some, in bytes. */
  static final int CONTENT_BYTES = 65_536;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final DemoProxy proxy;
  private final HttpClient h1;
  private final HttpClient h2;
  private final PriorKnowledge clearH2;
  private final byte[] content = ContentHash.pattern(CONTENT_BYTES);
  private final String contentHash = ContentHash.textOf(content);

  DemoClient(DemoProxy proxy, SSLContext trust) throws CommandFailure {
    this.proxy = proxy;
    this.h1 = client(Version.HTTP_1_1, trust);
    this.h2 = client(Version.HTTP_2, trust);
    this.clearH2 = PriorKnowledge.start(proxy.address(Entrance.CLEAR));
  }

  private static HttpClient client(Version version, SSLContext trust) {
    return HttpClient.newBuilder()
        .version(version)
        .sslContext(trust)
        .connectTimeout(TIMEOUT)
        .build();
  }

  /** A download, then an upload over what should be the same connection. */
  List<Outcome> through(Pairing pairing) throws InterruptedException {
    List<Outcome> outcomes = new ArrayList<>();
    outcomes.add(send(pairing, "GET", "/bytes/" + CONTENT_BYTES, false));
    outcomes.add(send(pairing, "POST", "/hash", true));
    return outcomes;
  }

  private Outcome send(Pairing pairing, String method, String path, boolean again)
      throws InterruptedException {
    boolean uploads = method.equals("POST");
    HttpRequest request =
        HttpRequest.newBuilder(uri(pairing.client(), "/" + pairing.origin().key() + path))
            .timeout(TIMEOUT)
            .method(method, uploads ? BodyPublishers.ofByteArray(content) : BodyPublishers.noBody())
            .build();
    Outcome.Comparison found = new Outcome.Comparison();
    try {
      HttpClient client = pairing.client() == ClientKind.TLS_H2 ? h2 : h1;
      HttpResponse<byte[]> response = client.send(request, BodyHandlers.ofByteArray());
      compare(pairing, uploads, response, found);
    } catch (IOException e) {
      found.add("the client got no response: " + e);
    }
    ExchangeRecord record = proxy.feed().await(pairing, method, TIMEOUT.toNanos());
    if (record == null) {
      found.add("the engine has no record of it");
    } else {
      found.addAll(Outcome.compare(pairing, again, record));
    }
    return new Outcome(pairing, method, record, found.problems());
  }

  private URI uri(ClientKind client, String path) {
    return client == ClientKind.CLEAR_H2
        ? URI.create("http://localhost:" + clearH2.port() + path)
        : proxy.uri(client.entrance(), path);
  }

  private void compare(
      Pairing pairing, boolean uploads, HttpResponse<byte[]> response, Outcome.Comparison found) {
    OriginKind origin = pairing.origin();
    found.equal("the client's status", response.statusCode(), origin.reachable() ? 200 : 502);
    if (!origin.reachable() || response.statusCode() != 200) {
      return;
    }
    String agreed = origin.agreed().isEmpty() ? OriginConnection.NO_PROTOCOL : origin.agreed();
    found.equal(
        "the protocol that the origin agreed on",
        response.headers().firstValue(OriginConnection.ALPN_FIELD).orElse("unknown"),
        agreed);
    String hash =
        uploads
            ? new String(response.body(), StandardCharsets.ISO_8859_1).strip()
            : ContentHash.textOf(response.body());
    found.equal("the hash of the content", hash, contentHash);
  }

  @Override
  public void close() {
    clearH2.close();
  }
}
