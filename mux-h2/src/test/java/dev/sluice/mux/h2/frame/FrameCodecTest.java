package dev.sluice.mux.h2.frame;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

@DisplayName("frames, written and read again (RFC 9113 6)")
class FrameCodecTest {
  @ParameterizedTest(name = "{0}")
  @MethodSource("frames")
  void frameReadsAsWrittenHoweverItIsCut(String line, Consumer<ByteBuffer> writer) {
    byte[] one = bytes(writer);
    byte[] three = bytes(out -> List.of(1, 2, 3).forEach(i -> writer.accept(out)));
    for (int step = 1; step <= one.length; step++) {
      assertThat(FrameLog.of(one, step)).containsExactly(line);
      assertThat(FrameLog.of(three, step)).containsExactly(line, line, line);
    }
  }

  static List<Arguments> frames() {
    return List.of(
        frame("DATA stream 1 length 5 hello", out -> data(out, 1, 0, "hello")),
        frame("DATA stream 3 length 2 hi ES", out -> data(out, 3, FrameFlags.END_STREAM, "hi")),
        frame("DATA stream 1 length 0  ES", out -> data(out, 1, FrameFlags.END_STREAM, "")),
        frame(
            "DATA stream 1 length 6 hi", out -> data(out, 1, FrameFlags.PADDED, "\u0003hi\0\0\0")),
        frame("DATA stream 1 length 4 ", out -> data(out, 1, FrameFlags.PADDED, "\u0003\0\0\0")),
        frame("DATA stream 1 length 1 ", out -> data(out, 1, FrameFlags.PADDED, "\0")),
        frame(
            "HEADERS stream 2147483647 length 3 abc ES EH",
            out -> payload(out, FrameType.HEADERS, 0x5, Integer.MAX_VALUE, "abc")),
        frame(
            "HEADERS stream 1 length 8 abc EH on 7",
            out -> payload(out, FrameType.HEADERS, 0x24, 1, "\0\0\0\7\20abc")),
        frame(
            "HEADERS stream 1 length 11 abc on 7",
            out -> payload(out, FrameType.HEADERS, 0x28, 1, "\2\u0080\0\0\7\20abc\0\0")),
        frame(
            "HEADERS stream 1 length 0  EH",
            out -> payload(out, FrameType.HEADERS, FrameFlags.END_HEADERS, 1, "")),
        frame(
            "CONTINUATION stream 1 length 3 abc",
            out -> payload(out, FrameType.CONTINUATION, 0, 1, "abc")),
        frame(
            "CONTINUATION stream 1 length 3 abc EH",
            out -> payload(out, FrameType.CONTINUATION, 0x4, 1, "abc")),
        frame(
            "PRIORITY stream 5 length 5 on 3",
            out -> payload(out, FrameType.PRIORITY, 0, 5, "\u0080\0\0\3\20")),
        frame(
            "PRIORITY stream 5 length 4 of wrong size",
            out -> payload(out, FrameType.PRIORITY, 0, 5, "\0\0\0\3")),
        frame(
            "RST_STREAM stream 1 length 4 CANCEL",
            out -> FrameEncoder.rstStream(out, 1, H2ErrorCode.CANCEL)),
        frame("SETTINGS stream 0 length 0 ACK", FrameEncoder::settingsAck),
        frame(
            "SETTINGS stream 0 length 12 3=100 4=1048576 ",
            out -> FrameEncoder.settings(out, settings(3, 100, 4, 1 << 20))),
        frame("SETTINGS stream 0 length 0 ", out -> FrameEncoder.settings(out, new Settings())),
        frame(
            "PUSH_PROMISE stream 1 length 5 ",
            out -> payload(out, FrameType.PUSH_PROMISE, 0, 1, "\0\0\0\2a")),
        frame("PING 0123456789abcdef", out -> FrameEncoder.ping(out, false, 0x0123456789abcdefL)),
        frame(
            "PING fedcba9876543210 ACK", out -> FrameEncoder.ping(out, true, 0xfedcba9876543210L)),
        frame(
            "GOAWAY last 2147483647 NO_ERROR",
            out -> FrameEncoder.goAway(out, Integer.MAX_VALUE, H2ErrorCode.NO_ERROR)),
        frame(
            "GOAWAY last 5 ENHANCE_YOUR_CALM",
            out -> payload(out, FrameType.GOAWAY, 0, 0, "\0\0\0\5\0\0\0\13with debug data")),
        frame(
            "WINDOW_UPDATE stream 0 length 4 2147483647",
            out -> FrameEncoder.windowUpdate(out, 0, Integer.MAX_VALUE)),
        frame("WINDOW_UPDATE stream 9 length 4 1", out -> FrameEncoder.windowUpdate(out, 9, 1)),
        frame("type 66 stream 3 length 4 ", out -> payload(out, 0x42, 0xff, 3, "what")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("malformed")
  void malformedFrameIsAConnectionErrorHoweverItIsCut(String line, Consumer<ByteBuffer> writer) {
    byte[] bytes = bytes(writer);
    for (int step = 1; step <= bytes.length; step++) {
      assertThat(FrameLog.of(bytes, step)).hasSize(1).first().asString().startsWith(line);
    }
  }

  static List<Arguments> malformed() {
    return List.of(
        // RFC 9113 4.2
        frame("FRAME_SIZE_ERROR", out -> FrameEncoder.header(out, 16385, FrameType.DATA, 0, 1)),
        frame("FRAME_SIZE_ERROR", out -> FrameEncoder.header(out, 16385, 0x42, 0, 1)),
        // 6.1 to 6.10: frames that need a stream, or need none
        frame("PROTOCOL_ERROR", out -> data(out, 0, 0, "a")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.HEADERS, 0, 0, "a")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.CONTINUATION, 0, 0, "a")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.PRIORITY, 0, 0, "\0\0\0\1\1")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.RST_STREAM, 0, 0, "\0\0\0\1")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.PUSH_PROMISE, 0, 0, "\0\0\0\1")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.SETTINGS, 0, 1, "")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.PING, 0, 1, "12345678")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.GOAWAY, 0, 1, "12345678")),
        // sizes
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.RST_STREAM, 0, 1, "\0\0\0")),
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.RST_STREAM, 0, 1, "\0\0\0\0\0")),
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.SETTINGS, 0, 0, "\0\3\0\0\0")),
        frame(
            "FRAME_SIZE_ERROR",
            out -> payload(out, FrameType.SETTINGS, FrameFlags.ACK, 0, "\0\3\0\0\0\1")),
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.PING, 0, 0, "1234567")),
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.GOAWAY, 0, 0, "1234567")),
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.WINDOW_UPDATE, 0, 0, "\0\0\1")),
        // 6.1, 6.2: padding
        frame("FRAME_SIZE_ERROR", out -> data(out, 1, FrameFlags.PADDED, "")),
        frame("PROTOCOL_ERROR", out -> data(out, 1, FrameFlags.PADDED, "\1")),
        frame("PROTOCOL_ERROR", out -> data(out, 1, FrameFlags.PADDED, "\4abc")),
        frame("FRAME_SIZE_ERROR", out -> payload(out, FrameType.HEADERS, 0x20, 1, "\0\0\0\1")),
        frame("PROTOCOL_ERROR", out -> payload(out, FrameType.HEADERS, 0x28, 1, "\2\0\0\0\1\1\0")));
  }

  @Test
  void afterAnErrorNothingIsReadAnyMore() {
    byte[] bytes =
        bytes(
            out -> {
              data(out, 0, 0, "");
              data(out, 1, 0, "a");
            });
    FrameDecoder decoder = new FrameDecoder(Settings.FRAME_BYTES_MIN);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    assertThat(decoder.next(in)).isSameAs(FrameEvent.ERROR);
    int position = in.position();
    assertThat(decoder.next(in)).isSameAs(FrameEvent.ERROR);
    assertThat(in.position()).isEqualTo(position);
  }

  @Test
  void lastPieceOfAFrameIsKnownAsSuch() {
    byte[] bytes = bytes(out -> data(out, 1, FrameFlags.PADDED, "\2abcd\0\0"));
    FrameDecoder decoder = new FrameDecoder(Settings.FRAME_BYTES_MIN);
    ByteBuffer in = ByteBuffer.wrap(bytes, 0, 12);
    assertThat(decoder.next(in)).isSameAs(FrameEvent.BEGIN);
    assertThat(decoder.next(in)).isSameAs(FrameEvent.PIECE);
    assertThat(decoder.pieceLength()).isEqualTo(2);
    assertThat(decoder.lastPiece()).isFalse();
    in.limit(bytes.length);
    assertThat(decoder.next(in)).isSameAs(FrameEvent.PIECE);
    assertThat(decoder.lastPiece()).isTrue();
    assertThat(decoder.next(in)).isSameAs(FrameEvent.END);
  }

  @Test
  @DisplayName("RFC 9113 7: unknown error codes are not special")
  void unknownErrorCodeIsAnInternalError() {
    assertThat(H2ErrorCode.ofWire(0xe)).isSameAs(H2ErrorCode.INTERNAL_ERROR);
    assertThat(H2ErrorCode.ofWire(-1)).isSameAs(H2ErrorCode.INTERNAL_ERROR);
    assertThat(H2ErrorCode.ofWire(0xd)).isSameAs(H2ErrorCode.HTTP_1_1_REQUIRED);
  }

  private static Arguments frame(String line, Consumer<ByteBuffer> writer) {
    return Arguments.of(line, writer);
  }

  private static void data(ByteBuffer out, int streamId, int flags, String content) {
    payload(out, FrameType.DATA, flags, streamId, content);
  }

  private static void payload(ByteBuffer out, int type, int flags, int streamId, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.ISO_8859_1);
    FrameEncoder.header(out, bytes.length, type, flags, streamId);
    out.put(bytes);
  }

  private static Settings settings(int... idsAndValues) {
    Settings settings = new Settings();
    for (int i = 0; i < idsAndValues.length; i += 2) {
      assertThat(settings.set(idsAndValues[i], idsAndValues[i + 1])).isSameAs(H2ErrorCode.NO_ERROR);
    }
    return settings;
  }

  private static byte[] bytes(Consumer<ByteBuffer> writer) {
    ByteBuffer out = ByteBuffer.allocate(1024);
    writer.accept(out);
    return Arrays.copyOf(out.array(), out.position());
  }
}
