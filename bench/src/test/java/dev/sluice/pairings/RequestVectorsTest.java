package dev.sluice.pairings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.ProxyEngine;
import dev.sluice.core.config.BackendConfig;
import dev.sluice.core.config.ListenerConfig;
import dev.sluice.core.config.ProxyMode;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.testkit.Json;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The request vectors through the whole engine, over real sockets: what the client gets, that its
 * connection is closed after a refusal, and that what reaches the backend is well framed (RFC
 * 9112).
 */
class RequestVectorsTest {
  private static final Path VECTORS =
      Path.of("../mux-h1/src/test/resources/vectors/h1-requests.json");
  private static final int READ_MILLIS_MAX = 5_000;

  @ParameterizedTest(name = "{0}")
  @MethodSource("vectors")
  void clientAndBackendSeeTheStatedVerdict(String name, Map<String, Object> vector)
      throws IOException {
    try (RecordingBackend backend = new RecordingBackend();
        ProxyEngine engine = engineTo(backend.address())) {
      engine.start();
      boolean mustReject = vector.get("expect").equals("reject");
      int answersBefore = number(vector, "pre", 0);
      int wanted = mustReject ? answersBefore + 1 : number(vector, "answers", 1);
      Answers answers = talk(engine.address("web", 0), vector, wanted);

      List<Integer> good = answers.codes.stream().filter(code -> code < 400).toList();
      List<Integer> bad = answers.codes.stream().filter(code -> code >= 400).toList();
      boolean rejected =
          good.size() == answersBefore
              && answers.codes.size() <= answersBefore + 1
              && (!bad.isEmpty() || answers.closed);
      String got = backend.raw().toLowerCase(Locale.ROOT);
      for (String text : list(vector, "never")) {
        assertThat(got).doesNotContain(text.toLowerCase(Locale.ROOT));
      }
      assertThat(backend.malformed()).isEmpty();
      if (rejected) {
        assertThat(vector.get("expect")).isNotEqualTo("accept");
        assertThat(bad).allMatch(code -> numbers(vector, "status", List.of(400)).contains(code));
        assertThat(answers.closed).as("closed after a refusal (RFC 9112 9.6)").isTrue();
        assertThat(backend.targets()).hasSize(answersBefore);
        return;
      }
      assertThat(mustReject).as("answers %s, closed %s", answers.codes, answers.closed).isFalse();
      assertThat(bad).isEmpty();
      assertThat(good).hasSize(wanted);
      assertThat(backend.targets()).hasSize(number(vector, "requests", wanted));
      if (Boolean.TRUE.equals(vector.get("closed"))) {
        assertThat(answers.closed).isTrue();
      }
      if (vector.containsKey("targets")) {
        assertThat(backend.targets()).isEqualTo(list(vector, "targets"));
      }
      if (vector.containsKey("body")) {
        assertThat(backend.firstBody()).isEqualTo(vector.get("body"));
      }
      for (String text : list(vector, "has")) {
        assertThat(got).contains(text.toLowerCase(Locale.ROOT));
      }
      for (String text : list(vector, "lacks")) {
        assertThat(got).doesNotContain(text.toLowerCase(Locale.ROOT));
      }
    }
  }

  @SuppressWarnings("unchecked")
  static Stream<org.junit.jupiter.params.provider.Arguments> vectors() throws IOException {
    Map<String, Object> file = (Map<String, Object>) Json.read(Files.readString(VECTORS));
    return ((List<Map<String, Object>>) file.get("cases"))
        .stream()
            .map(
                vector ->
                    org.junit.jupiter.params.provider.Arguments.of(vector.get("name"), vector));
  }

  private static ProxyEngine engineTo(InetSocketAddress backend) {
    InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
    return ProxyEngine.builder()
        .frontend("web", ProxyMode.HTTP, "app", ListenerConfig.clear(any))
        .backend(BackendConfig.of("app", ServerConfig.clear("s", backend)))
        .build();
  }

  private record Answers(List<Integer> codes, boolean closed) {}

  private static Answers talk(InetSocketAddress proxy, Map<String, Object> vector, int wanted)
      throws IOException {
    try (Socket socket = new Socket(proxy.getAddress(), proxy.getPort())) {
      socket.setSoTimeout(READ_MILLIS_MAX);
      socket.setTcpNoDelay(true);
      send(socket, vector);
      ResponseReader reader = new ResponseReader(socket.getInputStream(), booleans(vector, "head"));
      List<Integer> codes = new ArrayList<>();
      // One more than wanted: either it is not there and the connection ends, or it stays silent.
      while (codes.size() < wanted) {
        int code = reader.next();
        if (code < 0) {
          return new Answers(codes, true);
        }
        codes.add(code);
        if (code >= 400) {
          break;
        }
      }
      boolean mayEnd =
          (!codes.isEmpty() && codes.get(codes.size() - 1) >= 400)
              || Boolean.TRUE.equals(vector.get("closed"));
      return new Answers(codes, mayEnd && reader.next() < 0);
    }
  }

  private static void send(Socket socket, Map<String, Object> vector) throws IOException {
    byte[] raw = raw(vector);
    int piece = number(vector, "pieces", raw.length);
    OutputStream out = socket.getOutputStream();
    try {
      for (int i = 0; i < raw.length; i += piece) {
        out.write(raw, i, Math.min(piece, raw.length - i));
      }
    } catch (SocketException refusedEarly) {
      // What was refused before all of it was sent is judged by its answer.
      return;
    }
  }

  private static byte[] raw(Map<String, Object> vector) {
    String text = (String) vector.get("raw");
    if (vector.get("fill") instanceof List<?> fill) {
      text = text.replace("@FILL@", ((String) fill.get(0)).repeat((Integer) fill.get(1)));
    }
    return text.getBytes(ISO_8859_1);
  }

  private static int number(Map<String, Object> vector, String field, int otherwise) {
    return (Integer) vector.getOrDefault(field, otherwise);
  }

  @SuppressWarnings("unchecked")
  private static List<String> list(Map<String, Object> vector, String field) {
    return (List<String>) vector.getOrDefault(field, List.of());
  }

  @SuppressWarnings("unchecked")
  private static List<Integer> numbers(
      Map<String, Object> vector, String field, List<Integer> otherwise) {
    return (List<Integer>) vector.getOrDefault(field, otherwise);
  }

  @SuppressWarnings("unchecked")
  private static List<Boolean> booleans(Map<String, Object> vector, String field) {
    return (List<Boolean>) vector.getOrDefault(field, List.of());
  }
}
