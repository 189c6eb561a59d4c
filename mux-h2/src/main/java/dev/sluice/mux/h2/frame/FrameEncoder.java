package dev.sluice.mux.h2.frame;

import java.nio.ByteBuffer;

/**
 * Writes frames (RFC 9113 4.1, 6) at the position of a buffer that has room for them.
 *
 * <p>Stateless; any thread.
 */
public final class FrameEncoder {
  /** The size of an RST_STREAM or WINDOW_UPDATE frame. */
  public static final int WORD_FRAME_BYTES = FrameDecoder.HEADER_BYTES + 4;

  /** The size of a PING frame. */
  public static final int PING_FRAME_BYTES = FrameDecoder.HEADER_BYTES + 8;

  /** The size of a GOAWAY frame without debug data. */
  public static final int GOAWAY_FRAME_BYTES = FrameDecoder.HEADER_BYTES + 8;

  private FrameEncoder() {}

  /** A frame header; the payload is the caller's to write. */
  public static void header(ByteBuffer out, int length, int type, int flags, int streamId) {
    assert length >= 0 && length <= Settings.FRAME_BYTES_LIMIT && streamId >= 0;
    out.putInt((length << 8) | type).put((byte) flags).putInt(streamId);
  }

  /** An RST_STREAM frame. */
  public static void rstStream(ByteBuffer out, int streamId, H2ErrorCode code) {
    header(out, 4, FrameType.RST_STREAM, FrameFlags.NONE, streamId);
    out.putInt(code.wireCode());
  }

  /** A WINDOW_UPDATE frame; stream 0 for the connection's window. */
  public static void windowUpdate(ByteBuffer out, int streamId, int increment) {
    assert increment > 0;
    header(out, 4, FrameType.WINDOW_UPDATE, FrameFlags.NONE, streamId);
    out.putInt(increment);
  }

  /** A PING frame, or its answer. */
  public static void ping(ByteBuffer out, boolean ack, long opaque) {
    header(out, 8, FrameType.PING, ack ? FrameFlags.ACK : FrameFlags.NONE, 0);
    out.putLong(opaque);
  }

  /** A GOAWAY frame without debug data. */
  public static void goAway(ByteBuffer out, int lastStreamId, H2ErrorCode code) {
    header(out, 8, FrameType.GOAWAY, FrameFlags.NONE, 0);
    out.putInt(lastStreamId).putInt(code.wireCode());
  }

  /** The acknowledgement of the peer's settings. */
  public static void settingsAck(ByteBuffer out) {
    header(out, 0, FrameType.SETTINGS, FrameFlags.ACK, 0);
  }

  /** A SETTINGS frame with those values that differ from the initial ones. */
  public static void settings(ByteBuffer out, Settings settings) {
    int start = out.position();
    header(out, 0, FrameType.SETTINGS, FrameFlags.NONE, 0);
    settings.writeChanged(out);
    int length = out.position() - start - FrameDecoder.HEADER_BYTES;
    out.putInt(start, (length << 8) | FrameType.SETTINGS);
  }
}
