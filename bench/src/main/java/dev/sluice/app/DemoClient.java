package dev.sluice.app;

import dev.sluice.core.observe.ExchangeRecord;
import java.io.IOException;
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
 * and holds what comes back against what should.
 */
final class DemoClient {
  /** The content of each request or response that has some, in bytes. */
  static final int CONTENT_BYTES = 65_536;

  private static final Duration TIMEOUT = Duration.ofSeconds(20);

  private final DemoProxy proxy;
  private final HttpClient client;
  private final byte[] content = ContentHash.pattern(CONTENT_BYTES);
  private final String contentHash = ContentHash.textOf(content);

  DemoClient(DemoProxy proxy, SSLContext trust) {
    this.proxy = proxy;
    this.client =
        HttpClient.newBuilder()
            .version(Version.HTTP_1_1)
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
        HttpRequest.newBuilder(proxy.uri(pairing.entrance(), "/" + pairing.origin().key() + path))
            .timeout(TIMEOUT)
            .method(method, uploads ? BodyPublishers.ofByteArray(content) : BodyPublishers.noBody())
            .build();
    Outcome.Comparison found = new Outcome.Comparison();
    try {
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

  private void compare(
      Pairing pairing, boolean uploads, HttpResponse<byte[]> response, Outcome.Comparison found) {
    OriginKind origin = pairing.origin();
    found.equal("the client's status", response.statusCode(), origin.reachable() ? 200 : 502);
    if (!origin.reachable() || response.statusCode() != 200) {
      return;
    }
    String agreed = origin.protocol().isEmpty() ? OriginConnection.NO_PROTOCOL : origin.protocol();
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
}
