package dev.sluice.peers;

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
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One end of an HTTP/2 connection (RFC 9113) that speaks in good order: it acknowledges, gives back
 * credit, and sends no more than it has credit for. What it says is the test's. Sans-IO.
 */
public final class H2Peer {
  /** What has come. */
  public interface Events {
    /** A section of fields: a head, or trailers if there was a final one before. */
    void onFields(int stream, List<Field> fields, boolean end);

    /** Content. */
    void onContent(int stream, byte[] content, boolean end);

    /** The other end has cut the stream. */
    void onReset(int stream, H2ErrorCode code);

    /** The other end takes no streams above the last one, or ends the connection. */
    default void onGoAway(int last, H2ErrorCode code) {}
  }

  /** A field, pseudo-fields included. */
  public record Field(String name, String value) {
    /** The fields of names and values in turn. */
    public static List<Field> list(String... namesAndValues) {
      List<Field> fields = new ArrayList<>();
      for (int i = 0; i < namesAndValues.length; i += 2) {
        fields.add(new Field(namesAndValues[i], namesAndValues[i + 1]));
      }
      return fields;
    }

    /** The first value of a name, or an empty text. */
    public static String of(List<Field> fields, String name) {
      for (Field field : fields) {
        if (field.name.equals(name)) {
          return field.value;
        }
      }
      return "";
    }
  }

  /** What of a stream waits for credit. */
  private static final class Sending {
    long window;
    byte[] waiting = {};
    boolean end;

    Sending(long window) {
      this.window = window;
    }
  }

  private static final int WINDOW_BYTES = 65_535;

  private final boolean server;
  private final Consumer<byte[]> output;
  private final Events events;
  private final HpackEncoder encoder = new HpackEncoder(HpackEncoder.DEFAULT_TABLE_SIZE);
  private final HpackDecoder decoder = new HpackDecoder(HpackEncoder.DEFAULT_TABLE_SIZE, 1 << 20);
  private final FrameDecoder frames = new FrameDecoder(Settings.FRAME_BYTES_MIN);
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream content = new ByteArrayOutputStream();
  private final Map<Integer, Sending> sending = new LinkedHashMap<>();
  private List<Field> block = new ArrayList<>();
  private boolean blockEnds;
  private long connectionWindow = WINDOW_BYTES;
  private int initialWindow = WINDOW_BYTES;
  private int streamsMax = Integer.MAX_VALUE;
  private boolean connectProtocol;
  private int prefaceLeft;
  private byte[] early = {};
  private int padding;
  private boolean reading;
  private String malformed = "";

  /**
   * An end that has said nothing yet.
   *
   * @param output gets what it says
   */
  public H2Peer(boolean server, Consumer<byte[]> output, Events events) {
    this.server = server;
    this.output = output;
    this.events = events;
    this.prefaceLeft = server ? Preface.LENGTH : 0;
  }

  /** Says what comes first, with these SETTINGS: identifiers and values in turn. */
  public void start(int... idsAndValues) {
    if (!server) {
      emit(Preface::write);
    }
    emit(
        to -> {
          FrameEncoder.header(to, idsAndValues.length * 3, FrameType.SETTINGS, 0, 0);
          for (int i = 0; i < idsAndValues.length; i += 2) {
            to.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
          }
        });
    flush();
  }

  /** Gives every DATA frame so much padding from now on (RFC 9113 6.1). */
  public void padding(int bytes) {
    padding = bytes;
  }

  /** HEADERS, in one frame or with CONTINUATION behind it if it is long. */
  public void fields(int stream, boolean end, List<Field> fields) {
    encoder.beginBlock();
    for (Field field : fields) {
      byte[] name = field.name.getBytes(ISO_8859_1);
      byte[] value = field.value.getBytes(ISO_8859_1);
      FieldName known = FieldName.lookup(name, 0, name.length);
      encoder.field(known, name, 0, name.length, value, 0, value.length, false);
    }
    byte[] coded = Arrays.copyOf(encoder.block(), encoder.length());
    int type = FrameType.HEADERS;
    int flags = end ? FrameFlags.END_STREAM : 0;
    int at = 0;
    do {
      int length = Math.min(coded.length - at, Settings.FRAME_BYTES_MIN);
      boolean last = at + length == coded.length;
      frame(
          type,
          flags | (last ? FrameFlags.END_HEADERS : 0),
          stream,
          Arrays.copyOfRange(coded, at, at + length));
      at += length;
      type = FrameType.CONTINUATION;
      flags = 0;
    } while (at < coded.length);
    sending.computeIfAbsent(stream, id -> new Sending(initialWindow));
    if (end) {
      sending.remove(stream);
    }
    flush();
  }

