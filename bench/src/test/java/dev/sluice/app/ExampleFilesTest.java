package dev.sluice.app;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import dev.sluice.core.cli.CheckCommand;
import dev.sluice.core.cli.RunCommand;
import dev.sluice.tls.TlsIdentities;
import dev.sluice.tls.TlsTrust;
import dev.sluice.tls.engine.TlsIdentity;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Stream;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Every example file is valid and runs: it starts on free ports, takes a request to its server, and
 * drains when it is told to stop.
 */
class ExampleFilesTest {
  private static final Path EXAMPLES = Path.of("src/test/resources/examples").toAbsolutePath();
  private static final Path KEYS = EXAMPLES.resolve("keys");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private final List<HttpServer> origins = new ArrayList<>();

  @TempDir private Path directory;

  static List<String> files() throws IOException {
    try (Stream<Path> files = Files.list(EXAMPLES)) {
      return files
          .map(file -> file.getFileName().toString())
          .filter(name -> name.endsWith(".yaml"))
          .sorted()
          .toList();
    }
  }

  @AfterEach
  void stopOrigins() {
    origins.forEach(origin -> origin.stop(0));
  }

  @ParameterizedTest
  @MethodSource("files")
  void exampleIsValid(String file) {
    assertThat(CheckCommand.check(EXAMPLES.resolve(file), writer(out), writer(err))).isTrue();
    assertThat(err.toString()).isEmpty();
    assertThat(out.toString())
        .startsWith(EXAMPLES.resolve(file) + ": valid")
        .contains("listens on");
  }

  @Test
  void minimalServesHttp() throws Exception {
    try (Running running = run("minimal.yaml", origin("app"))) {
      assertThat(running.get("http", 0, "/x").body()).isEqualTo("app /x");
    }
    assertThat(out.toString())
        .contains("Drained: 1 client connection finished, 0 exchanges finished, 0 cut; ");
  }

  @Test
  void tlsTerminationSpeaksBothProtocols() throws Exception {
    try (Running running = run("tls-termination.yaml", origin("app"))) {
      HttpResponse<String> response = running.get("https", 0, "/x");
      assertThat(response.body()).isEqualTo("app /x");
      assertThat(response.version()).isEqualTo(HttpClient.Version.HTTP_2);
    }
  }

  @Test
  void tcpRelayPassesBytesOn() throws Exception {
    try (Running running = run("tcp-relay.yaml", origin("app"))) {
      assertThat(running.get("http", 0, "/x").body()).isEqualTo("app /x");
    }
  }

  @Test
  void routingChoosesByHostPathAndField() throws Exception {
    int site = origin("site");
    int canary = origin("canary");
    int api = secureOrigin("api");
    String text =
        onFreePorts("routing.yaml")
            .replace("127.0.0.1:9000", "127.0.0.1:" + site)
            .replace("127.0.0.1:9001", "127.0.0.1:" + canary)
            .replace("127.0.0.1:9443", "127.0.0.1:" + api)
            // A name that leads here without a name service, and that clients may send.
            .replace("api.example.com, ", "localhost, ");
    try (Running running = new Running(text)) {
      assertThat(running.get("http", 0, "/x").body()).isEqualTo("site /x");
      assertThat(running.get("https", 1, "/x").body()).isEqualTo("site /x");
      assertThat(running.get("https", 1, "/v2/x").body()).isEqualTo("api /v2/x");
      assertThat(running.get("http", 0, "/x", "x-canary", "yes").body()).isEqualTo("canary /x");
      assertThat(running.get("http", 0, "/health").body()).isEqualTo("well\n");
      assertThat(running.get("http", 0, "/old/x").headers().firstValue("location"))
          .hasValue("https://www.example.com/");
    }
    assertThat(Files.readString(directory.resolve("access.log"))).contains("backend=api");
  }

  @Test
  void conformanceRoutesToItsOrigins() throws Exception {
    int origin = origin("h1");
    String text = onFreePorts("conformance.yaml").replace("127.0.0.1:21010", "127.0.0.1:" + origin);
    try (Running running = new Running(text)) {
      assertThat(running.get("http", 0, "/x").body()).isEqualTo("h1 /x");
      assertThat(running.get("https", 1, "/x").body()).isEqualTo("h1 /x");
      assertThat(running.get("http", 0, "/x", "x-port", "no").statusCode()).isEqualTo(400);
      // Nobody answers in HTTP/2 there: it arrived, and in vain.
      assertThat(running.get("http", 0, "/x", "x-port", "" + origin).statusCode()).isEqualTo(502);
    }
  }

  @Test
  void readyPathTellsWhetherNewClientsAreWelcome() throws Exception {
    String text =
        """
        drain:
          notice: 20s
          readyPath: /ready
        frontends:
          web:
            listeners: 127.0.0.1:0
            response: {status: 200, body: well}
        """;
    try (Running running = new Running(text)) {
      assertThat(running.get("http", 0, "/ready").body()).isEqualTo("ready\n");
      assertThat(running.get("http", 0, "/readily").body()).isEqualTo("well");

      running.drain();

      HttpResponse<String> told = running.get("http", 0, "/ready");
      while (told.statusCode() == 200) {
        told = running.get("http", 0, "/ready");
      }
      assertThat(told.statusCode()).isEqualTo(503);
      assertThat(running.get("http", 0, "/x").body()).isEqualTo("well");
    }
    assertThat(out.toString()).contains("Told to end at once: ");
  }

