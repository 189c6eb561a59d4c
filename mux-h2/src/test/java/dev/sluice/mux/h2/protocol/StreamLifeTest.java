package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.frame.FrameEncoder;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@DisplayName("streams in the course of their life, and late frames (RFC 9113 5.1)")
class StreamLifeTest {
  private final Rig rig = Rig.ready(Side.FRONT);

  @Test
  void framesOnAnIdleStreamAreConnectionErrors() {
    assertThat(Rig.ready(Side.FRONT).data(1, 1, true).sent())
        .containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    assertThat(Rig.ready(Side.FRONT).rst(1, H2ErrorCode.CANCEL).sent())
        .containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    assertThat(Rig.ready(Side.FRONT).windowUpdate(1, 1).sent())
        .containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    assertThat(Rig.ready(Side.FRONT).raw(FrameType.CONTINUATION, 4, 1, new byte[0]).sent())
        .containsExactly("GOAWAY 0 PROTOCOL_ERROR");
    assertThat(Rig.ready(Side.FRONT).data(2, 1, true).sent())
        .containsExactly("GOAWAY 0 PROTOCOL_ERROR");
  }

  @Test
  void priorityIsReadOver() {
    rig.raw(FrameType.PRIORITY, 0, 9, new byte[] {0, 0, 0, 1, 5}).get(1);
    rig.raw(FrameType.PRIORITY, 0, 1, new byte[] {0, 0, 0, 3, 5});
    assertThat(rig.protocol.failed()).isFalse();
  }

  @Test
  void malformedPriorityIsAnErrorOfItsStream() {
    rig.post(1).raw(FrameType.PRIORITY, 0, 1, new byte[4]);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 FRAME_SIZE_ERROR");
    rig.post(3).raw(FrameType.PRIORITY, 0, 3, new byte[] {0, 0, 0, 3, 5});
    assertThat(rig.sent()).containsExactly("RST_STREAM 3 PROTOCOL_ERROR");
    rig.raw(FrameType.PRIORITY, 0, 5, new byte[] {0, 0, 0, 5, 5});
    assertThat(rig.sent()).containsExactly("GOAWAY 3 PROTOCOL_ERROR");
  }

  @Test
  void headThatDependsOnItselfIsAStreamError() {
    byte[] block = rig.block(":method", "GET", ":scheme", "https", ":path", "/", "host", "h");
    byte[] payload = new byte[block.length + 5];
    payload[3] = 1;
    System.arraycopy(block, 0, payload, 5, block.length);
    rig.raw(FrameType.HEADERS, FrameFlags.END_HEADERS | FrameFlags.PRIORITY, 1, payload);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 PROTOCOL_ERROR");
  }

