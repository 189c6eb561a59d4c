package dev.sluice.mux.h2.protocol;

import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Preface;
import dev.sluice.mux.h2.frame.Settings;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * What the peer sends: holds each frame against the state of its stream and of the connection, and
 * hands field blocks to the {@link BlockReader}.
 *
 * <p>Part of {@link H2Protocol}. After every event the stream's state is read anew.
 */
final class FrameReader {
  private final H2Protocol protocol;
  private final FrameDecoder decoder;
  private final Admission admission;
  private final BlockReader blocks;

  private int prefaceMatched;
  private boolean settingsExpected = true;
  private long now;

  // The DATA frame that is being read.
  private @Nullable StreamRecord dataStream;
  private int dataGeneration;
  private int dataContent;
  private boolean dataEnded;

  /** The SETTINGS frame that is being read; it counts as a whole, once it is complete. */
  private final Settings arriving = new Settings();

  private boolean tableSizeArrived;

  /** The lowest table size in the frame, as unsigned. */
  private int tableSizeLowest;

  FrameReader(H2Protocol protocol) {
    this.protocol = protocol;
    this.decoder = new FrameDecoder(protocol.options.frameBytesMax());
    this.admission = new Admission(protocol);
    this.blocks = new BlockReader(protocol, decoder, admission);
    this.prefaceMatched = protocol.front ? 0 : Preface.LENGTH;
  }

  void receive(ByteBuffer in, long nowNanos) {
    now = nowNanos;
    if (prefaceMatched < Preface.LENGTH && !preface(in)) {
      return;
    }
    while (!protocol.failed()) {
      switch (decoder.next(in)) {
        case NEED_INPUT -> {
          return;
        }
        case BEGIN -> begin();
        case PIECE -> piece(in);
        case SETTING -> setting();
        case END -> end();
        case ERROR -> fail(decoder.error(), decoder.reason());
      }
    }
    in.position(in.limit());
  }

  boolean withinBlock() {
    return blocks.open();
  }

  /** RFC 9113 3.4; true once all of it has come. */
  private boolean preface(ByteBuffer in) {
    int more = Preface.match(in, prefaceMatched);
    if (more < 0) {
      fail(H2ErrorCode.PROTOCOL_ERROR, "not the preface of a client");
      in.position(in.limit());
      return false;
    }
    in.position(in.position() + more);
    prefaceMatched += more;
    return prefaceMatched == Preface.LENGTH;
  }

  private void begin() {
    int type = decoder.type();
    // RFC 9113 3.4: the preface of either side ends in SETTINGS, which are no acknowledgement.
    if (settingsExpected && (type != FrameType.SETTINGS || decoder.has(FrameFlags.ACK))) {
      fail(H2ErrorCode.PROTOCOL_ERROR, "the first frame is not SETTINGS");
      return;
    }
    settingsExpected = false;
    // RFC 9113 4.3: nothing may come between the frames of a block.
    if (blocks.open() && type != FrameType.CONTINUATION) {
      fail(H2ErrorCode.PROTOCOL_ERROR, "frame within a field block");
      return;
    }
    switch (type) {
      case FrameType.DATA -> beginData();
      case FrameType.HEADERS -> blocks.begin(now);
      case FrameType.CONTINUATION -> blocks.proceed(now);
      case FrameType.SETTINGS -> beginSettings();
      case FrameType.PUSH_PROMISE ->
          // RFC 9113 8.4: we never allow push, and a client can't push at all.
          fail(H2ErrorCode.PROTOCOL_ERROR, "PUSH_PROMISE");
      case FrameType.PING, FrameType.GOAWAY, FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> {}
      default -> admission.spend(Abuse.IGNORED_FRAME, now, "flood of frames of no meaning");
    }
  }

  private void piece(ByteBuffer in) {
    if (decoder.type() == FrameType.DATA) {
      data(in);
    } else {
      blocks.piece(in);
    }
  }