  /** Content, sent as far as there is credit, and the rest when there is. */
  public void content(int stream, byte[] bytes, boolean end) {
    Sending state = sending.get(stream);
    if (state == null) {
      return;
    }
    int old = state.waiting.length;
    state.waiting = Arrays.copyOf(state.waiting, old + bytes.length);
    System.arraycopy(bytes, 0, state.waiting, old, bytes.length);
    state.end |= end;
    push(stream, state);
    flush();
  }

  /** Cuts a stream. */
  public void reset(int stream, H2ErrorCode code) {
    sending.remove(stream);
    emit(to -> FrameEncoder.rstStream(to, stream, code));
    flush();
  }

  /** GOAWAY. */
  public void goAway(int last, H2ErrorCode code) {
    emit(to -> FrameEncoder.goAway(to, last, code));
    flush();
  }

  /** Any bytes. */
  public void raw(byte[] bytes) {
    output.accept(bytes);
  }

  /** How many streams the other end takes at a time, as far as it has said. */
  public int streamsMax() {
    return streamsMax;
  }

  /** Whether the other end takes extended CONNECT (RFC 8441 3). */
  public boolean connectProtocol() {
    return connectProtocol;
  }

  /** What was wrong with what has come, or empty. */
  public String malformed() {
    return malformed;
  }

  private void push(int stream, Sending state) {
    int at = 0;
    boolean more = true;
    while (more) {
      long credit = Math.min(Math.min(connectionWindow, state.window), Settings.FRAME_BYTES_MIN);
      int room = (int) Math.max(0, credit - (padding == 0 ? 0 : padding + 1));
      int length = Math.min(room, state.waiting.length - at);
      boolean last = state.end && at + length == state.waiting.length;
      if (length == 0 && !last) {
        break;
      }
      byte[] piece = Arrays.copyOfRange(state.waiting, at, at + length);
      int sent = data(stream, piece, last);
      connectionWindow -= sent;
      state.window -= sent;
      at += length;
      more = at < state.waiting.length;
      if (last) {
        sending.remove(stream);
      }
    }
    state.waiting = Arrays.copyOfRange(state.waiting, at, state.waiting.length);
  }

  /** Returns what counts against the windows. */
  private int data(int stream, byte[] piece, boolean last) {
    int flags = last ? FrameFlags.END_STREAM : 0;
    if (padding == 0 || piece.length == 0) {
      frame(FrameType.DATA, flags, stream, piece);
      return piece.length;
    }
    byte[] padded = new byte[1 + piece.length + padding];
    padded[0] = (byte) padding;
    System.arraycopy(piece, 0, padded, 1, piece.length);
    frame(FrameType.DATA, flags | FrameFlags.PADDED, stream, padded);
    return padded.length;
  }

  private void frame(int type, int flags, int stream, byte[] payload) {
    emit(
        to -> {
          FrameEncoder.header(to, payload.length, type, flags, stream);
          to.put(payload);
        });
  }

  private void emit(Consumer<ByteBuffer> writer) {
    ByteBuffer frame = ByteBuffer.allocate(Settings.FRAME_BYTES_MIN + 600);
    writer.accept(frame);
    out.write(frame.array(), 0, frame.position());
  }

  private void flush() {
    if (!reading && out.size() > 0) {
      byte[] bytes = out.toByteArray();
      out.reset();
      output.accept(bytes);
    }
  }

  // ---- what comes

  /** Takes bytes from the other end, however they are cut. */
  public void feed(byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (prefaceLeft > 0 && !preface(in)) {
      return;
    }
    reading = true;
    try {
      boolean more = malformed.isEmpty();
      while (more) {
        more = next(in);
      }
    } finally {
      reading = false;
    }
    flush();
  }

