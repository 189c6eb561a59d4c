package dev.sluice.mux.h2.frame;

import java.nio.ByteBuffer;

/**
 * Cuts input into frames (RFC 9113 4.1). Input may be cut at any byte; a frame is never gathered as
 * a whole.
 *
 * <p>Call {@link #next} until it says {@link FrameEvent#NEED_INPUT}. For each frame there is one
 * {@link FrameEvent#BEGIN}, then pieces or settings, then one {@link FrameEvent#END}. The accessors
 * describe the frame until the next BEGIN.
 *
 * <table>
 * <caption>What the frames give</caption>
 * <tr><th>frame</th><th>events between BEGIN and END</th><th>read at END</th></tr>
 * <tr><td>DATA, HEADERS, CONTINUATION</td><td>PIECE*</td><td>for HEADERS {@link #dependency}</td></tr>
 * <tr><td>SETTINGS</td><td>SETTING*</td><td></td></tr>
 * <tr><td>RST_STREAM, WINDOW_UPDATE</td><td></td><td>{@link #word}</td></tr>
 * <tr><td>GOAWAY</td><td></td><td>{@link #word} (last stream), {@link #secondWord} (code)</td></tr>
 * <tr><td>PING</td><td></td><td>{@link #opaque}</td></tr>
 * <tr><td>PRIORITY</td><td></td><td>{@link #dependency}, {@link #sizeFits}</td></tr>
 * <tr><td>others</td><td></td><td></td></tr>
 * </table>
 *
 * <p>Confined to one thread. Allocates nothing.
 */
public final class FrameDecoder {
  /** The length of a frame header. */
  public static final int HEADER_BYTES = 9;

  private static final int SETTING_BYTES = 6;
  private static final int PRIORITY_BYTES = 5;

  private enum Step {
    HEADER,
    PAD_LENGTH,
    HEADERS_PRIORITY,
    CONTENT,
    FIXED,
    SETTING,
    SKIP,
    END,
    FAILED
  }

  private final int frameBytesMax;
  private final byte[] gathered = new byte[HEADER_BYTES];
  private int have;
  private Step step = Step.HEADER;

  private int length;
  private int type;
  private int flags;
  private int streamId;

  /** Bytes of the payload that were not read yet. */
  private int rest;

  private int padding;
  private int pieceLength;
  private int settingId;
  private int word;
  private int secondWord;
  private int dependency;
  private H2ErrorCode error = H2ErrorCode.NO_ERROR;
  private String reason = "";

  /**
   * Creates a decoder.
   *
   * @param frameBytesMax the most payload a frame may have: our SETTINGS_MAX_FRAME_SIZE
   */
  public FrameDecoder(int frameBytesMax) {
    assert frameBytesMax >= Settings.FRAME_BYTES_MIN && frameBytesMax <= Settings.FRAME_BYTES_LIMIT;
    this.frameBytesMax = frameBytesMax;
  }

