package dev.sluice.mux.h1;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;

/** What the front mux does while one side of it does not take what the other gives. */
// Bytes as they stand on the wire: a text block would hide their line ends.
@SuppressWarnings("StringConcatToTextBlock")
class H1FrontMuxBackPressureTest extends FrontMuxScene {
  private static final long SECOND = 1_000_000_000L;

  // ---- back-pressure

  @Test
  void contentThatIsNotTakenIsOfferedAgainAfterResume() {
    prepare = upper -> upper.appetite = 2;
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabcdef");
    assertThat(exchange(1).events).containsExactly("head POST /", "data ab");
    host.receive("GET /");
    assertThat(exchange(1).events).as("not offered before it is asked for").hasSize(2);
    exchange(1).eat(3);
    exchange(1).eat(10);
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcdef end");
    assertThat(host.unread()).isEqualTo(5);
  }

  @Test
  void resumeWithinTheOfferIsNotLost() {
    prepare =
        upper -> {
          upper.appetite = 1;
          upper.onData =
              () -> {
                upper.appetite = 1;
                upper.stream().resume();
              };
        };
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 4\r\n\r\nabcd");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcd end");
  }

  @Test
  void chunkedContentThatIsNotTakenIsOfferedAgain() {
    prepare = upper -> upper.appetite = 4;
    host.receive(
        "POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n"
            + "3\r\nabc\r\n3\r\ndef\r\n0\r\n\r\n");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcd");
    exchange(1).eat(9);
    assertThat(exchange(1).events).containsExactly("head POST /", "data abcdef", "end");
  }

  @Test
  void sendTakesWhatFitsAndSaysWhenThereIsRoom() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false, "content-length: 6");
    host.room = 4;
    assertThat(exchange(1).send("abcdef", true)).isEqualTo(4);
    assertThat(exchange(1).events).doesNotContain("released");
    host.makeRoom(10);
    assertThat(exchange(1).events).endsWith("writable");
    assertThat(exchange(1).send("ef", true)).isEqualTo(2);
    assertThat(host.take()).endsWith("\r\n\r\nabcdef");
    assertThat(exchange(1).events).endsWith("released");
  }

  @Test
  void chunksAreMadeOfWhatFits() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    exchange(1).sendResponse(200, false);
    host.room = 4;
    assertThat(exchange(1).send("abcdef", true)).isEqualTo(4);
    host.makeRoom(100);
    assertThat(exchange(1).send("ef", true)).isEqualTo(2);
    assertThat(host.take()).endsWith("4\r\nabcd\r\n2\r\nef\r\n0\r\n\r\n");
  }

  @Test
  void sendFromWithinOnWritableGoesOn() {
    host.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n");
    Upper upper = exchange(1);
    upper.sendResponse(200, false, "content-length: 8");
    host.room = 4;
    upper.send("abcdefgh", true);
    upper.onWritable = () -> upper.send("efgh", true);
    host.makeRoom(100);
    assertThat(host.take()).endsWith("abcdefgh");
    assertThat(upper.events).endsWith("writable", "released");
  }

  // ---- early answers

  @Test
  @DisplayName("scenario H1-3")
  void earlyAnswerToALargeUploadClosesWithLingering() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 52428800\r\n\r\nabc");
    exchange(1).sendResponse(413, false, "content-length: 3");
    exchange(1).send("big", true);
    assertThat(host.take())
        .isEqualTo(
            "HTTP/1.1 413 Content Too Large\r\ncontent-length: 3\r\nconnection: close\r\n\r\nbig");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abc", "released");
    assertThat(host.closed).isEqualTo("gracefully COMPLETE");
  }

  @Test
  void restOfASmallUploadIsDroppedAndTheConnectionKept() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    exchange(1).sendResponse(404, true);
    assertThat(host.take()).doesNotContain("close");
    assertThat(exchange(1).events).containsExactly("head POST /", "data abc", "released");
    host.receive("defGET /next HTTP/1.1\r\nHost: h\r\n\r\n");
    assertThat(exchange(2).events).containsExactly("head GET /next end");
  }

  @Test
  void restOfAnUploadThatDoesNotComeEndsTheConnection() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 6\r\n\r\nabc");
    exchange(1).sendResponse(404, true);
    host.advance(11 * SECOND);
    assertThat(host.closed).isEqualTo("gracefully CLIENT_TIMEOUT");
  }

  @Test
  void uploadGoesOnWhileItsAnswerIsStreamed() {
    host.receive("POST / HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na\r\n");
    exchange(1).sendResponse(200, false);
    exchange(1).send("A", false);
    host.receive("1\r\nb\r\n0\r\n\r\n");
    assertThat(exchange(1).events).containsExactly("head POST /", "data ab", "end");
    exchange(1).send("B", true);
    assertThat(exchange(1).events).endsWith("released");
  }
}
