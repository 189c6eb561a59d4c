package dev.sluice.core.testkit.mux;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.MessageHead;
import dev.sluice.core.message.RequestHead;
import dev.sluice.core.message.ResponseHead;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * The frames of the test protocol: type, flags, stream number, length of the payload; then the
 * payload. A client of the multiplexing variant begins with a {@link #PREFACE}, the server with
 * SETTINGS.
 *
 * <p>Each stream has a window of {@link #WINDOW_BYTES} in each direction, which the receiver
 * refills by CREDIT as it takes.
 */
public final class TestFrames {
  /** A request or response head; payload: see {@link #request} and {@link #response}. */
  public static final int HEAD = 1;

  /** Content. */
  public static final int DATA = 2;

  /** Trailers, which end the message. */
  public static final int TRAILERS = 3;

  /** Cuts a stream; payload: one byte, the ordinal of a ResetCode. */
  public static final int RESET = 4;

  /** No new streams; the connection ends with the last one. */
  public static final int DRAIN = 5;

  /** More may be sent; payload: four bytes. */
  public static final int CREDIT = 6;

  /** From the server, first; payload: one byte, how many streams it takes at a time. */
  public static final int SETTINGS = 7;

  /** The flag of a frame that ends a message. */
  public static final int END = 1;

  /** Bytes before a payload. */
  public static final int HEADER_BYTES = 8;

  /** The largest payload of DATA that this end sends. */
  public static final int DATA_BYTES_MAX = 4096;

  /** The largest payload of any frame. */
  public static final int PAYLOAD_BYTES_MAX = 16_384;

  /** What may be sent on a stream before there is credit. */
  public static final int WINDOW_BYTES = 8192;

  /** What a client of the multiplexing variant sends first. */
  public static final String PREFACE = "TMUX\n";

  private static final int NONE = 0xffff;
  private static final int SCRATCH_BYTES = HEADER_BYTES + PAYLOAD_BYTES_MAX;

  private TestFrames() {}

  /** A buffer that has room for any frame. */
  public static ByteBuffer scratch() {
    return ByteBuffer.allocate(SCRATCH_BYTES);
  }

  /** Begins a frame. */
  static ByteBuffer begin(ByteBuffer target, int type, int flags, int stream) {
    target.clear();
    return target.put((byte) type).put((byte) flags).putInt(stream).putShort((short) 0);
  }

  /** Ends the frame: its length is known, and it may be read. */
  static ByteBuffer finish(ByteBuffer target) {
    target.putShort(6, (short) (target.position() - HEADER_BYTES));
    return target.flip();
  }

  static ByteBuffer header(ByteBuffer target, int type, int flags, int stream, int length) {
    begin(target, type, flags, stream);
    target.putShort(6, (short) length);
    return target.flip();
  }

  /** Method, scheme, authority, path, then the fields. */
  static ByteBuffer request(ByteBuffer target, int stream, RequestHead head, boolean end) {
    begin(target, HEAD, end ? END : 0, stream);
    text(target, head.methodName());
    text(target, head.scheme());
    text(target, head.authority());
    text(target, head.path());
    fields(target, head.fields());
    return finish(target);
  }

  /** Status, then the fields. */
  static ByteBuffer response(ByteBuffer target, int stream, ResponseHead head, boolean end) {
    begin(target, HEAD, end ? END : 0, stream);
    target.putShort((short) head.status());
    fields(target, head.fields());
    return finish(target);
  }

  static ByteBuffer head(ByteBuffer target, int stream, MessageHead head, boolean end) {
    return head instanceof RequestHead request
        ? request(target, stream, request, end)
        : response(target, stream, (ResponseHead) head, end);
  }

  static ByteBuffer trailers(ByteBuffer target, int stream, Fields trailers) {
    begin(target, TRAILERS, END, stream);
    fields(target, trailers);
    return finish(target);
  }

  static ByteBuffer reset(ByteBuffer target, int stream, int code) {
    return finish(begin(target, RESET, 0, stream).put((byte) code));
  }

  static ByteBuffer credit(ByteBuffer target, int stream, int bytes) {
    return finish(begin(target, CREDIT, 0, stream).putInt(bytes));
  }

  static ByteBuffer settings(ByteBuffer target, int streamsMax) {
    return finish(begin(target, SETTINGS, 0, 0).put((byte) streamsMax));
  }

  static ByteBuffer drain(ByteBuffer target) {
    return finish(begin(target, DRAIN, 0, 0));
  }

  /**
   * Whether a whole frame is here.
   *
   * @return its length with header, 0 if more is needed, -1 if it is longer than any may be
   */
  static int frameLength(ByteBuffer input) {
    if (input.remaining() < HEADER_BYTES) {
      return 0;
    }
    int payload = input.getShort(input.position() + 6) & 0xffff;
    if (payload > PAYLOAD_BYTES_MAX) {
      return -1;
    }
    return input.remaining() < HEADER_BYTES + payload ? 0 : HEADER_BYTES + payload;
  }

  /** Reads a request's payload; false if it is malformed or passes a bound. */
  static boolean readRequest(ByteBuffer payload, RequestHead head) {
    head.clear();
    try {
      String method = text(payload);
      String scheme = text(payload);
      String authority = text(payload);
      String path = text(payload);
      return method != null
          && head.setMethod(method)
          && (scheme == null || head.setScheme(scheme))
          && (authority == null || head.setAuthority(authority))
          && (path == null || head.setPath(path))
          && readFields(payload, head.fields());
    } catch (RuntimeException malformed) {
      return false;
    }
  }

  /** Reads a response's payload; false if it is malformed or passes a bound. */
  static boolean readResponse(ByteBuffer payload, ResponseHead head) {
    head.clear();
    try {
      head.setStatus(payload.getShort() & 0xffff);
      return readFields(payload, head.fields());
    } catch (RuntimeException malformed) {
      return false;
    }
  }

  static boolean readFields(ByteBuffer payload, Fields fields) {
    try {
      int count = payload.getShort();
      for (int i = 0; i < count; i++) {
        String name = text(payload);
        String value = text(payload);
        if (name == null || value == null || !fields.add(name, value)) {
          return false;
        }
      }
      return !payload.hasRemaining();
    } catch (RuntimeException malformed) {
      return false;
    }
  }

  private static void fields(ByteBuffer target, Fields fields) {
    target.putShort((short) fields.size());
    for (int i = 0; i < fields.size(); i++) {
      text(target, fields.nameText(i));
      text(target, fields.valueText(i));
    }
  }

  private static void text(ByteBuffer target, @Nullable String text) {
    if (text == null) {
      target.putShort((short) NONE);
      return;
    }
    byte[] bytes = text.getBytes(ISO_8859_1);
    target.putShort((short) bytes.length).put(bytes);
  }

  private static @Nullable String text(ByteBuffer payload) {
    int length = payload.getShort() & 0xffff;
    if (length == NONE) {
      return null;
    }
    byte[] bytes = new byte[length];
    payload.get(bytes);
    return new String(bytes, ISO_8859_1);
  }
}