  /**
   * Goes on to the next event.
   *
   * @param in a heap buffer; its position moves by what is used up. Nothing of it is kept
   */
  public FrameEvent next(ByteBuffer in) {
    while (true) {
      switch (step) {
        case HEADER -> {
          if (!gather(in, HEADER_BYTES)) {
            return FrameEvent.NEED_INPUT;
          }
          return header();
        }
        case PAD_LENGTH -> {
          if (!in.hasRemaining()) {
            return FrameEvent.NEED_INPUT;
          }
          padding = in.get() & 0xff;
          rest--;
          // RFC 9113 6.1, 6.2: padding may fill the frame, but leave room for what is fixed.
          int fixed = has(FrameFlags.PRIORITY) && type == FrameType.HEADERS ? PRIORITY_BYTES : 0;
          if (padding > rest - fixed) {
            return fail(H2ErrorCode.PROTOCOL_ERROR, "padding longer than the frame");
          }
          step = fixed > 0 ? Step.HEADERS_PRIORITY : Step.CONTENT;
        }
        case HEADERS_PRIORITY -> {
          if (!gather(in, PRIORITY_BYTES)) {
            return FrameEvent.NEED_INPUT;
          }
          rest -= PRIORITY_BYTES;
          dependency = intAt(0) & 0x7fffffff;
          step = Step.CONTENT;
        }
        case CONTENT -> {
          int content = rest - padding;
          if (content == 0) {
            step = padding == 0 ? Step.END : Step.SKIP;
          } else if (!in.hasRemaining()) {
            return FrameEvent.NEED_INPUT;
          } else {
            pieceLength = Math.min(content, in.remaining());
            in.position(in.position() + pieceLength);
            rest -= pieceLength;
            return FrameEvent.PIECE;
          }
        }
        case FIXED -> {
          int bytes = fixedBytes();
          if (!gather(in, bytes)) {
            return FrameEvent.NEED_INPUT;
          }
          rest -= bytes;
          fixed();
          step = rest == 0 ? Step.END : Step.SKIP;
        }
        case SETTING -> {
          if (rest == 0) {
            step = Step.END;
          } else if (!gather(in, SETTING_BYTES)) {
            return FrameEvent.NEED_INPUT;
          } else {
            rest -= SETTING_BYTES;
            settingId = ((gathered[0] & 0xff) << 8) | (gathered[1] & 0xff);
            word = intAt(2);
            return FrameEvent.SETTING;
          }
        }
        case SKIP -> {
          int skipped = Math.min(rest, in.remaining());
          in.position(in.position() + skipped);
          rest -= skipped;
          if (rest > 0) {
            return FrameEvent.NEED_INPUT;
          }
          step = Step.END;
        }
        case END -> {
          step = Step.HEADER;
          return FrameEvent.END;
        }
        case FAILED -> {
          return FrameEvent.ERROR;
        }
      }
    }
  }

  /** The type; see {@link FrameType}. */
  public int type() {
    return type;
  }

  /** The stream, or 0 for the connection. */
  public int streamId() {
    return streamId;
  }

  /** The length of the payload, padding included: what flow control counts for DATA. */
  public int length() {
    return length;
  }

  /** Whether the flag is set; see {@link FrameFlags}. */
  public boolean has(int flag) {
    return (flags & flag) != 0;
  }

  /** The length of the piece, at least 1: it is what lies just before the input's position. */
  public int pieceLength() {
    return pieceLength;
  }

  /** Whether the piece is the last one of the frame. */
  public boolean lastPiece() {
    return rest == padding;
  }

  /** The identifier of the setting. */
  public int settingId() {
    return settingId;
  }

  /** The value of the setting, as unsigned. */
  public int settingValue() {
    return word;
  }

  /** The first or only word of the frame, without its reserved bit where it has one. */
  public int word() {
    return word;
  }

  /** The second word of the frame. */
  public int secondWord() {
    return secondWord;
  }

  /** The eight bytes of a PING. */
  public long opaque() {
    return ((long) word << 32) | (secondWord & 0xffffffffL);
  }

  /** The stream that this one is said to depend on, or -1. */
  public int dependency() {
    return dependency;
  }

  /** Whether a PRIORITY frame has its five bytes; if not, that is a stream error (RFC 9113 6.3). */
  public boolean sizeFits() {
    return type != FrameType.PRIORITY || length == PRIORITY_BYTES;
  }

  /** The code of the connection error, after {@link FrameEvent#ERROR}. */
  public H2ErrorCode error() {
    return error;
  }

  /** What was wrong, after {@link FrameEvent#ERROR}; a constant. */
  public String reason() {
    return reason;
  }

