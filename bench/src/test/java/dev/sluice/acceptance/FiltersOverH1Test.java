package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.stream.ExchangeFilter;
import dev.sluice.core.stream.FilterCall;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Filters between h1 and h1: what they do to framing, trailers, answers and tunnels. */
class FiltersOverH1Test {
  private final Stage stage = new Stage();
  private final H1Origin origin = stage.origin();

  private H1Client start(ExchangeFilter... filters) {
    stage.start(
        Pki.server("http/1.1"),
        Stage.clear(Stage.B),
        builder -> {
          for (ExchangeFilter filter : filters) {
            builder.filter(() -> filter);
          }
          return builder;
        });
    return stage.client();
  }

  /** Puts a byte before the content of both directions, and one behind it. */
  private static final class Brackets implements ExchangeFilter {
    @Override
    public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
      begin(call);
    }

    @Override
    public boolean onRequestEnd(FilterCall call) {
      return close(call);
    }

    @Override
    public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
      begin(call);
    }

    @Override
    public boolean onResponseEnd(FilterCall call) {
      return close(call);
    }

    private static void begin(FilterCall call) {
      call.rewriteContent();
      call.write(ByteBuffer.wrap(new byte[] {'<'}));
    }

    private static boolean close(FilterCall call) {
      return call.write(ByteBuffer.wrap(new byte[] {'>'})) == 1;
    }
  }

  @Test
  void contentOfAnotherLengthIsFramedAnew() {
    List<String> bodies = new ArrayList<>();
    origin.answering(
        (request, on) -> {
          bodies.add(request.message.bodyText());
          assertThat(request.message.fieldNames())
              .contains("transfer-encoding")
              .doesNotContain("content-length");
          on.ok("answer");
        });
    H1Client client = start(new Brackets());

    client.ask("POST", "/", "question");
    stage.await(client, 1);
    client.ask("POST", "/", "again");
    stage.await(client, 2);

    assertThat(bodies).containsExactly("<question>", "<again>");
    assertThat(client.response(0).bodyText()).isEqualTo("<answer>");
    assertThat(client.response(1).fieldNames()).doesNotContain("content-length");
    assertThat(origin.connections()).as("used again").hasSize(1);
    stage.leak();
  }

  @Test
  void responsesThatHaveNoContentGetNone() {
    origin.answering(
        (request, on) -> {
          if (request.path().equals("/none")) {
            on.respond("HTTP/1.1 204 No Content\r\n\r\n");
          } else {
            on.respond("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
          }
        });
    H1Client client = start(new Brackets());

    client.ask("HEAD", "/head", null);
    stage.await(client, 1);
    client.get("/none");
    stage.await(client, 2);
    client.ask("HEAD", "/head", null);
    stage.await(client, 3);

    assertThat(client.responses()).extracting(Message::status).containsExactly(200, 204, 200);
    assertThat(client.responses()).extracting(Message::bodyText).containsOnly("");
    stage.leak();
  }

  @Test
  void contentOfAResponseThatBecomesBodylessIsDropped() {
    H1Client client =
        start(
            new ExchangeFilter() {
              @Override
              public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
                head.setStatus(204);
                head.fields().remove("content-length");
              }
            });

    client.get("/1");
    stage.await(client, 1);
    client.get("/2");
    stage.await(client, 2);

    assertThat(client.responses()).extracting(Message::status).containsExactly(204, 204);
    assertThat(client.response(1).bodyText()).isEmpty();
    assertThat(stage.records().get(0).status()).isEqualTo(204);
    stage.leak();
  }

  /** Sets the checksum of trailers, and notes the one that was there. */
  private record Checksums(List<String> seen, String next) implements ExchangeFilter {
    @Override
    public void onRequestTrailers(Fields trailers, FilterCall call) {
      change("request", trailers);
    }

    @Override
    public void onResponseTrailers(Fields trailers, FilterCall call) {
      change("response", trailers);
    }

    private void change(String what, Fields trailers) {
      seen.add(what + " " + trailers.value("x-sum"));
      trailers.set("x-sum", next);
    }
  }

  @Test
  void trailersAreToldAndRewritten() {
    String chunked = "Transfer-Encoding: chunked\r\n\r\n";
    List<String> seen = new ArrayList<>();
    origin.answering(
        (request, on) ->
            on.respond("HTTP/1.1 200 OK\r\n" + chunked + "2\r\nab\r\n0\r\nx-sum: 2\r\n\r\n"));
    H1Client client = start(new Checksums(seen, "outer"), new Checksums(seen, "inner"));

    client.raw(
        "POST", "POST / HTTP/1.1\r\nHost: a\r\n" + chunked + "1\r\nx\r\n0\r\nx-sum: 1\r\n\r\n");
    stage.await(client, 1);

    assertThat(seen).containsExactly("request 1", "request outer", "response 2", "response inner");
    assertThat(client.response(0).bodyText()).isEqualTo("ab");
    stage.leak();
  }

  @Test
  void answerBeforeTheContentLeavesTheConnectionUsable() {
    H1Client client =
        start(
            new ExchangeFilter() {
              @Override
              public void onRequestHead(RequestHead head, boolean end, FilterCall call) {
                if ("/no".equals(head.path())) {
                  call.answer(FixedResponse.text(403, "no"));
                }
              }
            });

    client.ask("POST", "/no", "x".repeat(20_000));
    stage.await(client, 1);
    client.get("/yes");
    stage.await(client, 2);

    assertThat(client.responses()).extracting(Message::status).containsExactly(403, 200);
    assertThat(client.response(0).bodyText()).isEqualTo("no");
    assertThat(origin.requests()).hasSize(1);
    stage.leak();
  }

  @Test
  void tunnelPassesTheFilterBy() {
    List<String> calls = new ArrayList<>();
    origin.answering(
        (request, on) ->
            on.respond(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\nhi"));
    H1Client client =
        start(
            new ExchangeFilter() {
              @Override
              public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
                calls.add("head " + head.status());
              }

              @Override
              public void onResponseData(ByteBuffer data, FilterCall call) {
                calls.add("data " + ISO_8859_1.decode(data.duplicate()));
                call.write(data);
              }
            });

    client.raw("GET", "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    stage.simulation().runUntil(() -> client.tunnel().equals("hi"));
    client.wire().close();
    stage.runFor(Stage.SECOND);

    assertThat(calls).containsExactly("head 101");
    stage.leak();
  }

  @Test
  void statusThatWouldUndoATunnelFails() {
    origin.answering(
        (request, on) ->
            on.respond(
                "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n"));
    H1Client client =
        start(
            new ExchangeFilter() {
              @Override
              public void onResponseHead(ResponseHead head, boolean end, FilterCall call) {
                head.setStatus(403);
              }
            });

    client.raw("GET", "GET / HTTP/1.1\r\nHost: a\r\nConnection: upgrade\r\nUpgrade: x\r\n\r\n");
    stage.await(client, 1);
    stage.runFor(Stage.SECOND);

    assertThat(client.response(0).status()).isEqualTo(500);
    assertThat(stage.records().get(0).cause()).isEqualTo(CloseCause.FILTER_FAILED);
    stage.leak();
  }
}
