package dev.sluice.mux.h2.protocol;

import dev.sluice.core.message.FieldName;
import dev.sluice.core.message.Fields;
import dev.sluice.core.message.Method;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import dev.sluice.mux.h2.frame.FrameDecoder;
import dev.sluice.mux.h2.frame.FrameEncoder;
import dev.sluice.mux.h2.frame.FrameFlags;
import dev.sluice.mux.h2.frame.FrameType;
import dev.sluice.mux.h2.frame.H2ErrorCode;
import dev.sluice.mux.h2.frame.Preface;
import dev.sluice.mux.h2.frame.Settings;
import dev.sluice.mux.h2.hpack.HpackEncoder;
import java.nio.ByteBuffer;

/**
 * Writes what we send: frames, field blocks, heads. Decides nothing.
 *
 * <p>Confined to its connection. Allocates nothing once its buffer has grown to the largest head.
 */
final class FrameWriter {
  /** What is copied behind its frame header, to be written in one piece. */
  private static final int JOINED_BYTES_MAX = 1024;

  private static final int SCRATCH_MIN = 2048;

  private final FrameOutput output;
  private final HpackEncoder encoder;
  private ByteBuffer scratch = ByteBuffer.allocate(SCRATCH_MIN);
  private int frameBytesMax = Settings.FRAME_BYTES_MIN;
  private boolean lost;

  FrameWriter(FrameOutput output, int tableBytesMax) {
    this.output = output;
    this.encoder = new HpackEncoder(tableBytesMax);
  }

  /** Whether the output has refused bytes, so that the connection can't go on. */
  boolean lost() {
    return lost;
  }

  /** The peer's SETTINGS_MAX_FRAME_SIZE. */
  void frameBytesMax(int bytes) {
    frameBytesMax = bytes;
  }

  /** The peer's SETTINGS_HEADER_TABLE_SIZE. */
  void tableBytes(int bytes) {
    encoder.peerTableSize(bytes);
  }

  /** What DATA frames could be taken now, headers included. */
  int room() {
    return lost ? 0 : output.room();
  }

  /**
   * The first bytes of the connection.
   *
   * @param windowIncrement what to add to the connection's window, or 0
   */
  void begin(boolean client, Settings settings, int windowIncrement) {
    scratch.clear();
    if (client) {
      Preface.write(scratch);
    }
    FrameEncoder.settings(scratch, settings);
    if (windowIncrement > 0) {
      FrameEncoder.windowUpdate(scratch, 0, windowIncrement);
    }
    flush();
  }

  void settingsAck() {
    FrameEncoder.settingsAck(scratch.clear());
    flush();
  }

  void ping(boolean ack, long opaque) {
    FrameEncoder.ping(scratch.clear(), ack, opaque);
    flush();
  }

  void goAway(int lastStreamId, H2ErrorCode code) {
    FrameEncoder.goAway(scratch.clear(), lastStreamId, code);
    flush();
    output.onEndSent(EndFrame.GO_AWAY_SENT);
  }

  void reset(int streamId, H2ErrorCode code) {
    FrameEncoder.rstStream(scratch.clear(), streamId, code);
    flush();
    output.onEndSent(EndFrame.RESET_SENT);
  }

  void windowUpdate(int streamId, int increment) {
    FrameEncoder.windowUpdate(scratch.clear(), streamId, increment);
    flush();
  }

  /** Writes one DATA frame with the next {@code length} bytes, and moves the position past them. */
  void data(int streamId, ByteBuffer content, int length, boolean end) {
    assert length <= frameBytesMax;
    int flags = end ? FrameFlags.END_STREAM : FrameFlags.NONE;
    FrameEncoder.header(scratch.clear(), length, FrameType.DATA, flags, streamId);
    int position = content.position();
    if (length <= JOINED_BYTES_MAX) {
      scratch.put(FrameDecoder.HEADER_BYTES, content, position, length);
      scratch.position(FrameDecoder.HEADER_BYTES + length);
      flush();
    } else {
      flush();
      int limit = content.limit();
      content.limit(position + length);
      write(content);
      content.limit(limit);
    }
    content.position(position + length);
  }