  private FrameEvent header() {
    length = ((gathered[0] & 0xff) << 16) | ((gathered[1] & 0xff) << 8) | (gathered[2] & 0xff);
    type = gathered[3] & 0xff;
    flags = gathered[4] & 0xff;
    streamId = intAt(5) & 0x7fffffff;
    rest = length;
    padding = 0;
    dependency = -1;
    // RFC 9113 4.2. It may be a stream error for some frames; but the peer that sends more than we
    // ever allowed won't stop, and reading over up to 16 MiB serves nobody.
    if (length > frameBytesMax) {
      return fail(H2ErrorCode.FRAME_SIZE_ERROR, "frame larger than SETTINGS_MAX_FRAME_SIZE");
    }
    return switch (type) {
      case FrameType.DATA, FrameType.HEADERS, FrameType.CONTINUATION -> contentFrame();
      case FrameType.PRIORITY -> onStream(sizeFits() ? Step.FIXED : Step.SKIP);
      case FrameType.RST_STREAM -> length == 4 ? onStream(Step.FIXED) : wrongSize();
      case FrameType.SETTINGS -> settingsFrame();
      case FrameType.PUSH_PROMISE -> onStream(Step.SKIP);
      case FrameType.PING -> length == 8 ? onConnection(Step.FIXED) : wrongSize();
      case FrameType.GOAWAY -> length >= 8 ? onConnection(Step.FIXED) : wrongSize();
      case FrameType.WINDOW_UPDATE -> length == 4 ? begin(Step.FIXED) : wrongSize();
      default -> begin(Step.SKIP);
    };
  }

  private FrameEvent contentFrame() {
    boolean padded = type != FrameType.CONTINUATION && has(FrameFlags.PADDED);
    boolean priority = type == FrameType.HEADERS && has(FrameFlags.PRIORITY);
    if (length < (padded ? 1 : 0) + (priority ? PRIORITY_BYTES : 0)) {
      return wrongSize();
    }
    if (padded) {
      return onStream(Step.PAD_LENGTH);
    }
    return onStream(priority ? Step.HEADERS_PRIORITY : Step.CONTENT);
  }

  private FrameEvent settingsFrame() {
    // RFC 9113 6.5
    if (has(FrameFlags.ACK) ? length != 0 : length % SETTING_BYTES != 0) {
      return wrongSize();
    }
    return onConnection(Step.SETTING);
  }

  private FrameEvent onStream(Step then) {
    return streamId == 0
        ? fail(H2ErrorCode.PROTOCOL_ERROR, "frame of a stream on stream 0")
        : begin(then);
  }

  private FrameEvent onConnection(Step then) {
    return streamId != 0
        ? fail(H2ErrorCode.PROTOCOL_ERROR, "frame of the connection on a stream")
        : begin(then);
  }

  private FrameEvent begin(Step then) {
    step = then;
    return FrameEvent.BEGIN;
  }

  private FrameEvent wrongSize() {
    return fail(H2ErrorCode.FRAME_SIZE_ERROR, "frame of a size that its type can't have");
  }

  private FrameEvent fail(H2ErrorCode code, String why) {
    error = code;
    reason = why;
    step = Step.FAILED;
    return FrameEvent.ERROR;
  }

  private int fixedBytes() {
    return switch (type) {
      case FrameType.PRIORITY -> PRIORITY_BYTES;
      case FrameType.RST_STREAM, FrameType.WINDOW_UPDATE -> 4;
      default -> 8;
    };
  }

  private void fixed() {
    switch (type) {
      case FrameType.PRIORITY -> dependency = intAt(0) & 0x7fffffff;
      case FrameType.RST_STREAM -> word = intAt(0);
      case FrameType.WINDOW_UPDATE -> word = intAt(0) & 0x7fffffff;
      case FrameType.GOAWAY -> {
        word = intAt(0) & 0x7fffffff;
        secondWord = intAt(4);
      }
      default -> {
        word = intAt(0);
        secondWord = intAt(4);
      }
    }
  }

  private boolean gather(ByteBuffer in, int bytes) {
    int more = Math.min(bytes - have, in.remaining());
    in.get(gathered, have, more);
    have += more;
    if (have < bytes) {
      return false;
    }
    have = 0;
    return true;
  }

  private int intAt(int at) {
    return ((gathered[at] & 0xff) << 24)
        | ((gathered[at + 1] & 0xff) << 16)
        | ((gathered[at + 2] & 0xff) << 8)
        | (gathered[at + 3] & 0xff);
  }
}
