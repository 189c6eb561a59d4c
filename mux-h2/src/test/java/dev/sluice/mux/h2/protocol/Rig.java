package dev.sluice.mux.h2.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.core.mux.Side;
import dev.sluice.mux.h2.WirePeer;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;

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

  private final WirePeer peer = new WirePeer();
  private final ByteArrayOutputStream output = new ByteArrayOutputStream();
  private final List<String> events = new ArrayList<>();
  private final Map<Integer, StreamRecord> streams = new HashMap<>();

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
    return bytes(peer.preface());
  }

  Rig settings(int... idsAndValues) {
    return bytes(peer.settings(idsAndValues));
  }

  Rig settingsAck() {
    return bytes(peer.settingsAck());
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
    return bytes(peer.headers(id, end, fields));
  }

  Rig data(int id, int length, boolean end) {
    return bytes(peer.data(id, new byte[length], end));
  }

  Rig data(int id, String content, boolean end) {
    return bytes(peer.data(id, content, end));
  }

  Rig paddedData(int id, int length, int padding, boolean end) {
    byte[] payload = new byte[1 + length + padding];
    payload[0] = (byte) padding;
    return raw(FrameType.DATA, FrameFlags.PADDED | (end ? FrameFlags.END_STREAM : 0), id, payload);
  }

  Rig rst(int id, H2ErrorCode code) {
    return bytes(peer.rst(id, code));
  }

  Rig windowUpdate(int id, int increment) {
    return bytes(peer.windowUpdate(id, increment));
  }

  Rig ping(long opaque) {
    return bytes(peer.ping(false, opaque));
  }

  Rig pong(long opaque) {
    return bytes(peer.ping(true, opaque));
  }

  Rig goAway(int lastId, H2ErrorCode code) {
    return bytes(peer.goAway(lastId, code));
  }

  Rig raw(int type, int flags, int id, byte[] payload) {
    return bytes(peer.raw(type, flags, id, payload));
  }

  Rig frame(Consumer<ByteBuffer> frame) {
    return bytes(WirePeer.frame(frame));
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
    return peer.block(fields);
  }

  // ---- what comes out

  /** The frames sent since the last call. */
  List<String> sent() {
    byte[] bytes = output.toByteArray();
    output.reset();
    return peer.read(bytes);
  }

  /** How much content was sent on the stream in all; {@link #sent} reads it. */
  int dataSent(int id) {
    return peer.dataRead(id);
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
