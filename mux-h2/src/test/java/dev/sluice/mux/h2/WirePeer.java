package dev.sluice.mux.h2;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.FieldName;
import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameEncoder;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Preface;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.mux.h2.hpack.HpackDecoder;
import dev.sluice.mux.h2.hpack.HpackEncoder;
import dev.sluice.mux.h2.hpack.HpackStatus;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The bytes of a peer: makes its frames, and turns the frames that it gets into lines of text. */
public final class WirePeer {
  private final HpackEncoder encoder = new HpackEncoder(4096);
  private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);
  private final FrameDecoder frames = new FrameDecoder(Settings.FRAME_BYTES_LIMIT);
  private boolean blockEnds;
  private final List<String> block = new ArrayList<>();
  private final Map<Integer, ByteArrayOutputStream> dataRead = new HashMap<>();
  private final Set<Integer> ended = new HashSet<>();

  // ---- what the peer sends

  /** The preface of a client. */
  public byte[] preface() {
    return frame(Preface::write);
  }

  /** SETTINGS with these identifiers and values. */
  public byte[] settings(int... idsAndValues) {
    return frame(
        out -> {
          FrameEncoder.header(out, idsAndValues.length * 3, FrameType.SETTINGS, 0, 0);
          for (int i = 0; i < idsAndValues.length; i += 2) {
            out.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
          }
        });
  }

  /** The acknowledgement of SETTINGS. */
  public byte[] settingsAck() {
    return frame(FrameEncoder::settingsAck);
  }

  /** HEADERS with these names and values. */
  public byte[] headers(int id, boolean end, String... fields) {
    int flags = FrameFlags.END_HEADERS | (end ? FrameFlags.END_STREAM : 0);
    return raw(FrameType.HEADERS, flags, id, block(fields));
  }

  /** DATA. */
  public byte[] data(int id, byte[] content, boolean end) {
    return raw(FrameType.DATA, end ? FrameFlags.END_STREAM : 0, id, content);
  }

  /** DATA. */
  public byte[] data(int id, String content, boolean end) {
    return data(id, content.getBytes(StandardCharsets.ISO_8859_1), end);
  }

  /** RST_STREAM. */
  public byte[] rst(int id, H2ErrorCode code) {
    return frame(out -> FrameEncoder.rstStream(out, id, code));
  }

  /** WINDOW_UPDATE, also by nothing. */
  public byte[] windowUpdate(int id, int increment) {
    return frame(
        out -> {
          FrameEncoder.header(out, 4, FrameType.WINDOW_UPDATE, 0, id);
          out.putInt(increment);
        });
  }

  /** PING, or its answer. */
  public byte[] ping(boolean ack, long opaque) {
    return frame(out -> FrameEncoder.ping(out, ack, opaque));
  }

  /** GOAWAY. */
  public byte[] goAway(int lastId, H2ErrorCode code) {
    return frame(out -> FrameEncoder.goAway(out, lastId, code));
  }

  /** Any frame. */
  public byte[] raw(int type, int flags, int id, byte[] payload) {
    return frame(
        out -> {
          FrameEncoder.header(out, payload.length, type, flags, id);
          out.put(payload);
        });
  }

  /** The bytes of one or more frames. */
  public static byte[] frame(Consumer<ByteBuffer> writer) {
    ByteBuffer out = ByteBuffer.allocate(1 << 15);
    writer.accept(out);
    return Arrays.copyOf(out.array(), out.position());
  }

  /** A field block by the peer's encoder. */
  public byte[] block(String... fields) {
    encoder.beginBlock();
    for (int i = 0; i < fields.length; i += 2) {
      byte[] name = fields[i].getBytes(StandardCharsets.ISO_8859_1);
      byte[] value = fields[i + 1].getBytes(StandardCharsets.ISO_8859_1);
      encoder.field(
          FieldName.lookup(name, 0, name.length),
          name,
          0,
          name.length,
          value,
          0,
          value.length,
          false);
    }
    return Arrays.copyOf(encoder.block(), encoder.length());
  }

  /** A field block without any coding, in which names keep their case. */
  public static byte[] literalBlock(String... fields) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int i = 0; i < fields.length; i++) {
      if (i % 2 == 0) {
        out.write(0);
      }
      out.write(fields[i].length());
      out.writeBytes(fields[i].getBytes(StandardCharsets.ISO_8859_1));
    }
    return out.toByteArray();
  }

  // ---- what the peer gets

  /** One line for each frame in the input, which ends with a whole frame. */
  public List<String> read(byte[] input) {
    List<String> lines = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(input);
    if (Preface.match(in, 0) == Preface.LENGTH) {
      in.position(Preface.LENGTH);
      lines.add("preface");
    }
    StringBuilder settings = new StringBuilder();
    while (true) {
      switch (frames.next(in)) {
        case NEED_INPUT -> {
          assertThat(in.hasRemaining()).isFalse();
          return lines;
        }
        case BEGIN -> settings.setLength(0);
        case PIECE -> piece(in);
        case SETTING ->
            settings
                .append(' ')
                .append(frames.settingId())
                .append('=')
                .append(frames.settingValue());
        case END -> {
          String line = line(settings.toString());
          if (!line.isEmpty()) {
            lines.add(line);
          }
        }
        case ERROR -> throw new AssertionError(frames.error() + " " + frames.reason());
      }
    }
  }

  /** How much content was read of the stream in all. */
  public int dataRead(int id) {
    return content(id).length;
  }

  /** The content that was read of the stream. */
  public byte[] content(int id) {
    return dataRead.getOrDefault(id, new ByteArrayOutputStream()).toByteArray();
  }

  /** Whether END_STREAM was read of the stream. */
  public boolean ended(int id) {
    return ended.contains(id);
  }

  private void piece(ByteBuffer in) {
    int length = frames.pieceLength();
    int end = in.arrayOffset() + in.position();
    if (frames.type() == FrameType.DATA) {
      dataRead
          .computeIfAbsent(frames.streamId(), id -> new ByteArrayOutputStream())
          .write(in.array(), end - length, length);
      return;
    }
    assertThat(decoder.decode(in.array(), end - length, end, this::collectField))
        .isSameAs(HpackStatus.OK);
  }

  private String line(String settings) {
    String head = frames.streamId() + " ";
    boolean end = frames.has(FrameFlags.END_STREAM);
    if (end && (frames.type() == FrameType.DATA || frames.type() == FrameType.HEADERS)) {
      ended.add(frames.streamId());
    }
    switch (frames.type()) {
      case FrameType.DATA -> {
        return "DATA " + head + frames.length() + (end ? " ES" : "");
      }
      case FrameType.HEADERS, FrameType.CONTINUATION -> {
        if (frames.type() == FrameType.HEADERS) {
          blockEnds = end;
        }
        if (!frames.has(FrameFlags.END_HEADERS)) {
          return "";
        }
        assertThat(decoder.endBlock()).isSameAs(HpackStatus.OK);
        String line = "HEADERS " + head + block + (blockEnds ? " ES" : "");
        block.clear();
        return line;
      }
      case FrameType.RST_STREAM -> {
        return "RST_STREAM " + head + H2ErrorCode.ofWire(frames.word());
      }
      case FrameType.SETTINGS -> {
        return frames.has(FrameFlags.ACK) ? "SETTINGS ACK" : "SETTINGS" + settings;
      }
      case FrameType.PING -> {
        return "PING " + Long.toHexString(frames.opaque()) + (end ? " ACK" : "");
      }
      case FrameType.GOAWAY -> {
        return "GOAWAY " + frames.word() + ' ' + H2ErrorCode.ofWire(frames.secondWord());
      }
      case FrameType.WINDOW_UPDATE -> {
        return "WINDOW_UPDATE " + head + frames.word();
      }
      default -> throw new AssertionError("type " + frames.type());
    }
  }

  private void collectField(
      @Nullable FieldName known,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean neverIndexed) {
    block.add(
        new String(name, nameOffset, nameLength, StandardCharsets.ISO_8859_1)
            + "="
            + new String(value, valueOffset, valueLength, StandardCharsets.ISO_8859_1));
  }
}
