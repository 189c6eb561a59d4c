package dev.sluice.examples;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

class EmbeddingExampleTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private static ProxyEngine embed(
      InetSocketAddress listenOn, InetSocketAddress server, LongAdder counter) throws IOException {
    // README
    ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(listenOn))
            .backend(BackendConfig.of("app", ServerConfig.clear("a", server)))
            .router(
                call -> {
                  if ("/health".equals(call.request().path())) {
                    call.answer(FixedResponse.text(200, "well\n"));
                  }
                })
            .observer(exchange -> counter.add(exchange.status()))
            .build();
    engine.start();
    // README
    return engine;
  }

  @Test
  void engineAnswersByItself() throws Exception {
    LongAdder counter = new LongAdder();
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    try (ProxyEngine engine = embed(ANY, nobody, counter)) {
      HttpResponse<String> response = get(engine, "/health");

      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.body()).isEqualTo("well\n");
    }
    assertThat(counter.sum()).isEqualTo(200);
  }

  @Test
  void refusedConnectIsA502() throws Exception {
    InetSocketAddress nobody = new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);
    try (ProxyEngine engine = embed(ANY, nobody, new LongAdder())) {
      assertThat(get(engine, "/other").statusCode()).isEqualTo(502);
    }
  }

  @Test
  void readmeShowsThisCode() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/dev/sluice/examples/EmbeddingExampleTest.java"));
    String marked = source.split("// README\n", -1)[1];

    assertThat(Files.readString(Path.of("../README.md")).replaceAll("\\s+", " "))
        .contains(marked.strip().replaceAll("\\s+", " "));
  }

  private static HttpResponse<String> get(ProxyEngine engine, String path) throws Exception {
    URI address = URI.create("http://127.0.0.1:" + engine.address("web", 0).getPort() + path);
    return HttpClient.newHttpClient()
        .send(HttpRequest.newBuilder(address).build(), HttpResponse.BodyHandlers.ofString());
  }
}
