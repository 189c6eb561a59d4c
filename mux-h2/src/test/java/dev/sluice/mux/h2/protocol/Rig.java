package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Side;
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
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * A protocol under test, and the script of its peer: methods named after frames send them to the
 * protocol; {@link #sent} is what it has sent since, {@link #told} what it has told the layer
 * above.
 */
final class Rig implements H2Events, FrameOutput {
  static final long SECOND = 1_000_000_000L;

  final H2Protocol protocol;
  final boolean front;

  /** How many bytes go in at a time. */
  int step = Integer.MAX_VALUE;

  /** Whether content is used up as it comes. */
  boolean consuming = true;

  /** What the output would take of DATA. */
  int room = 1 << 30;

  /** Whether the output takes anything. */
  boolean taking = true;

  long now = 1000 * SECOND;

  /** What is done when a stream can send again. */
  Consumer<StreamRecord> writable = stream -> {};

  /** What is done with the fields of a head. */
  Consumer<Fields> onHead = fields -> {};

  private final HpackEncoder encoder = new HpackEncoder(4096);
  private final HpackDecoder decoder = new HpackDecoder(4096, 1 << 20);
  private final FrameDecoder frames = new FrameDecoder(Settings.FRAME_BYTES_LIMIT);
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final List<String> events = new ArrayList<>();
  private final Map<Integer, StreamRecord> streams = new HashMap<>();
  private boolean blockEnds;
  private final List<String> block = new ArrayList<>();
  private final Map<Integer, Integer> dataSent = new HashMap<>();

  Rig(Side side) {
    this(side, H2Options.defaults());
  }

  Rig(Side side, H2Options options) {
    front = side == Side.FRONT;
    protocol = new H2Protocol(side, options, this, this, now);
    protocol.start(now);
  }

  /** A connection on which both sides have exchanged and acknowledged their settings. */
  static Rig ready(Side side, H2Options options, int... peerSettings) {
    Rig rig = new Rig(side, options);
    if (rig.front) {
      rig.preface();
    }
    rig.settings(peerSettings);
    rig.settingsAck();
    rig.sent();
    rig.told();
    return rig;
  }

  static Rig ready(Side side, int... peerSettings) {
    return ready(side, H2Options.defaults(), peerSettings);
  }

  // ---- the peer's script

  Rig preface() {
    return frame(Preface::write);
  }

  Rig settings(int... idsAndValues) {
    return frame(
        out -> {
          FrameEncoder.header(out, idsAndValues.length * 3, FrameType.SETTINGS, 0, 0);
          for (int i = 0; i < idsAndValues.length; i += 2) {
            out.putShort((short) idsAndValues[i]).putInt(idsAndValues[i + 1]);
          }
        });
  }

  Rig settingsAck() {
    return frame(FrameEncoder::settingsAck);
  }

  Rig get(int id) {
    return headers(id, true, ":method", "GET", ":scheme", "https", ":authority", "h", ":path", "/");
  }

  Rig post(int id, String... more) {
    List<String> fields =
        new ArrayList<>(
            List.of(":method", "POST", ":scheme", "https", ":authority", "h", ":path", "/"));
    fields.addAll(List.of(more));
    return headers(id, false, fields.toArray(new String[0]));
  }

  Rig headers(int id, boolean end, String... fields) {
    int flags = FrameFlags.END_HEADERS | (end ? FrameFlags.END_STREAM : 0);
    return raw(FrameType.HEADERS, flags, id, block(fields));
  }

  Rig data(int id, int length, boolean end) {
    return raw(FrameType.DATA, end ? FrameFlags.END_STREAM : 0, id, new byte[length]);
  }

  Rig data(int id, String content, boolean end) {
    return raw(
        FrameType.DATA,
        end ? FrameFlags.END_STREAM : 0,
        id,
        content.getBytes(StandardCharsets.ISO_8859_1));
  }

  Rig paddedData(int id, int length, int padding, boolean end) {
    byte[] payload = new byte[1 + length + padding];
    payload[0] = (byte) padding;
    return raw(FrameType.DATA, FrameFlags.PADDED | (end ? FrameFlags.END_STREAM : 0), id, payload);
  }

  Rig rst(int id, H2ErrorCode code) {
    return frame(out -> FrameEncoder.rstStream(out, id, code));
  }

  Rig windowUpdate(int id, int increment) {
    return frame(
        out -> {
          FrameEncoder.header(out, 4, FrameType.WINDOW_UPDATE, 0, id);
          out.putInt(increment);
        });
  }

  Rig ping(long opaque) {
    return frame(out -> FrameEncoder.ping(out, false, opaque));
  }

  Rig pong(long opaque) {
    return frame(out -> FrameEncoder.ping(out, true, opaque));
  }

  Rig goAway(int lastId, H2ErrorCode code) {
    return frame(out -> FrameEncoder.goAway(out, lastId, code));
  }

  Rig raw(int type, int flags, int id, byte[] payload) {
    return frame(
        out -> {
          FrameEncoder.header(out, payload.length, type, flags, id);
          out.put(payload);
        });
  }

  Rig frame(Consumer<ByteBuffer> frame) {
    ByteBuffer out = ByteBuffer.allocate(1 << 18);
    frame.accept(out);
    return bytes(Arrays.copyOf(out.array(), out.position()));
  }

  Rig bytes(byte[] input) {
    for (int at = 0; at < input.length; ) {
      int length = Math.min(step, input.length - at);
      // At an offset within its array, so that indices and positions are told apart.
      byte[] shifted = new byte[length + 5];
      System.arraycopy(input, at, shifted, 5, length);
      ByteBuffer in = ByteBuffer.wrap(shifted, 5, length).slice();
      protocol.receive(in, now);
      assertThat(protocol.failed() || !in.hasRemaining()).isTrue();
      at += length;
    }
    return this;
  }

  /** A field block by the peer's encoder. */
  byte[] block(String... fields) {
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
  static byte[] literalBlock(String... fields) {
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

  // ---- what comes out

  /** The frames sent since the last call. */
  List<String> sent() {
    List<String> lines = new ArrayList<>();
    ByteBuffer in = ByteBuffer.wrap(output.toByteArray());
    output.reset();
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
        case PIECE -> {
          if (frames.type() == FrameType.DATA) {
            dataSent.merge(frames.streamId(), frames.pieceLength(), Integer::sum);
          } else {
            int from = in.arrayOffset() + in.position() - frames.pieceLength();
            HpackStatus status =
                decoder.decode(
                    in.array(), from, from + frames.pieceLength(), Rig.this::collectField);
            assertThat(status).isSameAs(HpackStatus.OK);
          }
        }
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

  /** How much content was sent on the stream in all; {@link #sent} reads it. */
  int dataSent(int id) {
    return dataSent.getOrDefault(id, 0);
  }

  /** The events since the last call. */
  List<String> told() {
    List<String> told = List.copyOf(events);
    events.clear();
    return told;
  }

  StreamRecord stream(int id) {
    StreamRecord stream = streams.get(id);
    assertThat(stream).as("stream " + id).isNotNull();
    return stream;
  }

  /** Opens a stream of ours and sends a request on it. */
  StreamRecord request(String method, boolean end, String... fields) {
    StreamRecord stream = protocol.open();
    assertThat(stream).isNotNull();
    RequestHead head = new RequestHead(8192, 100);
    head.setMethod(method);
    head.setScheme("https");
    head.setAuthority("h");
    head.setPath("/");
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    assertThat(protocol.sendRequest(stream, head, end)).isTrue();
    streams.put(stream.id(), stream);
    return stream;
  }

  void respond(int id, int status, boolean end, String... fields) {
    ResponseHead head = new ResponseHead(8192, 100);
    head.setStatus(status);
    for (int i = 0; i < fields.length; i += 2) {
      head.fields().add(fields[i], fields[i + 1]);
    }
    protocol.sendResponse(stream(id), head, end);
  }

  int send(int id, int length, boolean end) {
    return protocol.send(stream(id), ByteBuffer.allocate(length), end);
  }

  void release(int id) {
    protocol.release(stream(id));
    streams.remove(id);
  }

  /** Releases every stream that is closed. */
  void releaseClosed() {
    for (StreamRecord each : List.copyOf(streams.values())) {
      if (each.state().closed()) {
        release(each.id());
      }
    }
  }

  private String line(String settings) {
    String head = frames.streamId() + " ";
    boolean end = frames.has(FrameFlags.END_STREAM);
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

  // ---- the seams

  @Override
  public int room() {
    return room;
  }

  @Override
  public boolean write(ByteBuffer bytes) {
    while (bytes.hasRemaining()) {
      output.write(bytes.get());
    }
    return taking;
  }

  @Override
  public void onRequest(StreamRecord stream, RequestHead head, boolean end) {
    streams.put(stream.id(), stream);
    onHead.accept(head.fields());
    events.add(
        "request "
            + stream.id()
            + " "
            + head.methodName()
            + " "
            + head.scheme()
            + " "
            + head.authority()
            + " "
            + head.path()
            + (head.hasProtocol() ? " protocol " + head.protocol() : "")
            + fields(head.fields())
            + (end ? " end" : ""));
  }

  @Override
  public void onResponse(StreamRecord stream, ResponseHead head, boolean end) {
    events.add(
        "response "
            + stream.id()
            + " "
            + head.status()
            + fields(head.fields())
            + (end ? " end" : ""));
  }

  @Override
  public void onData(StreamRecord stream, ByteBuffer content, boolean end) {
    int length = content.remaining();
    String last = events.isEmpty() ? "" : events.get(events.size() - 1);
    String prefix = "data " + stream.id() + " ";
    int sum = length;
    if (last.startsWith(prefix) && !last.endsWith("end")) {
      // Pieces of any size read the same.
      sum += Integer.parseInt(last.substring(prefix.length()));
      events.remove(events.size() - 1);
    }
    events.add(prefix + sum + (end ? " end" : ""));
    if (consuming) {
      protocol.consumed(stream, length);
    }
  }

  @Override
  public void onTrailers(StreamRecord stream, Fields trailers) {
    events.add("trailers " + stream.id() + fields(trailers));
  }

  @Override
  public void onEnd(StreamRecord stream) {
    events.add("end " + stream.id());
  }

  @Override
  public void onReset(StreamRecord stream, H2ErrorCode code, boolean byPeer, String reason) {
    events.add("reset " + stream.id() + " " + code + (byPeer ? " by peer" : ": " + reason));
  }

  @Override
  public void onWritable(StreamRecord stream) {
    writable.accept(stream);
  }

  @Override
  public void onRejected(int status, String reason) {
    events.add("rejected " + status + ": " + reason);
  }

  @Override
  public void onCapacityChanged() {
    events.add("capacity " + protocol.availableStreams());
  }

  private static String fields(Fields fields) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < fields.size(); i++) {
      text.append(' ').append(fields.nameText(i)).append('=').append(fields.valueText(i));
    }
    return text.toString();
  }
}
