package dev.sluice.acceptance;

import static dev.sluice.acceptance.Stage.B;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.config.RetryOn;
import dev.sluice.core.config.ServerConfig;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.mux.h2.H2MuxProvider;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Every way in which an attempt can fail, so and so often, with every sort of method and of
 * content, against a server that does as the path says. What is right is worked out here, from the
 * replay rule of the documentation.
 */
class RetryMatrixTest {
  private static final int REPLAYS_MAX = 2;
  private static final int REFUSALS_MAX = 1;
  private static final int HELD_MAX = LimitConfig.defaults().replayBytesMax();
  private static final Set<String> IDEMPOTENT =
      Set.of("GET", "HEAD", "OPTIONS", "TRACE", "PUT", "DELETE");
  private static final List<String> METHODS =
      List.of("GET", "HEAD", "PUT", "DELETE", "OPTIONS", "POST", "PATCH");
  private static final List<Integer> SIZES = List.of(0, 100, HELD_MAX, HELD_MAX + 1);

  private final Stage stage = new Stage();
  private final Map<String, Integer> attempts = new HashMap<>();
  private final List<Row> rows = new ArrayList<>();

  /** What becomes of an attempt. */
  private enum End {
    CLOSED(502, Said.NOTHING),
    RESET(502, Said.NOTHING),
    HALF_A_HEAD(502, Said.NOTHING),
    JUNK(502, Said.NOTHING),
    SILENCE(504, Said.NOTHING),
    UNAVAILABLE(503, Said.NOTHING),
    MISDIRECTED(421, Said.NOT_PROCESSED),
    REFUSED(502, Said.REFUSED),
    GOAWAY(502, Said.REFUSED),
    INTERNAL_ERROR(502, Said.NEVER_AGAIN);

    /** What the client gets if it is the end of the last attempt. */
    final int status;

    final Said said;

    End(int status, Said said) {
      this.status = status;
      this.said = said;
    }
  }

  /** What the server has said about the request by it. */
  private enum Said {
    NOTHING,
    NOT_PROCESSED,
    /** The same; with a number of its own. */
    REFUSED,
    /** It is no way that is tried again. */
    NEVER_AGAIN
  }

  private record Row(End end, int failures, String method, int size, H1Client client) {
    String path() {
      return "/%s/%d/%s/%d".formatted(end, failures, method, size);
    }

    /** How many further attempts there may be. */
    int again() {
      boolean held = size <= HELD_MAX;
      return switch (end.said) {
        case NEVER_AGAIN -> 0;
        case REFUSED -> held ? REFUSALS_MAX : 0;
        case NOT_PROCESSED -> held ? REPLAYS_MAX : 0;
        case NOTHING -> held && IDEMPOTENT.contains(method) ? REPLAYS_MAX : 0;
      };
    }

    int attempts() {
      return Math.min(failures, again()) + 1;
    }

    int status() {
      return failures <= again() ? 200 : end.status;
    }

    @Override
    public String toString() {
      return path();
    }
  }

  private void start(ServerConfig server) {
    RetryConfig retry =
        new RetryConfig(1, REPLAYS_MAX, REFUSALS_MAX)
            .withOn(EnumSet.allOf(RetryOn.class))
            .withStatuses(Set.of(503, 421));
    stage
        .with(Stage.timeouts(500, 10_000, 1_000))
        .withBackend(backend -> backend.withRetry(retry))
        .start(Pki.server("http/1.1"), server, builder -> builder.mux(new H2MuxProvider()));
  }

  private void ask(End end, String method, int size, int failuresMax) {
    for (int failures = 0; failures <= failuresMax; failures++) {
      H1Client client = stage.client();
      Row row = new Row(end, failures, method, size, client);
      rows.add(row);
      client.ask(method, row.path(), size == 0 ? null : "x".repeat(size));
      stage.await(client, 1);
      stage.runFor(5 * Stage.MILLI);
      client.wire().close();
    }
  }

  /** Whether the attempt on which the request of this path has come is to fail. */
  private boolean fails(String path) {
    return attempts.merge(path, 1, Integer::sum) <= Integer.parseInt(path.split("/", -1)[2]);
  }

  private static End end(String path) {
    return End.valueOf(path.split("/", -1)[1]);
  }

  private static int size(String path) {
    return Integer.parseInt(path.split("/", -1)[4]);
  }

