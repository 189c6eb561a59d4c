package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.testkit.Json;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The request vectors, at the level of the codec: what is refused and with which status, what goes
 * on to the server and in which bytes. That answers go out in order, and that the connection is
 * closed after a refusal, is the mux's and is tested there.
 */
class RequestVectorsTest {
  record Vector(String name, String text, Map<String, Object> fields) {
    byte[] raw() {
      return text.getBytes(ISO_8859_1);
    }

    @Override
    public String toString() {
      return name;
    }

    String expect() {
      return (String) fields.get("expect");
    }

    @SuppressWarnings("unchecked")
    <T> List<T> list(String field, List<T> otherwise) {
      return (List<T>) fields.getOrDefault(field, otherwise);
    }

    int number(String field, int otherwise) {
      return (Integer) fields.getOrDefault(field, otherwise);
    }
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void wholeInputGivesTheStatedVerdict(Vector vector) {
    judge(vector, Exchange.of(vector.raw(), Integer.MAX_VALUE));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void singleBytesGiveTheStatedVerdict(Vector vector) {
    judge(vector, Exchange.of(vector.raw(), 1));
  }

  @ParameterizedTest
  @MethodSource("vectors")
  void everySplitGivesTheStatedVerdictAndTheSameBytes(Vector vector) {
    byte[] raw = vector.raw();
    Exchange whole = Exchange.of(raw, raw.length);
    // The two very long ones are cut where something can happen, not within their filling.
    for (int at = 0; at <= raw.length; at += at > 200 && raw.length - at > 20_000 ? 29_989 : 1) {
      Exchange split = Exchange.split(raw, at);
      judge(vector, split);
      assertThat(split.error).as("split at %d", at).isSameAs(whole.error);
      assertThat(split.errorPosition).isEqualTo(whole.errorPosition);
      assertThat(split.whole).as("split at %d", at).isEqualTo(whole.whole);
    }
  }

  @Test
  void allVectorsAreHere() {
    assertThat(vectors()).hasSize(66);
  }

  private static void judge(Vector vector, Exchange exchange) {
    String got = exchange.toServer.toString(ISO_8859_1).toLowerCase(Locale.ROOT);
    for (String never : vector.list("never", List.<String>of())) {
      assertThat(got).doesNotContain(never.toLowerCase(Locale.ROOT));
    }
    int before = vector.number("pre", 0);
    boolean rejected = exchange.error != H1Error.NONE;
    if (rejected) {
      assertThat(vector.expect()).as("refused as %s", exchange.error).isNotEqualTo("accept");
      assertThat(exchange.error.status()).isIn(vector.list("status", List.<Integer>of(400)));
      assertThat(exchange.whole).hasSize(before);
      return;
    }
    assertThat(vector.expect()).as("not refused").isNotEqualTo("reject");
    assertThat(exchange.whole).hasSize(vector.number("answers", 1));
    List<String> targets = vector.list("targets", List.<String>of());
    if (!targets.isEmpty()) {
      assertThat(exchange.whole).extracting(Exchange.Sent::target).isEqualTo(targets);
    }
    if (vector.fields().get("body") instanceof String body) {
      assertThat(exchange.whole.get(0).body()).isEqualTo(body);
    }
    for (String has : vector.list("has", List.<String>of())) {
      assertThat(got).contains(has.toLowerCase(Locale.ROOT));
    }
    for (String lacks : vector.list("lacks", List.<String>of())) {
      assertThat(got).doesNotContain(lacks.toLowerCase(Locale.ROOT));
    }
    if (vector.fields().containsKey("closed")) {
      assertThat(exchange.closed).isTrue();
    }
    wellFramed(exchange);
  }

  /** Whatever goes to the server has one framing and one Host. */
  private static void wellFramed(Exchange exchange) {
    for (Exchange.Sent sent : exchange.whole) {
      List<String> lines = List.of(sent.head().split("\r\n"));
      long lengths = lines.stream().filter(l -> l.startsWith("content-length:")).count();
      long codings = lines.stream().filter(l -> l.startsWith("transfer-encoding:")).count();
      assertThat(lengths + codings).isLessThanOrEqualTo(1);
      assertThat(lines.get(0)).endsWith(" HTTP/1.1");
      assertThat(lines.stream().filter(l -> l.startsWith("host:"))).hasSize(1);
      if (codings == 1) {
        assertThat(lines).contains("transfer-encoding: chunked");
      }
      assertThat(sent.head().replace("\r\n", "")).doesNotContain("\r", "\n");
    }
  }

  static Stream<Vector> vectors() {
    try (InputStream in =
        RequestVectorsTest.class.getResourceAsStream("/vectors/h1-requests.json")) {
      String text = new String(Objects.requireNonNull(in).readAllBytes(), UTF_8);
      @SuppressWarnings("unchecked")
      Map<String, Object> file = (Map<String, Object>) Json.read(text);
      @SuppressWarnings("unchecked")
      List<Map<String, Object>> cases = (List<Map<String, Object>>) file.get("cases");
      return cases.stream().map(RequestVectorsTest::vector);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Vector vector(Map<String, Object> fields) {
    String raw = (String) fields.get("raw");
    if (fields.get("fill") instanceof List<?> fill) {
      raw = raw.replace("@FILL@", ((String) fill.get(0)).repeat((Integer) fill.get(1)));
    }
    return new Vector((String) fields.get("name"), raw, fields);
  }
}
