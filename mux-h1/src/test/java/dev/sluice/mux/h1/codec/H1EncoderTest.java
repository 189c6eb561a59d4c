package dev.sluice.mux.h1.codec;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h1.codec.H1Encoder.Framing;
import dev.sluice.mux.h1.codec.H1Encoder.Persistence;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

class H1EncoderTest {
  private final RequestHead request = new RequestHead(1024, 16);
  private final ResponseHead response = new ResponseHead(1024, 16);

  private static String encode(MessageHead head, Framing framing, Persistence persistence) {
    ByteBuffer out = ByteBuffer.allocate(H1Encoder.bytesMax(head));
    if (head instanceof RequestHead r) {
      H1Encoder.put(out, r, framing, persistence);
    } else {
      H1Encoder.put(out, (ResponseHead) head, framing, persistence);
    }
    return new String(out.array(), 0, out.position(), ISO_8859_1);
  }

  @Test
  @DisplayName("RFC 9112 3.2: Host always, first, and empty where there is no authority")
  void hostIsTheAuthorityWhateverTheFieldsSay() {
    request.setPath("/");
    request.fields().add("host", "evil");
    assertThat(encode(request, Framing.AS_GIVEN, Persistence.DEFAULT))
        .isEqualTo("GET / HTTP/1.1\r\nhost: \r\n\r\n");
    request.setAuthority("h:1");
    assertThat(encode(request, Framing.AS_GIVEN, Persistence.DEFAULT))
        .isEqualTo("GET / HTTP/1.1\r\nhost: h:1\r\n\r\n");
  }

  @Test
  void fieldsOfTheHopAreOnlyOurOwn() {
    request.setPath("/");
    request.setAuthority("h");
    for (String name :
        new String[] {"connection", "transfer-encoding", "upgrade", "keep-alive", "x-keep"}) {
      request.fields().add(name, "close");
    }
    assertThat(encode(request, Framing.AS_GIVEN, Persistence.DEFAULT))
        .isEqualTo("GET / HTTP/1.1\r\nhost: h\r\nx-keep: close\r\n\r\n");
  }

  @Test
  void lengthNeverStandsBesideACoding() {
    response.fields().add("content-length", "5");
    assertThat(encode(response, Framing.CHUNKED, Persistence.DEFAULT))
        .isEqualTo("HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n");
    assertThat(encode(response, Framing.AS_GIVEN, Persistence.DEFAULT))
        .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 5\r\n\r\n");
    assertThat(encode(response, Framing.NO_LENGTH, Persistence.DEFAULT))
        .isEqualTo("HTTP/1.1 200 OK\r\n\r\n");
    assertThat(encode(response, Framing.ZERO_LENGTH, Persistence.DEFAULT))
        .isEqualTo("HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n");
  }

  @Test
  @DisplayName("RFC 9110 7.6.1, 10.1.4")
  void connectionNamesWhatWeSendOfTheHop() {
    request.setPath("/");
    request.setAuthority("h");
    request.setProtocol("websocket");
    request.fields().add("te", "trailers");
    assertThat(encode(request, Framing.AS_GIVEN, Persistence.CLOSE))
        .endsWith("te: trailers\r\nconnection: close, upgrade, te\r\nupgrade: websocket\r\n\r\n");
    request.clearProtocol();
    assertThat(encode(request, Framing.AS_GIVEN, Persistence.DEFAULT))
        .endsWith("te: trailers\r\nconnection: te\r\n\r\n");
    request.fields().clear();
  }

  @Test
  @DisplayName("RFC 9112 4")
  void statusLineHasItsSpaceAlsoWithoutAReason() {
    response.setStatus(799);
    assertThat(encode(response, Framing.AS_GIVEN, Persistence.KEEP_ALIVE))
        .isEqualTo("HTTP/1.1 799 \r\nconnection: keep-alive\r\n\r\n");
    response.setReason("Odd");
    assertThat(encode(response, Framing.AS_GIVEN, Persistence.DEFAULT))
        .isEqualTo("HTTP/1.1 799 Odd\r\n\r\n");
  }

  @Test
  void trailersEndTheMessage() {
    Fields trailers = new Fields(256, 4);
    trailers.add("x-t", "1");
    trailers.add("content-length", "9");
    ByteBuffer out = ByteBuffer.allocate(ChunkEncoder.endBytes(trailers));
    ChunkEncoder.putEnd(out, trailers);
    assertThat(new String(out.array(), 0, out.position(), ISO_8859_1))
        .isEqualTo("0\r\nx-t: 1\r\n\r\n");
  }
}
