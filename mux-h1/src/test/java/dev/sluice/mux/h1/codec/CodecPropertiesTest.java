package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class CodecPropertiesTest {
  record Field(String name, String value) {}

  record Request(String method, String authority, String path, List<Field> fields) {}

  /** What was encoded is decoded to the same head, wherever its bytes are cut. */
  @Property
  void requestSurvivesTheWire(@ForAll("requests") Request request, @ForAll int cut) {
    RequestHead head = new RequestHead(65536, 64);
    head.setMethod(request.method());
    head.setScheme("http");
    head.setAuthority(request.authority());
    head.setPath(request.path());
    request.fields().forEach(field -> head.fields().add(field.name(), field.value()));
    ByteBuffer out = ByteBuffer.allocate(H1Encoder.bytesMax(head));
    H1Encoder.put(out, head, H1Encoder.Framing.AS_GIVEN, H1Encoder.Persistence.DEFAULT);

    RequestHead read = new RequestHead(65536, 65);
    H1RequestDecoder decoder = new H1RequestDecoder(65536);
    decoder.begin(read);
    out.flip();
    assertThat(decodeCut(decoder, out, cut)).isSameAs(H1Decoder.Outcome.HEAD);
    read.setScheme("http");

    assertThat(read.toString()).isEqualTo(head.toString());
    assertThat(out.hasRemaining()).isFalse();
  }

  /** The same of responses. */
  @Property
  void responseSurvivesTheWire(
      @ForAll("status") int status, @ForAll("fields") List<Field> fields, @ForAll int cut) {
    ResponseHead head = new ResponseHead(65536, 64);
    head.setStatus(status);
    head.setReason("R");
    fields.forEach(field -> head.fields().add(field.name(), field.value()));
    ByteBuffer out = ByteBuffer.allocate(H1Encoder.bytesMax(head));
    H1Encoder.put(out, head, H1Encoder.Framing.AS_GIVEN, H1Encoder.Persistence.DEFAULT);

    ResponseHead read = new ResponseHead(65536, 64);
    H1ResponseDecoder decoder = new H1ResponseDecoder(65536);
    decoder.begin(read, Method.GET, false);
    out.flip();
    assertThat(decodeCut(decoder, out, cut)).isSameAs(H1Decoder.Outcome.HEAD);

    assertThat(read.toString()).isEqualTo(head.toString());
  }

  /** Bytes of any kind end in a result, never in an exception, and in the same one if cut. */
  @Property
  void junkIsJudgedAlikeHoweverItIsCut(@ForAll("junk") String junk, @ForAll int cut) {
    byte[] raw = junk.getBytes(ISO_8859_1);
    Exchange whole = Exchange.of(raw, Integer.MAX_VALUE);
    Exchange bytes = Exchange.of(raw, 1);
    Exchange split = Exchange.split(raw, Math.floorMod(cut, raw.length + 1));
    assertThat(bytes.error).isSameAs(whole.error);
    assertThat(split.error).isSameAs(whole.error);
    assertThat(bytes.errorPosition).isEqualTo(whole.errorPosition);
    assertThat(bytes.whole).isEqualTo(whole.whole);
    assertThat(split.whole).isEqualTo(whole.whole);
  }

  private static H1Decoder.Outcome decodeCut(H1Decoder decoder, ByteBuffer in, int cut) {
    int limit = in.limit();
    in.limit(Math.floorMod(cut, limit));
    H1Decoder.Outcome first = decoder.decode(in);
    in.limit(limit);
    return first == H1Decoder.Outcome.MORE ? decoder.decode(in) : first;
  }

  @Provide
  Arbitrary<Request> requests() {
    Arbitrary<String> methods =
        Arbitraries.of("GET", "HEAD", "POST", "DELETE", "FOO-bar", "get", "M!#$%&'*+-.^_`|~9");
    Arbitrary<String> authorities = Arbitraries.of("h", "h:80", "[::1]:1", "a-b.c~_", "1.2.3.4");
    Arbitrary<String> paths =
        Arbitraries.strings()
            .withCharRange('!', '~')
            .excludeChars('#')
            .ofMaxLength(40)
            .map(rest -> "/" + rest);
    return Combinators.combine(methods, authorities, paths, fields()).as(Request::new);
  }

  @Provide
  Arbitrary<List<Field>> fields() {
    Arbitrary<String> names =
        Arbitraries.oneOf(
            Arbitraries.of("accept", "cookie", "set-cookie", "etag", "via", "x-forwarded-for"),
            Arbitraries.strings().withChars("abcxyz-_.!~0189").ofMinLength(1).ofMaxLength(12));
    Arbitrary<String> values =
        Arbitraries.strings()
            .withCharRange(' ', '~')
            .withCharRange('\u0080', '\u00ff')
            .withChars('\t')
            .ofMaxLength(40)
            .map(CodecPropertiesTest::stripBlanks);
    return Combinators.combine(names, values).as(Field::new).list().ofMaxSize(20);
  }

  private static String stripBlanks(String text) {
    return text.replaceAll("^[ \\t]+|[ \\t]+$", "");
  }

  @Provide
  Arbitrary<Integer> status() {
    return Arbitraries.integers().between(200, 999);
  }

  /** Pieces of requests in any order, so that junk gets far enough to be interesting. */
  @Provide
  Arbitrary<String> junk() {
    Arbitrary<String> pieces =
        Arbitraries.of(
            "GET ",
            "POST ",
            "CONNECT ",
            "/a",
            "*",
            "http://h",
            " HTTP/1.1\r\n",
            " HTTP/1.0\r\n",
            "Host: h\r\n",
            "Content-Length: 3\r\n",
            "Transfer-Encoding: chunked\r\n",
            "\r\n",
            "\n",
            "\r",
            " ",
            "\t",
            ":",
            "abc",
            "3\r\nabc\r\n",
            "0\r\n",
            "0\r\n\r\n",
            ";x",
            "X: y\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\n\r\n",
            "Connection: close\r\n",
            "\0",
            "\u00ff",
            "1,",
            "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n");
    Arbitrary<String> any = Arbitraries.strings().withCharRange('\0', '\u00ff').ofMaxLength(3);
    return Arbitraries.frequencyOf(
            net.jqwik.api.Tuple.of(9, pieces), net.jqwik.api.Tuple.of(1, any))
        .list()
        .ofMaxSize(14)
        .map(list -> String.join("", list));
  }
}
