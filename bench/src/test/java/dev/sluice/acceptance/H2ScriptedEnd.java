package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

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
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A scripted peer's end of h2: says what the test has it say, whether it is allowed or not, and
 * tells what comes. By itself it only acknowledges SETTINGS and PING, and gives back credit.
 * Sans-IO.
 */
final class H2ScriptedEnd {
  private static final int FRAME_BYTES_MAX = 1 << 14;

  private final Consumer<byte[]> output;
  private final Events events;
  private final HpackEncoder encoder = new HpackEncoder(4096);
  private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);
  private final FrameDecoder frames = new FrameDecoder(Settings.FRAME_BYTES_LIMIT);
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private Map<String, String> block = new LinkedHashMap<>();
  private boolean blockEnds;
  private boolean prefaceDue;

  /** What has come. */
  interface Events {
    /** A field section; fields that come twice are joined by a comma. */
    void onFields(int stream, Map<String, String> fields, boolean end);

    /** Content. */
    default void onContent(int stream, byte[] bytes, boolean end) {}

    /** A stream is cut. */
    default void onReset(int stream, H2ErrorCode code) {}

    /** No streams above this one. */
    default void onGoAway(int last, H2ErrorCode code) {}
  }

  H2ScriptedEnd(boolean server, Consumer<byte[]> output, Events events) {
    this.prefaceDue = server;
    this.output = output;
    this.events = events;
  }

  void preface() {
    emit(Preface::write);
  }

  /** SETTINGS with these identifiers and values. */
  void settings(int... idsAndValues) {
    emit(
        out -> {
          FrameEncoder.header(out, idsAndValues.length * 3, FrameType.SETTINGS, 0, 0);
          for (int i = 0; i < idsAndValues.length; i += 2) {
            out.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
          }
        });
  }

  /** HEADERS with these names and values. */
  void fields(int stream, boolean end, String... namesAndValues) {
    encoder.beginBlock();
    for (int i = 0; i < namesAndValues.length; i += 2) {
      byte[] name = namesAndValues[i].getBytes(ISO_8859_1);
      byte[] value = namesAndValues[i + 1].getBytes(ISO_8859_1);
      FieldName known = FieldName.lookup(name, 0, name.length);
      encoder.field(known, name, 0, name.length, value, 0, value.length, false);
    }
    byte[] coded = Arrays.copyOf(encoder.block(), encoder.length());
    int flags = FrameFlags.END_HEADERS | (end ? FrameFlags.END_STREAM : 0);
    frame(FrameType.HEADERS, flags, stream, coded);
  }

  /** DATA, in as many frames as it takes; whether there is credit is the test's business. */
  void content(int stream, String text, boolean end) {
    byte[] bytes = text.getBytes(ISO_8859_1);
    int at = 0;
    do {
      int n = Math.min(bytes.length - at, FRAME_BYTES_MAX);
      boolean last = end && at + n == bytes.length;
      byte[] piece = Arrays.copyOfRange(bytes, at, at + n);
      frame(FrameType.DATA, last ? FrameFlags.END_STREAM : 0, stream, piece);
      at += n;
    } while (at < bytes.length);
  }

  void reset(int stream, H2ErrorCode code) {
    emit(out -> FrameEncoder.rstStream(out, stream, code));
  }

  void goAway(int last, H2ErrorCode code) {
    emit(out -> FrameEncoder.goAway(out, last, code));
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    emit(
        out -> {
          FrameEncoder.header(out, payload.length, type, flags, stream);
          out.put(payload);
        });
  }

  private void emit(Consumer<ByteBuffer> writer) {
    ByteBuffer out = ByteBuffer.allocate(FRAME_BYTES_MAX + 100);
    writer.accept(out);
    output.accept(Arrays.copyOf(out.array(), out.position()));
  }

  /** Takes bytes from the other end. The first ones of a client must hold its whole preface. */
  void feed(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (prefaceDue) {
      if (Preface.match(in, 0) != Preface.LENGTH) {
        throw new AssertionError("no preface");
      }
      in.position(Preface.LENGTH);
      prefaceDue = false;
    }
    while (true) {
      switch (frames.next(in)) {
        case NEED_INPUT -> {
          return;
        }
        case BEGIN, SETTING -> {}
        case PIECE -> piece(in);
        case END -> end();
        case ERROR -> throw new AssertionError(frames.error() + " " + frames.reason());
      }
    }
  }

  private void piece(ByteBuffer in) {
    int end = in.arrayOffset() + in.position();
    int begin = end - frames.pieceLength();
    if (frames.type() == FrameType.DATA) {
      content.write(in.array(), begin, frames.pieceLength());
    } else if (decoder.decode(in.array(), begin, end, this::collect) != HpackStatus.OK) {
      throw new AssertionError("a field block can't be read");
    }
  }

  private void end() {
    int stream = frames.streamId();
    boolean last = frames.has(FrameFlags.END_STREAM);
    switch (frames.type()) {
      case FrameType.DATA -> {
        byte[] bytes = content.toByteArray();
        content.reset();
        if (bytes.length > 0) {
          emit(out -> FrameEncoder.windowUpdate(out, 0, bytes.length));
          if (!last) {
            emit(out -> FrameEncoder.windowUpdate(out, stream, bytes.length));
          }
        }
        events.onContent(stream, bytes, last);
      }
      case FrameType.HEADERS, FrameType.CONTINUATION -> {
        if (frames.type() == FrameType.HEADERS) {
          blockEnds = last;
        }
        if (frames.has(FrameFlags.END_HEADERS)) {
          if (decoder.endBlock() != HpackStatus.OK) {
            throw new AssertionError("a field block is not whole");
          }
          Map<String, String> fields = block;
          block = new LinkedHashMap<>();
          events.onFields(stream, fields, blockEnds);
        }
      }
      case FrameType.RST_STREAM -> events.onReset(stream, H2ErrorCode.ofWire(frames.word()));
      case FrameType.GOAWAY ->
          events.onGoAway(frames.word(), H2ErrorCode.ofWire(frames.secondWord()));
      case FrameType.SETTINGS -> {
        if (!frames.has(FrameFlags.ACK)) {
          emit(FrameEncoder::settingsAck);
        }
      }
      case FrameType.PING -> {
        if (!frames.has(FrameFlags.ACK)) {
          long opaque = frames.opaque();
          emit(out -> FrameEncoder.ping(out, true, opaque));
        }
      }
      default -> {
        // Nothing that a test would look at.
      }
    }
  }

  private void collect(
      @Nullable FieldName known,
      byte[] name,
      int nameOffset,
      int nameLength,
      byte[] value,
      int valueOffset,
      int valueLength,
      boolean neverIndexed) {
    block.merge(
        new String(name, nameOffset, nameLength, ISO_8859_1),
        new String(value, valueOffset, valueLength, ISO_8859_1),
        (first, second) -> first + ", " + second);
  }
}
