package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;

/**
 * The codec's part of a proxy, on one client connection: reads requests from bytes that come in
 * pieces, writes each for the server as soon as it is known, and notes what came of it.
 */
final class Exchange {
  static final int HEAD_BYTES_MAX = 16384;

  /** A request as it goes to the server. */
  record Sent(String head, String target, String body, String trailers) {}

  final List<Sent> whole = new ArrayList<>();
  final ByteArrayOutputStream toServer = new ByteArrayOutputStream();
  H1Error error = H1Error.NONE;
  long errorPosition = -1;
  boolean closed;

  private final H1RequestDecoder decoder = new H1RequestDecoder(HEAD_BYTES_MAX);
  private final ChunkDecoder chunks = new ChunkDecoder(1024, 8192);
  private final RequestHead head = new RequestHead(2 * HEAD_BYTES_MAX, 100);
  private final Fields trailers = new Fields(8192, 20);
  private final ByteArrayOutputStream body = new ByteArrayOutputStream();
  private ByteBuffer kept = ByteBuffer.allocate(0);
  private boolean inBody;
  private long left;
  private String encodedHead = "";

  Exchange() {
    decoder.begin(head);
  }

  /** All the bytes at once, or in pieces of so many. */
  static Exchange of(byte[] raw, int pieceBytes) {
    Exchange exchange = new Exchange();
    for (int from = 0; from < raw.length; ) {
      int count = Math.min(pieceBytes, raw.length - from);
      exchange.receive(raw, from, count);
      from += count;
    }
    return exchange;
  }

  /** The bytes in two pieces. */
  static Exchange split(byte[] raw, int at) {
    Exchange exchange = new Exchange();
    exchange.receive(raw, 0, at);
    exchange.receive(raw, at, raw.length - at);
    return exchange;
  }

  void receive(byte[] raw, int offset, int length) {
    if (closed) {
      return;
    }
    // An array with something before and behind, so that a wrong offset shows.
    byte[] joined = new byte[7 + kept.remaining() + length + 3];
    int keptBytes = kept.remaining();
    kept.get(joined, 7, keptBytes);
    System.arraycopy(raw, offset, joined, 7 + keptBytes, length);
    ByteBuffer in = ByteBuffer.wrap(joined, 7, keptBytes + length).slice();
    while (!closed && step(in)) {}
    kept = in;
  }

  private boolean step(ByteBuffer in) {
    return inBody ? content(in) : head(in);
  }

  private boolean head(ByteBuffer in) {
    return switch (decoder.decode(in)) {
      case MORE -> false;
      case ERROR -> fail(decoder.error(), decoder.errorPosition());
      case HEAD -> {
        begin();
        yield true;
      }
    };
  }

  private void begin() {
    boolean chunked = decoder.framing().kind() == BodyFraming.Kind.CHUNKED;
    ByteBuffer out = ByteBuffer.allocate(H1Encoder.bytesMax(head));
    H1Encoder.put(
        out,
        head,
        chunked ? H1Encoder.Framing.CHUNKED : H1Encoder.Framing.AS_GIVEN,
        H1Encoder.Persistence.DEFAULT);
    encodedHead = new String(out.array(), 0, out.position(), ISO_8859_1);
    toServer.write(out.array(), 0, out.position());
    body.reset();
    inBody = true;
    left = decoder.framing().length();
    chunks.begin(trailers);
  }

  private boolean content(ByteBuffer in) {
    if (decoder.framing().kind() != BodyFraming.Kind.CHUNKED) {
      int count = (int) Math.min(left, in.remaining());
      pass(in, count);
      left -= count;
      return left == 0 && end();
    }
    return switch (chunks.decode(in)) {
      case MORE -> false;
      case ERROR -> fail(chunks.error(), -1);
      case DATA -> {
        int count = chunks.available();
        pass(in, count);
        chunks.taken(count);
        yield true;
      }
      case END -> {
        ByteBuffer out = ByteBuffer.allocate(ChunkEncoder.endBytes(trailers));
        ChunkEncoder.putEnd(out, trailers);
        toServer.write(out.array(), 0, out.position());
        yield end();
      }
    };
  }

  private void pass(ByteBuffer in, int count) {
    if (count == 0) {
      return;
    }
    boolean chunked = decoder.framing().kind() == BodyFraming.Kind.CHUNKED;
    ByteBuffer out = ByteBuffer.allocate(count + ChunkEncoder.HEAD_BYTES_MAX + 2);
    if (chunked) {
      ChunkEncoder.putHead(out, count);
    }
    out.put(in.array(), in.arrayOffset() + in.position(), count);
    if (chunked) {
      ChunkEncoder.putTail(out);
    }
    toServer.write(out.array(), 0, out.position());
    body.write(in.array(), in.arrayOffset() + in.position(), count);
    in.position(in.position() + count);
  }

  private boolean end() {
    String target = encodedHead.split(" ", 3)[1];
    whole.add(new Sent(encodedHead, target, body.toString(ISO_8859_1), trailers.toString()));
    inBody = false;
    if (!decoder.framing().persistent()) {
      closed = true;
    }
    trailers.clear();
    decoder.begin(head);
    return true;
  }

  private boolean fail(H1Error found, long position) {
    error = found;
    errorPosition = position;
    closed = true;
    return false;
  }
}