  private boolean preface(ByteBuffer in) {
    int take = Math.min(prefaceLeft, in.remaining());
    byte[] joined = Arrays.copyOf(early, early.length + take);
    in.get(joined, early.length, take);
    early = joined;
    prefaceLeft -= take;
    if (prefaceLeft == 0 && Preface.match(ByteBuffer.wrap(early), 0) != Preface.LENGTH) {
      malformed = "no preface: " + new String(early, ISO_8859_1);
    }
    return prefaceLeft == 0 && malformed.isEmpty();
  }

  private boolean next(ByteBuffer in) {
    switch (frames.next(in)) {
      case NEED_INPUT -> {
        return false;
      }
      case BEGIN -> {}
      case SETTING -> setting(frames.settingId(), frames.settingValue());
      case PIECE -> piece(in);
      case END -> end();
      case ERROR -> malformed = frames.error() + " " + frames.reason();
    }
    return malformed.isEmpty();
  }

  private void setting(int id, int value) {
    if (id == Settings.INITIAL_WINDOW_SIZE) {
      for (Sending each : sending.values()) {
        each.window += value - initialWindow;
      }
      initialWindow = value;
    } else if (id == Settings.MAX_CONCURRENT_STREAMS) {
      streamsMax = value;
    } else if (id == Settings.ENABLE_CONNECT_PROTOCOL) {
      connectProtocol = value == 1;
    }
  }

  private void piece(ByteBuffer in) {
    int end = in.arrayOffset() + in.position();
    int begin = end - frames.pieceLength();
    if (frames.type() == FrameType.DATA) {
      content.write(in.array(), begin, frames.pieceLength());
    } else if (decoder.decode(in.array(), begin, end, this::collect) != HpackStatus.OK) {
      malformed = "a block of fields that can't be read";
    }
  }

  private void end() {
    int stream = frames.streamId();
    boolean last = frames.has(FrameFlags.END_STREAM);
    switch (frames.type()) {
      case FrameType.DATA -> {
        byte[] bytes = content.toByteArray();
        content.reset();
        credit(stream, frames.length(), last);
        events.onContent(stream, bytes, last);
      }
      case FrameType.HEADERS, FrameType.CONTINUATION -> {
        if (frames.type() == FrameType.HEADERS) {
          blockEnds = last;
        }
        if (frames.has(FrameFlags.END_HEADERS)) {
          if (decoder.endBlock() != HpackStatus.OK) {
            malformed = "a block of fields that is not whole";
          }
          List<Field> fields = block;
          block = new ArrayList<>();
          if (server) {
            sending.computeIfAbsent(stream, id -> new Sending(initialWindow));
          }
          events.onFields(stream, fields, blockEnds);
        }
      }
      case FrameType.RST_STREAM -> {
        sending.remove(stream);
        events.onReset(stream, H2ErrorCode.ofWire(frames.word()));
      }
      case FrameType.GOAWAY ->
          events.onGoAway(frames.word(), H2ErrorCode.ofWire(frames.secondWord()));
      case FrameType.WINDOW_UPDATE -> onCredit(stream, frames.word());
      case FrameType.SETTINGS -> {
        if (!frames.has(FrameFlags.ACK)) {
          emit(FrameEncoder::settingsAck);
          pushAll();
        }
      }
      case FrameType.PING -> {
        if (!frames.has(FrameFlags.ACK)) {
          long opaque = frames.opaque();
          emit(to -> FrameEncoder.ping(to, true, opaque));
        }
      }
      default -> {
        // PRIORITY and what is unknown have no meaning.
      }
    }
  }

  private void credit(int stream, int length, boolean last) {
    if (length > 0) {
      emit(to -> FrameEncoder.windowUpdate(to, 0, length));
      if (!last) {
        emit(to -> FrameEncoder.windowUpdate(to, stream, length));
      }
    }
  }

  private void onCredit(int stream, int increment) {
    if (stream == 0) {
      connectionWindow += increment;
      pushAll();
      return;
    }
    Sending state = sending.get(stream);
    if (state != null) {
      state.window += increment;
      push(stream, state);
    }
  }

  private void pushAll() {
    for (Map.Entry<Integer, Sending> each : List.copyOf(sending.entrySet())) {
      push(each.getKey(), each.getValue());
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
    block.add(
        new Field(
            new String(name, nameOffset, nameLength, ISO_8859_1),
            new String(value, valueOffset, valueLength, ISO_8859_1)));
  }
}