  @Test
  void portThatIsTakenIsToldWithItsLine() throws Exception {
    int taken = origin("app");
    Path file = directory.resolve("taken.yaml");
    Files.writeString(
        file,
        Files.readString(EXAMPLES.resolve("minimal.yaml"))
            .replace("127.0.0.1:8080", "127.0.0.1:" + taken));

    assertThat(new RunCommand(file, writer(out), writer(err)).run())
        .isEqualTo(RunCommand.End.NOT_STARTED);
    assertThat(err.toString())
        .startsWith(
            file + ":4:16: frontends.web.listeners: cannot listen on 127.0.0.1:" + taken + ": ")
        .hasLineCount(1);
    assertThat(out.toString()).isEmpty();
  }

  private Running run(String file, int origin) throws Exception {
    String text =
        onFreePorts(file)
            .replaceAll("127.0.0.1:900[01]", "127.0.0.1:" + origin)
            // The same server twice would be two servers of one name.
            .replaceFirst("(?s)(- address: 127.0.0.1:\\d+\n)\\s*\\1", "$1");
    return new Running(text);
  }

  /** The example's text, with any free port where it listens. */
  private String onFreePorts(String file) throws IOException {
    Path keys = Files.createDirectories(directory.resolve("keys"));
    try (Stream<Path> files = Files.list(KEYS)) {
      for (Path key : files.toList()) {
        Files.copy(key, keys.resolve(key.getFileName()));
      }
    }
    return Files.readString(EXAMPLES.resolve(file))
        .replaceAll("127.0.0.1:(8080|8443|5432|21000|21001)", "127.0.0.1:0");
  }

  private final class Running implements AutoCloseable {
    private final RunCommand command;
    private final CompletableFuture<RunCommand.End> ended = new CompletableFuture<>();
    private final List<InetSocketAddress> addresses;
    private RunCommand.End expected = RunCommand.End.DRAINED;

    Running(String text) throws Exception {
      Path file = Files.writeString(directory.resolve("run.yaml"), text);
      command = new RunCommand(file, writer(out), writer(err));
      Thread thread = new Thread(this::run, "run");
      thread.setDaemon(true);
      thread.start();
      CompletableFuture.anyOf(command.started(), ended).join();
      assertThat(err.toString()).isEmpty();
      addresses = command.started().join();
    }

    private void run() {
      try {
        ended.complete(command.run());
      } catch (InterruptedException | RuntimeException e) {
        ended.completeExceptionally(e);
      }
    }

    HttpResponse<String> get(String scheme, int listener, String path, String... fields)
        throws Exception {
      int port = addresses.get(listener).getPort();
      HttpRequest.Builder request =
          HttpRequest.newBuilder(URI.create(scheme + "://localhost:" + port + path));
      if (fields.length > 0) {
        request.headers(fields);
      }
      if (scheme.equals("http")) {
        request.version(HttpClient.Version.HTTP_1_1);
      }
      HttpClient client = HttpClient.newBuilder().sslContext(clientContext()).build();
      return client.send(request.build(), HttpResponse.BodyHandlers.ofString());
    }

    /** The first signal. */
    void drain() {
      command.stop();
      expected = RunCommand.End.CUT_SHORT;
    }

    @Override
    public void close() {
      command.stop();
      assertThat(ended.join()).as("end of run, which says: %s", err).isEqualTo(expected);
    }
  }

  private int origin(String name) throws IOException {
    return serve(name, HttpServer.create(anyPort(), 0));
  }

  private int secureOrigin(String name) throws Exception {
    HttpsServer server = HttpsServer.create(anyPort(), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(serverContext()));
    return serve(name, server);
  }

  private static InetSocketAddress anyPort() {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
  }

  private int serve(String name, HttpServer server) {
    server.createContext(
        "/",
        exchange -> {
          byte[] body = (name + " " + exchange.getRequestURI()).getBytes(UTF_8);
          exchange.sendResponseHeaders(200, body.length);
          exchange.getResponseBody().write(body);
          exchange.close();
        });
    server.start();
    origins.add(server);
    return server.getAddress().getPort();
  }

  private static SSLContext clientContext() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    store.setCertificateEntry(
        "authority", TlsTrust.pemFile(KEYS.resolve("authority.crt")).certificates().get(0));
    TrustManagerFactory trust = TrustManagerFactory.getInstance("PKIX");
    trust.init(store);
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(null, trust.getTrustManagers(), null);
    return made;
  }

  private static SSLContext serverContext() throws Exception {
    TlsIdentity identity =
        TlsIdentities.pemFiles(KEYS.resolve("localhost.crt"), KEYS.resolve("localhost.key"), null);
    KeyStore store = KeyStore.getInstance("PKCS12");
    store.load(null, null);
    char[] password = "test only".toCharArray();
    store.setKeyEntry(
        "key", identity.privateKey(), password, identity.chain().toArray(X509Certificate[]::new));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(store, password);
    SSLContext made = SSLContext.getInstance("TLS");
    made.init(keys.getKeyManagers(), null, null);
    return made;
  }

  private static PrintWriter writer(StringWriter to) {
    return new PrintWriter(to, true);
  }
}
