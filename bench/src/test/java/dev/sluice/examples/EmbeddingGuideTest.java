package dev.sluice.examples;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import dev.sluice.core.ProxyEngine;
import dev.sluice.core.ProxyEngineBuilder;
import dev.sluice.core.backend.resolve.NameAnswer;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.config.FrontendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.stream.Suspension;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What the page on embedding shows, run. */
class EmbeddingGuideTest {
  private static final InetSocketAddress ANY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  private static final InetSocketAddress NOBODY =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 1);

  private final HttpClient client = HttpClient.newHttpClient();
  private HttpServer origin;

  @BeforeEach
  void startOrigin() throws IOException {
    origin = HttpServer.create(ANY, 0);
    origin.createContext("/", EmbeddingGuideTest::echo);
    origin.start();
  }

  @AfterEach
  void stopOrigin() {
    origin.stop(0);
  }

  /** Answers with the fields that a test asks for. */
  private static void echo(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body =
          (exchange.getRequestHeaders().getFirst("X-Forwarded-For")
                  + " "
                  + exchange.getRequestHeaders().getFirst("X-User"))
              .getBytes(UTF_8);
      exchange.getResponseHeaders().set("Server", "secret");
      exchange.sendResponseHeaders(200, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private ProxyEngineBuilder builder() {
    return ProxyEngine.builder()
        .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(ANY))
        .backend(BackendConfig.of("app", ServerConfig.clear("a", origin.getAddress())));
  }

  private HttpResponse<String> get(ProxyEngine engine, String path, String... fields)
      throws Exception {
    URI address = URI.create("http://127.0.0.1:" + engine.address("web", 0).getPort() + path);
    HttpRequest.Builder request = HttpRequest.newBuilder(address);
    if (fields.length > 0) {
      request.headers(fields);
    }
    return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void routerChooses() throws Exception {
    ExecutorService workers = Executors.newSingleThreadExecutor();
    ProxyEngineBuilder builder = builder().backend(BackendConfig.of("old", nobody()));
    // guide: router
    builder.router(
        call -> {
          String path = call.request().path();
          if ("/health".equals(path)) {
            call.answer(FixedResponse.text(200, "well\n"));
          } else if (path != null && path.startsWith("/old/")) {
            call.forward("old");
          } else if (path != null && path.startsWith("/slow/")) {
            Suspension later = call.suspend(Duration.ofSeconds(2));
            workers.execute(() -> later.forward(lookUp(path)));
          }
        });
    // guide: router

    try (ProxyEngine engine = builder.build()) {
      engine.start();
      assertThat(get(engine, "/health").body()).isEqualTo("well\n");
      assertThat(get(engine, "/old/").statusCode()).isEqualTo(502);
      assertThat(get(engine, "/slow/").statusCode()).isEqualTo(200);
      assertThat(get(engine, "/").statusCode()).isEqualTo(200);
    }
    workers.shutdown();
  }

  private static String lookUp(String path) {
    return path.isEmpty() ? "old" : "app";
  }

  private static ServerConfig nobody() {
    return ServerConfig.clear("a", NOBODY);
  }

  @Test
  void resolverTellsWhereNamesAre() throws Exception {
    Map<String, InetAddress> table = Map.of("app.internal", InetAddress.getLoopbackAddress());
    ServerConfig server = ServerConfig.named("a", "app.internal", origin.getAddress().getPort());
    ProxyEngineBuilder builder =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(ANY))
            .backend(BackendConfig.of("app", server));
    // guide: resolver
    builder.resolver(
        host -> {
          InetAddress address = table.get(host);
          if (address == null) {
            throw new UnknownHostException(host);
          }
          Duration ttl = Duration.ofSeconds(10);
          return CompletableFuture.completedFuture(new NameAnswer(List.of(address), ttl));
        });
    // guide: resolver

    try (ProxyEngine engine = builder.build()) {
      engine.start();
      assertThat(get(engine, "/").statusCode()).isEqualTo(200);
    }
  }

  @Test
  void filtersSeeAndChange() throws Exception {
    ProxyEngineBuilder builder = builder();
    // guide: filters
    ForwardedFilter forwarded = new ForwardedFilter();
    builder.filter(() -> forwarded); // without state: the same for all exchanges
    builder.filter("web", UpperCaseFilter::new); // with state: one for each, in one frontend
    // guide: filters

    try (ProxyEngine engine = builder.build()) {
      engine.start();
      HttpResponse<String> response = get(engine, "/");

      assertThat(response.body()).isEqualTo("127.0.0.1 NULL");
      assertThat(response.headers().firstValue("server")).isEmpty();
    }
  }

  @Test
  void filterWaitsForAnAnswer() throws Exception {
    ProxyEngineBuilder builder =
        builder()
            .filter(
                () ->
                    new SignInFilter(
                        token ->
                            CompletableFuture.supplyAsync(
                                () -> {
                                  if (token.equals("wrong")) {
                                    throw new IllegalArgumentException(token);
                                  }
                                  return "user-" + token;
                                })));

    try (ProxyEngine engine = builder.build()) {
      engine.start();

      assertThat(get(engine, "/").statusCode()).isEqualTo(401);
      assertThat(get(engine, "/", "Authorization", "wrong").statusCode()).isEqualTo(403);
      assertThat(get(engine, "/", "Authorization", "7").body()).isEqualTo("null user-7");
    }
  }

  @Test
  void frontendAnswersByItself() throws Exception {
    // guide: fixed
    ProxyEngine engine =
        ProxyEngine.builder()
            .frontend(
                new FrontendConfig(
                    "web",
                    ProxyMode.HTTP,
                    List.of(ListenerConfig.clear(ANY)),
                    FixedResponse.text(503, "back at noon\n")))
            .build();
    // guide: fixed
    try (engine) {
      engine.start();

      assertThat(get(engine, "/").body()).isEqualTo("back at noon\n");
    }
  }

  @Test
  void observerKeepsWhatFailed() throws Exception {
    FailureObserver observer = new FailureObserver();
    ProxyEngine engine =
        ProxyEngine.builder()
            .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(ANY))
            .backend(BackendConfig.of("app", nobody()))
            .observer(observer)
            .build();
    try (engine) {
      engine.start();
      assertThat(get(engine, "/").statusCode()).isEqualTo(502);
    }

    assertThat(observer.failures())
        .extracting(ExchangeRecord::cause)
        .containsExactly(CloseCause.CONNECT_REFUSED);
  }

  @Test
  void pageShowsThisCode() throws IOException {
    Excerpts.verify("embedding.md");
  }
}