  /** Writes a DATA frame without content that ends the stream. */
  void end(int streamId) {
    FrameEncoder.header(scratch.clear(), 0, FrameType.DATA, FrameFlags.END_STREAM, streamId);
    flush();
  }

  int frameBytesMax() {
    return frameBytesMax;
  }

  void request(int streamId, RequestHead head, boolean end) {
    encoder.beginBlock();
    byte[] bytes = head.bytes();
    if (head.method() == Method.OTHER) {
      encoder.method(head.methodBytes(), head.methodOffset(), head.methodLength());
    } else {
      encoder.method(head.method());
    }
    boolean extended = head.isConnect() && head.hasProtocol();
    // RFC 9113 8.5, RFC 8441 4: plain CONNECT has the authority alone.
    if (extended) {
      encoder.protocol(bytes, head.protocolOffset(), head.protocolLength());
    }
    if ((!head.isConnect() || extended) && head.schemeLength() >= 0) {
      encoder.scheme(bytes, head.schemeOffset(), head.schemeLength());
    }
    if (head.authorityLength() >= 0) {
      encoder.authority(bytes, head.authorityOffset(), head.authorityLength());
    }
    if ((!head.isConnect() || extended) && head.pathLength() >= 0) {
      encoder.path(bytes, head.pathOffset(), head.pathLength());
    }
    fields(head.fields());
    block(streamId, end);
  }

  void response(int streamId, ResponseHead head, boolean end) {
    encoder.beginBlock();
    encoder.status(head.status());
    fields(head.fields());
    block(streamId, end);
  }

  /** An answer without fields and content. */
  void status(int streamId, int status) {
    encoder.beginBlock();
    encoder.status(status);
    block(streamId, true);
  }

  void trailers(int streamId, Fields trailers) {
    encoder.beginBlock();
    fields(trailers);
    block(streamId, true);
  }

  private void fields(Fields fields) {
    byte[] bytes = fields.bytes();
    for (int i = 0, size = fields.size(); i < size; i++) {
      FieldName known = fields.name(i);
      // Those that the layers above must not leave in are fatal to the peer (RFC 9113 8.2.2).
      if (known != null && (known.hopByHop() || known == FieldName.HOST)) {
        continue;
      }
      encoder.field(
          known,
          fields.nameBytes(i),
          fields.nameOffset(i),
          fields.nameLength(i),
          bytes,
          fields.valueOffset(i),
          fields.valueLength(i),
          fields.sensitive(i));
    }
  }

  /** Writes the block as HEADERS and as many CONTINUATION frames as it needs. */
  private void block(int streamId, boolean end) {
    int length = encoder.length();
    int frames = Math.max(1, (length + frameBytesMax - 1) / frameBytesMax);
    ensure(length + frames * FrameDecoder.HEADER_BYTES);
    scratch.clear();
    int at = 0;
    for (int frame = 0; frame < frames; frame++) {
      int fragment = Math.min(frameBytesMax, length - at);
      int flags = frame == frames - 1 ? FrameFlags.END_HEADERS : FrameFlags.NONE;
      if (frame == 0 && end) {
        flags |= FrameFlags.END_STREAM;
      }
      int type = frame == 0 ? FrameType.HEADERS : FrameType.CONTINUATION;
      FrameEncoder.header(scratch, fragment, type, flags, streamId);
      scratch.put(encoder.block(), at, fragment);
      at += fragment;
    }
    flush();
  }

  private void ensure(int bytes) {
    if (scratch.capacity() < bytes) {
      scratch = ByteBuffer.allocate(Math.max(bytes, scratch.capacity() * 2));
    }
  }

  private void flush() {
    write(scratch.flip());
  }

  private void write(ByteBuffer bytes) {
    if (!lost && !output.write(bytes)) {
      lost = true;
    }
  }
}
