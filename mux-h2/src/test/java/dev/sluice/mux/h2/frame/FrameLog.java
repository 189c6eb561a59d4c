package dev.sluice.mux.h2.frame;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** Runs a decoder over input cut into steps, and writes down each frame as one line. */
final class FrameLog {
  private final FrameDecoder decoder;
  private final List<String> frames = new ArrayList<>();
  private final StringBuilder content = new StringBuilder();

  FrameLog(FrameDecoder decoder) {
    this.decoder = decoder;
  }

  static List<String> of(byte[] input, int step) {
    return new FrameLog(new FrameDecoder(Settings.FRAME_BYTES_MIN)).read(input, step);
  }

  /** Each buffer begins at an offset, so that positions and array indices are told apart. */
  List<String> read(byte[] input, int step) {
    for (int at = 0; at < input.length; at += step) {
      int length = Math.min(step, input.length - at);
      byte[] shifted = new byte[length + 3];
      System.arraycopy(input, at, shifted, 3, length);
      ByteBuffer piece = ByteBuffer.wrap(shifted, 3, length).slice();
      if (!read(piece)) {
        break;
      }
    }
    return frames;
  }

  private boolean read(ByteBuffer in) {
    while (true) {
      switch (decoder.next(in)) {
        case NEED_INPUT -> {
          if (in.hasRemaining()) {
            throw new AssertionError("input left over");
          }
          return true;
        }
        case BEGIN -> content.setLength(0);
        case PIECE ->
            content.append(
                new String(
                    in.array(),
                    in.arrayOffset() + in.position() - decoder.pieceLength(),
                    decoder.pieceLength(),
                    StandardCharsets.ISO_8859_1));
        case SETTING ->
            content
                .append(decoder.settingId())
                .append('=')
                .append(decoder.settingValue())
                .append(' ');
        case END -> frames.add(line());
        case ERROR -> {
          frames.add(decoder.error() + ": " + decoder.reason());
          return false;
        }
      }
    }
  }

  private String line() {
    String head = "stream " + decoder.streamId() + " length " + decoder.length() + ' ';
    boolean end = decoder.has(FrameFlags.END_STREAM);
    return switch (decoder.type()) {
      case FrameType.DATA -> "DATA " + head + content + (end ? " ES" : "");
      case FrameType.HEADERS ->
          "HEADERS "
              + head
              + content
              + (end ? " ES" : "")
              + (decoder.has(FrameFlags.END_HEADERS) ? " EH" : "")
              + (decoder.dependency() >= 0 ? " on " + decoder.dependency() : "");
      case FrameType.CONTINUATION ->
          "CONTINUATION " + head + content + (decoder.has(FrameFlags.END_HEADERS) ? " EH" : "");
      case FrameType.PRIORITY ->
          decoder.sizeFits()
              ? "PRIORITY " + head + "on " + decoder.dependency()
              : "PRIORITY " + head + "of wrong size";
      case FrameType.RST_STREAM -> "RST_STREAM " + head + H2ErrorCode.ofWire(decoder.word());
      case FrameType.SETTINGS ->
          "SETTINGS " + head + content + (decoder.has(FrameFlags.ACK) ? "ACK" : "");
      case FrameType.PUSH_PROMISE -> "PUSH_PROMISE " + head;
      case FrameType.PING ->
          "PING " + HexFormat.of().toHexDigits(decoder.opaque()) + (end ? " ACK" : "");
      case FrameType.GOAWAY ->
          "GOAWAY last " + decoder.word() + ' ' + H2ErrorCode.ofWire(decoder.secondWord());
      case FrameType.WINDOW_UPDATE -> "WINDOW_UPDATE " + head + decoder.word();
      default -> "type " + decoder.type() + ' ' + head;
    };
  }
}
