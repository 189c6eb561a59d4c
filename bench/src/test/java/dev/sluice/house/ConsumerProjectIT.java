package dev.sluice.house;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpServer;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.StringWriter;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A project of somebody else: a module that embeds the engine and provides a mux, compiled against
 * the packaged jars and run on a JVM of its own. The jars are the very files that an installation
 * would copy; so nothing has to be installed, resolved or downloaded, and what the build did not
 * package can't be seen by accident, as it could be from a reactor's class directories.
 */
class ConsumerProjectIT {
  /** All that a gateway of HTTP/1.1 needs; nothing optional is among it. */
  private static final List<String> NEEDED =
      List.of("sluice-core", "sluice-mux-h1", "jctools-core");

  private static final Path SOURCES = House.root().resolve("bench/src/test/java/com/example");
  private static final Path DESCRIPTOR =
      House.root().resolve("bench/src/test/resources/consumer/module-info.java");

  @TempDir Path project;

  private static List<Path> jars() throws IOException {
    try (Stream<Path> files = Files.list(PackagedProgram.LIB)) {
      return files
          .filter(jar -> NEEDED.stream().anyMatch(jar.getFileName().toString()::startsWith))
          .toList();
    }
  }

  private String modulePath() throws IOException {
    List<Path> path = new ArrayList<>(jars());
    assertThat(path).hasSameSizeAs(NEEDED);
    path.add(0, project);
    return path.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator));
  }

  private void compile() throws IOException {
    List<Path> sources = new ArrayList<>();
    sources.add(DESCRIPTOR);
    try (Stream<Path> files = Files.walk(SOURCES)) {
      files
          .filter(file -> file.toString().endsWith(".java"))
          .filter(file -> !file.toString().endsWith("Test.java"))
          .forEach(sources::add);
    }
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter said = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, UTF_8)) {
      boolean compiled =
          compiler
              .getTask(
                  said,
                  files,
                  null,
                  List.of(
                      "--module-path", modulePath(), "-d", project.toString(), "--release", "17"),
                  null,
                  files.getJavaFileObjectsFromPaths(sources))
              .call();
      assertThat(compiled).as(said.toString()).isTrue();
    }
  }

  @Test
  void moduleEmbedsTheEngineAndSpeaksItsOwnProtocol() throws Exception {
    compile();
    HttpServer origin =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    origin.createContext(
        "/",
        exchange -> {
          try (exchange) {
            byte[] body = exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(exchange.getRequestURI().getPath().length(), 0);
            exchange.getResponseBody().write(body);
          }
        });
    origin.start();
    Process gateway = start(origin.getAddress().getPort());
    try (BufferedReader output = gateway.inputReader(UTF_8)) {
      int web = port(output);
      int lines = port(output);

      assertThat(post(web, "/" + "w".repeat(210), "hello").body()).isEqualTo("hello");
      assertThat(line(lines, "/" + "l".repeat(200) + " a\\nb\\\\c\n")).isEqualTo("201 a\\nb\\\\c");

      gateway.getOutputStream().close();
      assertThat(gateway.waitFor()).isZero();
    } finally {
      gateway.destroyForcibly();
      origin.stop(0);
    }
  }

  private Process start(int originPort) throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "--module-path",
            modulePath(),
            "--module",
            "com.example.gateway/com.example.gateway.Gateway",
            Integer.toString(originPort))
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static int port(BufferedReader output) throws IOException {
    String line = output.readLine();
    assertThat(line).as("a port").isNotNull();
    return Integer.parseInt(line);
  }

  private static HttpResponse<String> post(int port, String path, String body) throws Exception {
    return HttpClient.newHttpClient()
        .send(
            HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path))
                .POST(HttpRequest.BodyPublishers.ofString(body))
                .build(),
            HttpResponse.BodyHandlers.ofString());
  }

  private static String line(int port, String line) throws IOException {
    try (Socket socket = new Socket(InetAddress.getLoopbackAddress(), port)) {
      socket.getOutputStream().write(line.getBytes(UTF_8));
      StringBuilder answer = new StringBuilder();
      for (int b = socket.getInputStream().read(); b > 0 && b != '\n'; ) {
        answer.append((char) b);
        b = socket.getInputStream().read();
      }
      return answer.toString();
    }
  }
}