  private void end() {
    switch (decoder.type()) {
      case FrameType.DATA -> endData();
      case FrameType.HEADERS, FrameType.CONTINUATION -> blocks.endFrame(now);
      case FrameType.PRIORITY -> priority();
      case FrameType.RST_STREAM -> rstStream();
      case FrameType.SETTINGS -> endSettings();
      case FrameType.PING -> ping();
      case FrameType.GOAWAY -> protocol.onGoAway(decoder.word());
      case FrameType.WINDOW_UPDATE -> windowUpdate();
      default -> {}
    }
  }

  // ---- DATA (RFC 9113 6.1)

  private void beginData() {
    int length = decoder.length();
    dataStream = null;
    dataContent = 0;
    dataEnded = false;
    // RFC 9113 6.9: the connection's window counts every DATA frame, wanted or not.
    if (!protocol.receiveWindow.receive(length)) {
      fail(H2ErrorCode.FLOW_CONTROL_ERROR, "more content than the connection's window");
      return;
    }
    if (length == 0 && !decoder.has(FrameFlags.END_STREAM)) {
      admission.spend(Abuse.EMPTY_FRAME, now, "flood of empty frames");
    }
    StreamRecord stream = admission.admit(decoder.streamId(), StreamEvent.RECEIVE_DATA, now);
    if (stream == null) {
      protocol.refund(length);
    } else if (!stream.receiveWindow.receive(length)) {
      admission.glitch(now);
      protocol.refund(length);
      protocol.failStream(
          stream, H2ErrorCode.FLOW_CONTROL_ERROR, "more content than the stream's window");
    } else if (!stream.headReceived) {
      // Only a server can do that: a client's stream begins with its head.
      failStream(stream, "content before the head");
    } else {
      // From here on the stream owes the whole frame: its release settles what is never told of.
      dataStream = stream;
      dataGeneration = stream.generation;
    }
  }

  private void data(ByteBuffer in) {
    StreamRecord stream = dataStream;
    if (stream == null || stream.generation != dataGeneration || !stream.state.receiveOpen()) {
      return;
    }
    int length = decoder.pieceLength();
    dataContent += length;
    stream.contentReceived += length;
    dataEnded = decoder.lastPiece() && decoder.has(FrameFlags.END_STREAM);
    String fault = stream.contentFault(dataEnded);
    if (fault != null) {
      failStream(stream, fault);
      return;
    }
    if (dataEnded) {
      stream.state = stream.state.next(StreamEvent.RECEIVE_END);
    }
    int limit = in.limit();
    int position = in.position();
    in.limit(position).position(position - length);
    protocol.events.onData(stream, in, dataEnded);
    in.limit(limit).position(position);
  }

  private void endData() {
    StreamRecord stream = dataStream;
    dataStream = null;
    if (stream == null || stream.generation != dataGeneration) {
      return;
    }
    if (stream.state.receiveOpen() || dataEnded) {
      int padding = decoder.length() - dataContent;
      if (padding > 0) {
        protocol.consumed(stream, padding);
      }
    }
    if (!decoder.has(FrameFlags.END_STREAM) || dataEnded || !stream.state.receiveOpen()) {
      return;
    }
    String fault = stream.contentFault(true);
    if (fault != null) {
      failStream(stream, fault);
      return;
    }
    stream.state = stream.state.next(StreamEvent.RECEIVE_END);
    protocol.events.onEnd(stream);
  }

  // ---- the frames that are read whole

  private void priority() {
    StreamRecord stream = protocol.streams.get(decoder.streamId());
    // RFC 9113 6.3 for the size. That a stream can't depend on itself is RFC 7540 5.3.1, and gone
    // with priorities; it stays a fault because nothing honest does it.
    H2ErrorCode code =
        !decoder.sizeFits()
            ? H2ErrorCode.FRAME_SIZE_ERROR
            : decoder.dependency() == decoder.streamId()
                ? H2ErrorCode.PROTOCOL_ERROR
                : H2ErrorCode.NO_ERROR;
    if (code == H2ErrorCode.NO_ERROR) {
      return;
    }
    admission.glitch(now);
    if (stream != null && !stream.state.closed()) {
      protocol.failStream(stream, code, "malformed PRIORITY");
    } else {
      // RFC 9113 6.4: RST_STREAM can't be sent on an idle stream.
      fail(code, "malformed PRIORITY");
    }
  }

