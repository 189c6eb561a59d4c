package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.testkit.ThreadAllocations;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

/** After its stores have grown, the codec allocates nothing. */
// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class CodecAllocationTest {
  private static final int ROUNDS = 100_000;
  private static final int WARM_UP_ROUNDS = 20_000;

  /** For all rounds together: what the measuring itself and a late compilation may take. */
  private static final long BYTES_MAX = 4096;

  private final ByteBuffer request =
      ByteBuffer.wrap(
          ("POST /shop/basket?item=4711&lang=en HTTP/1.1\r\nHost: www.example.com:8080\r\n"
                  + "User-Agent: Mozilla/5.0 (X11; Linux x86_64)\r\nAccept: text/html,*/*\r\n"
                  + "Accept-Encoding: gzip, br\r\nCookie: a=1; b=2\r\nX-Own-Name: some value\r\n"
                  + "Connection: keep-alive\r\nContent-Length: 11\r\n\r\nhello world")
              .getBytes(ISO_8859_1));
  private final ByteBuffer response =
      ByteBuffer.wrap(
          ("HTTP/1.1 200 OK\r\nDate: Wed, 25 Nov 2026 10:00:00 GMT\r\nServer: any\r\n"
                  + "Content-Type: text/html\r\nTransfer-Encoding: chunked\r\nX-Other: 1\r\n\r\n"
                  + "b;x=y\r\nhello world\r\n0\r\nX-T: 1\r\n\r\n")
              .getBytes(ISO_8859_1));
  private final ByteBuffer out = ByteBuffer.allocate(4096);
  private final H1RequestDecoder requests = new H1RequestDecoder(16384);
  private final H1ResponseDecoder responses = new H1ResponseDecoder(16384);
  private final ChunkDecoder chunks = new ChunkDecoder(1024, 1024);
  private final RequestHead requestHead = new RequestHead(16384, 100);
  private final ResponseHead responseHead = new ResponseHead(16384, 100);
  private final RequestHead copy = new RequestHead(16384, 100);
  private final Fields trailers = new Fields(1024, 10);

  @Test
  void forwardingARequestAndItsResponseAllocatesNothing() {
    for (int i = 0; i < WARM_UP_ROUNDS; i++) {
      round();
    }
    long allocated =
        ThreadAllocations.during(
            () -> {
              for (int i = 0; i < ROUNDS; i++) {
                round();
              }
            });
    assertThat(allocated).isLessThanOrEqualTo(BYTES_MAX);
  }

  private void round() {
    request.rewind();
    requests.begin(requestHead);
    check(requests.decode(request) == H1Decoder.Outcome.HEAD);
    check(requests.framing().length() == 11);
    check(copy.copyFrom(requestHead));
    out.clear();
    H1Encoder.put(out, copy, H1Encoder.Framing.AS_GIVEN, H1Encoder.Persistence.DEFAULT);
    check(out.position() > 200);

    response.rewind();
    responses.begin(responseHead, Method.POST, false);
    check(responses.decode(response) == H1Decoder.Outcome.HEAD);
    out.clear();
    H1Encoder.put(out, responseHead, H1Encoder.Framing.CHUNKED, H1Encoder.Persistence.DEFAULT);
    chunks.begin(trailers);
    check(chunks.decode(response) == ChunkDecoder.Outcome.DATA);
    int count = chunks.available();
    ChunkEncoder.putHead(out, count);
    out.put(response.array(), response.position(), count);
    response.position(response.position() + count);
    chunks.taken(count);
    ChunkEncoder.putTail(out);
    check(chunks.decode(response) == ChunkDecoder.Outcome.END);
    ChunkEncoder.putEnd(out, trailers);
  }

  private static void check(boolean good) {
    if (!good) {
      throw new AssertionError("the round went wrong");
    }
  }
}