  @Test
  @DisplayName("5.1 half-closed (remote)")
  void framesAfterTheEndOfADirectionAreStreamErrors() {
    rig.get(1).data(1, 5, false);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 STREAM_CLOSED");
    assertThat(rig.told()).last().asString().startsWith("reset 1 STREAM_CLOSED");
    rig.get(3).headers(3, true, "x", "y");
    assertThat(rig.sent()).containsExactly("RST_STREAM 3 STREAM_CLOSED");
    rig.get(5).windowUpdate(5, 1);
    assertThat(rig.sent()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("5.1 closed by END_STREAM of both")
  void framesOnAnEndedStreamAreConnectionErrors(boolean released) {
    for (int kind = 0; kind < 2; kind++) {
      Rig ended = Rig.ready(Side.FRONT);
      ended.get(1);
      ended.respond(1, 200, true);
      if (released) {
        ended.release(1);
      }
      ended.sent();
      ended.windowUpdate(1, 1).rst(1, H2ErrorCode.CANCEL);
      assertThat(ended.sent()).isEmpty();
      if (kind == 0) {
        ended.data(1, 5, true);
      } else {
        ended.headers(1, true, "x", "y");
      }
      assertThat(ended.sent()).containsExactly("GOAWAY 1 STREAM_CLOSED");
    }
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("5.1 closed by our RST_STREAM: anything may be on its way")
  void lateFramesOnAStreamThatWeResetAreIgnored(boolean released) {
    rig.post(1);
    rig.protocol.reset(rig.stream(1), H2ErrorCode.CANCEL);
    if (released) {
      rig.release(1);
    }
    rig.sent();
    rig.told();
    rig.data(1, 100, false)
        .windowUpdate(1, 1)
        .headers(1, true, "x-late", "remembered")
        .rst(1, H2ErrorCode.CANCEL);
    assertThat(rig.sent()).isEmpty();
    assertThat(rig.told()).isEmpty();
    rig.post(3, "x-late", "remembered");
    assertThat(rig.told()).containsExactly("request 3 POST https h / x-late=remembered");
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  @DisplayName("5.1 closed by the peer's RST_STREAM")
  void framesAfterThePeersResetAreStreamErrors(boolean released) {
    rig.post(1).rst(1, H2ErrorCode.CANCEL);
    if (released) {
      rig.release(1);
    }
    rig.rst(1, H2ErrorCode.CANCEL).windowUpdate(1, 1);
    assertThat(rig.sent()).isEmpty();
    rig.data(1, 5, false);
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 STREAM_CLOSED");
    rig.headers(1, true, "x", "y");
    assertThat(rig.sent()).containsExactly("RST_STREAM 1 STREAM_CLOSED");
    assertThat(rig.protocol.failed()).isFalse();
  }

  @Test
  @DisplayName("5.1.1: numbers are odd and rise")
  void numbersOfStreamsRise() {
    rig.get(5).get(9);
    rig.get(7);
    assertThat(rig.sent()).containsExactly("GOAWAY 9 PROTOCOL_ERROR");
    Rig even = Rig.ready(Side.FRONT);
    even.get(2);
    assertThat(even.sent()).containsExactly("GOAWAY 0 PROTOCOL_ERROR");
  }

  @Test
  void veryOldStreamsAreForgottenWithoutHarm() {
    for (int i = 0; i < 3000; i++) {
      int id = 2 * i + 1;
      rig.get(id);
      rig.respond(id, 200, true);
      rig.release(id);
    }
    rig.sent();
    rig.data(1, 10, false).windowUpdate(3, 1).rst(5, H2ErrorCode.CANCEL).headers(7, true, "x", "y");
    assertThat(rig.protocol.failed()).isFalse();
    assertThat(rig.sent()).isEmpty();
    assertThat(rig.protocol.receiveWindow().unread()).isZero();
  }

  @Test
  void resetWithinABlockLeavesTheTableEqual() {
    rig.post(1);
    byte[] block = rig.block("x-trailer", "remembered");
    rig.raw(FrameType.HEADERS, FrameFlags.END_STREAM, 1, new byte[0]);
    rig.protocol.reset(rig.stream(1), H2ErrorCode.CANCEL);
    rig.release(1);
    rig.raw(FrameType.CONTINUATION, FrameFlags.END_HEADERS, 1, block);
    rig.post(3, "x-trailer", "remembered");
    assertThat(rig.told())
        .containsExactly(
            "request 1 POST https h /", "request 3 POST https h / x-trailer=remembered");
  }

  @Test
  void resetWithinContentDropsTheRestAndKeepsTheCredit() {
    rig.consuming = false;
    rig.post(1);
    rig.frame(
        out -> {
          FrameEncoder.header(out, 100, FrameType.DATA, 0, 1);
          out.put(new byte[40]);
        });
    assertThat(rig.told()).last().isEqualTo("data 1 40");
    rig.protocol.reset(rig.stream(1), H2ErrorCode.CANCEL);
    rig.release(1);
    rig.bytes(new byte[60]);
    rig.get(3);
    assertThat(rig.told()).containsExactly("request 3 GET https h / end");
    assertThat(rig.protocol.receiveWindow().unread()).isZero();
    assertThat(rig.protocol.receiveWindow().credit()).isEqualTo(100);
  }

  @Test
  void earlyResponseLeavesTheRequestOpen() {
    rig.post(1);
    rig.respond(1, 413, false);
    rig.send(1, 3, true);
    assertThat(rig.stream(1).state()).isSameAs(StreamState.HALF_CLOSED_LOCAL);
    rig.protocol.reset(rig.stream(1), H2ErrorCode.NO_ERROR);
    assertThat(rig.sent())
        .containsExactly("HEADERS 1 [:status=413]", "DATA 1 3 ES", "RST_STREAM 1 NO_ERROR");
  }

  @Test
  void callsOnAClosedStreamAreWithoutEffect() {
    rig.post(1).rst(1, H2ErrorCode.CANCEL);
    rig.respond(1, 200, false);
    assertThat(rig.send(1, 5, true)).isZero();
    rig.protocol.sendEnd(rig.stream(1));
    rig.protocol.reset(rig.stream(1), H2ErrorCode.CANCEL);
    assertThat(rig.sent()).isEmpty();
  }
}