  private void check() {
    Map<String, ExchangeRecord> records = new HashMap<>();
    stage.records().forEach(record -> records.put(record.path(), record));
    long retries = 0;
    for (Row row : rows) {
      assertThat(row.client.responses()).as("responses to " + row).hasSize(1);
      assertThat(row.client.heads()).as("heads of " + row).hasSize(1);
      assertThat(row.client.status()).as("status of " + row).isEqualTo(row.status());
      assertThat(attempts).as("attempts").containsEntry(row.path(), row.attempts());
      ExchangeRecord record = records.get(row.path());
      assertThat(record.retries()).as("retries of " + row).isEqualTo(row.attempts() - 1);
      assertThat(record.lastRetry() == null).as("last kind").isEqualTo(row.attempts() == 1);
      if (row.status() == 200 && !row.method.equals("HEAD")) {
        assertThat(row.client.response(0).bodyText()).isEqualTo(row.path());
      }
      retries += row.attempts() - 1;
    }
    assertThat(stage.server().retries()).isEqualTo(retries);
    assertThat(stage.engine().snapshot().exchanges().retries()).isEqualTo(retries);
    stage.leak();
  }

  private void askAll(End end) {
    for (String method : METHODS) {
      for (int size : SIZES) {
        ask(end, method, size, REPLAYS_MAX + 1);
      }
    }
  }

  @ParameterizedTest
  @EnumSource(
      names = {"REFUSED", "GOAWAY", "INTERNAL_ERROR"},
      mode = EnumSource.Mode.EXCLUDE)
  void serverOfHttp1(End end) {
    stage
        .origin()
        .answering(
            (request, on) -> {
              String path = request.path();
              assertThat(request.message.body.size())
                  .as("content of " + path)
                  .isEqualTo(size(path));
              if (!fails(path)) {
                on.ok(request.method().equals("HEAD") ? "" : path);
                return;
              }
              switch (end(path)) {
                case CLOSED -> on.wire().closeNow();
                case RESET -> on.wire().reset();
                case HALF_A_HEAD -> {
                  on.respond("HTTP/1.1 200 OK\r\nContent-Le");
                  on.wire().close();
                }
                case JUNK -> on.respond("220 mail.example ESMTP\r\n\r\n");
                case SILENCE -> {
                  // The server timeout will tell.
                }
                case UNAVAILABLE -> on.respond("HTTP/1.1 503 No\r\nContent-Length: 0\r\n\r\n");
                case MISDIRECTED -> on.respond("HTTP/1.1 421 No\r\nContent-Length: 0\r\n\r\n");
                default -> throw new AssertionError(path);
              }
            });
    start(Stage.clear(B));

    askAll(end);

    check();
  }

  @ParameterizedTest
  @EnumSource(
      names = {"HALF_A_HEAD"},
      mode = EnumSource.Mode.EXCLUDE)
  void serverOfHttp2(End end) {
    H2Origin.listen(stage.simulation(), B, null)
        .answering(
            request -> {
              String path = request.field(":path");
              assertThat(request.content.length()).as("content of " + path).isEqualTo(size(path));
              if (!fails(path)) {
                if (request.field(":method").equals("HEAD")) {
                  request.head(true, ":status", "200");
                } else {
                  request.ok(path);
                }
                return;
              }
              switch (end(path)) {
                case CLOSED -> request.connection.wire().closeNow();
                case RESET -> request.connection.wire().reset();
                case JUNK -> request.head(true, "x-junk", "1");
                case SILENCE -> {
                  // The server timeout will tell.
                }
                case UNAVAILABLE -> request.head(true, ":status", "503");
                case MISDIRECTED -> request.head(true, ":status", "421");
                case REFUSED ->
                    request.connection.frames.reset(request.stream, H2ErrorCode.REFUSED_STREAM);
                case GOAWAY ->
                    request.connection.frames.goAway(
                        Math.max(0, request.stream - 2), H2ErrorCode.NO_ERROR);
                case INTERNAL_ERROR ->
                    request.connection.frames.reset(request.stream, H2ErrorCode.INTERNAL_ERROR);
                default -> throw new AssertionError(path);
              }
            });
    start(Stage.clear(B).withMux("h2"));

    askAll(end);

    check();
  }

  /** A retried answer with content: what of it has come, and what has not, goes nowhere. */
  @ParameterizedTest
  @ValueSource(ints = {10, 10_000, 1_000_000})
  void contentOfADroppedAnswerReachesNobody(int bytes) {
    String junk = "j".repeat(bytes);
    stage
        .origin()
        .answering(
            (request, on) -> {
              String path = request.path();
              if (fails(path)) {
                on.respond("HTTP/1.1 503 No\r\nContent-Length: " + bytes + "\r\n\r\n" + junk);
              } else {
                on.ok(path);
              }
            });
    start(Stage.clear(B));

    ask(End.UNAVAILABLE, "GET", 0, REPLAYS_MAX);

    check();
  }
}
