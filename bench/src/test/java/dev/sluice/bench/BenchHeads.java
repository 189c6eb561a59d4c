package dev.sluice.bench;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h1.codec.H1RequestDecoder;
import dev.sluice.mux.h1.codec.H1ResponseDecoder;
import dev.sluice.mux.h2.hpack.HpackEncoder;
import java.nio.ByteBuffer;
import java.util.Arrays;

/** The heads that the benchmarks use: what a browser sends, and what it gets. */
final class BenchHeads {
  static final int HEAD_BYTES_MAX = 16 << 10;
  static final int FIELDS_MAX = 100;

  private BenchHeads() {}

  static byte[] request() {
    return """
        GET /products/1234/details?ref=home&session=abcdef0123456789 HTTP/1.1\r
        Host: www.example.org\r
        User-Agent: Mozilla/5.0 (X11; Linux x86_64; rv:128.0) Gecko/20100101 Firefox/128.0\r
        Accept: text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8\r
        Accept-Language: en-US,en;q=0.5\r
        Accept-Encoding: gzip, deflate, br\r
        Referer: https://www.example.org/home\r
        Cookie: id=0123456789abcdef; theme=dark\r
        X-Request-Id: 7b5f2f4e-1c2d-4a3b-9e8f-001122334455\r
        \r
        """
        .getBytes(US_ASCII);
  }

  /** The head of a response with so many bytes of content, and the content. */
  static byte[] response(int contentBytes) {
    byte[] head =
        """
        HTTP/1.1 200 OK\r
        Date: Wed, 25 Nov 2026 10:00:00 GMT\r
        Server: origin\r
        Content-Type: text/html; charset=utf-8\r
        Cache-Control: max-age=60\r
        ETag: "5e0f-61a2b3c4d5e6f"\r
        Vary: Accept-Encoding\r
        Content-Length: %d\r
        \r
        """
            .formatted(contentBytes)
            .getBytes(US_ASCII);
    byte[] whole = Arrays.copyOf(head, head.length + contentBytes);
    Arrays.fill(whole, head.length, whole.length, (byte) 'x');
    return whole;
  }

  static RequestHead decodedRequest() {
    RequestHead head = new RequestHead(HEAD_BYTES_MAX, FIELDS_MAX);
    H1RequestDecoder decoder = new H1RequestDecoder(HEAD_BYTES_MAX);
    decoder.begin(head);
    decoder.decode(ByteBuffer.wrap(request()));
    head.setScheme("https");
    return head;
  }

  static ResponseHead decodedResponse(int contentBytes) {
    ResponseHead head = new ResponseHead(HEAD_BYTES_MAX, FIELDS_MAX);
    H1ResponseDecoder decoder = new H1ResponseDecoder(HEAD_BYTES_MAX);
    decoder.begin(head, Method.GET, false);
    decoder.decode(ByteBuffer.wrap(response(contentBytes)));
    return head;
  }

  static void encode(HpackEncoder encoder, RequestHead head) {
    encoder.beginBlock();
    encoder.method(head.method());
    encoder.scheme(true);
    encoder.path(head.bytes(), head.pathOffset(), head.pathLength());
    encoder.authority(head.bytes(), head.authorityOffset(), head.authorityLength());
    fields(encoder, head.fields());
  }

  static void encode(HpackEncoder encoder, ResponseHead head) {
    encoder.beginBlock();
    encoder.status(head.status());
    fields(encoder, head.fields());
  }

  private static void fields(HpackEncoder encoder, Fields fields) {
    for (int i = 0; i < fields.size(); i++) {
      FieldName name = fields.name(i);
      encoder.field(
          name,
          fields.nameBytes(i),
          fields.nameOffset(i),
          fields.nameLength(i),
          fields.bytes(),
          fields.valueOffset(i),
          fields.valueLength(i),
          fields.sensitive(i));
    }
  }

  /** A block that may be sent again and again: it changes no table. */
  static byte[] requestBlock() {
    HpackEncoder encoder = new HpackEncoder(0);
    RequestHead head = decodedRequest();
    encode(encoder, head);
    encode(encoder, head);
    return Arrays.copyOf(encoder.block(), encoder.length());
  }

  /** A block that may be sent again and again: it changes no table. */
  static byte[] responseBlock(int contentBytes) {
    HpackEncoder encoder = new HpackEncoder(0);
    ResponseHead head = decodedResponse(contentBytes);
    encode(encoder, head);
    encode(encoder, head);
    return Arrays.copyOf(encoder.block(), encoder.length());
  }
}