  private void rstStream() {
    protocol.events.onEndReceived(EndFrame.RESET_RECEIVED);
    if (protocol.front) {
      admission.spend(Abuse.RESET, now, "flood of resets");
    }
    StreamRecord stream = admission.admit(decoder.streamId(), StreamEvent.RECEIVE_RESET, now);
    if (stream == null || protocol.failed()) {
      return;
    }
    protocol.scheduler.forget(stream);
    stream.state = stream.state.next(StreamEvent.RECEIVE_RESET);
    protocol.events.onReset(stream, H2ErrorCode.ofWire(decoder.word()), true, "reset by the peer");
  }

  private void beginSettings() {
    if (!decoder.has(FrameFlags.ACK)) {
      admission.spend(Abuse.SETTINGS, now, "flood of SETTINGS");
      arriving.copyFrom(protocol.peer);
      tableSizeArrived = false;
    }
  }

  private void setting() {
    int id = decoder.settingId();
    int value = decoder.settingValue();
    H2ErrorCode code = arriving.set(id, value);
    if (code != H2ErrorCode.NO_ERROR) {
      fail(code, "setting with a value that it can't have");
    } else if (id == Settings.ENABLE_PUSH && !protocol.front && value != 0) {
      // RFC 9113 6.5.2
      fail(H2ErrorCode.PROTOCOL_ERROR, "a server can't allow push");
    } else if (id == Settings.HEADER_TABLE_SIZE) {
      if (!tableSizeArrived || Integer.compareUnsigned(value, tableSizeLowest) < 0) {
        tableSizeLowest = value;
      }
      tableSizeArrived = true;
    }
  }

  private void endSettings() {
    if (!decoder.has(FrameFlags.ACK)) {
      if (tableSizeArrived) {
        // RFC 7541 4.2: the encoder has to know of low values that don't last.
        protocol.writer.tableBytes(tableSizeLowest);
        protocol.writer.tableBytes(arriving.headerTableBytes());
      }
      protocol.applyPeerSettings(arriving);
    } else if (protocol.ownSettingsAcknowledged()) {
      blocks.tableLimit(protocol.own.headerTableBytes());
    } else {
      admission.glitch(now);
    }
  }

  private void ping() {
    if (decoder.has(FrameFlags.ACK)) {
      protocol.onPong(decoder.opaque());
      return;
    }
    admission.spend(Abuse.PING, now, "flood of PING");
    if (!protocol.failed()) {
      protocol.writer.ping(true, decoder.opaque());
    }
  }

  private void windowUpdate() {
    admission.spend(Abuse.WINDOW_UPDATE, now, "flood of WINDOW_UPDATE");
    int increment = decoder.word();
    int streamId = decoder.streamId();
    if (streamId == 0) {
      if (increment == 0) {
        fail(H2ErrorCode.PROTOCOL_ERROR, "WINDOW_UPDATE of nothing");
      } else if (!protocol.sendWindow.add(increment)) {
        fail(H2ErrorCode.FLOW_CONTROL_ERROR, "connection's window grown beyond 2^31-1");
      }
      return;
    }
    StreamRecord stream = admission.admit(streamId, StreamEvent.RECEIVE_WINDOW_UPDATE, now);
    if (stream == null || protocol.failed()) {
      return;
    }
    if (increment == 0) {
      failStream(stream, "WINDOW_UPDATE of nothing");
    } else if (!stream.sendWindow.add(increment)) {
      admission.glitch(now);
      protocol.failStream(
          stream, H2ErrorCode.FLOW_CONTROL_ERROR, "stream's window grown beyond 2^31-1");
    } else {
      protocol.scheduler.windowOpened(stream);
    }
  }

  private void failStream(StreamRecord stream, String reason) {
    admission.glitch(now);
    protocol.failStream(stream, H2ErrorCode.PROTOCOL_ERROR, reason);
  }

  private void fail(H2ErrorCode code, String reason) {
    if (!protocol.failed()) {
      protocol.fail(code, reason);
    }
  }
}
