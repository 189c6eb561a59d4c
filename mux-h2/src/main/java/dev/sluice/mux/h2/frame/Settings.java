package dev.sluice.mux.h2.frame;

import java.nio.ByteBuffer;

/**
 * The settings of one endpoint (RFC 9113 6.5.2, RFC 8441 3): what it is ready to receive.
 *
 * <p>A new object holds the initial values. Confined to one thread.
 */
public final class Settings {
  /** SETTINGS_HEADER_TABLE_SIZE. */
  public static final int HEADER_TABLE_SIZE = 0x1;

  /** SETTINGS_ENABLE_PUSH. */
  public static final int ENABLE_PUSH = 0x2;

  /** SETTINGS_MAX_CONCURRENT_STREAMS. */
  public static final int MAX_CONCURRENT_STREAMS = 0x3;

  /** SETTINGS_INITIAL_WINDOW_SIZE. */
  public static final int INITIAL_WINDOW_SIZE = 0x4;

  /** SETTINGS_MAX_FRAME_SIZE. */
  public static final int MAX_FRAME_SIZE = 0x5;

  /** SETTINGS_MAX_HEADER_LIST_SIZE. */
  public static final int MAX_HEADER_LIST_SIZE = 0x6;

  /** SETTINGS_ENABLE_CONNECT_PROTOCOL (RFC 8441 3). */
  public static final int ENABLE_CONNECT_PROTOCOL = 0x8;

  /** The least SETTINGS_MAX_FRAME_SIZE, and the initial one. */
  public static final int FRAME_BYTES_MIN = 1 << 14;

  /** The greatest SETTINGS_MAX_FRAME_SIZE. */
  public static final int FRAME_BYTES_LIMIT = (1 << 24) - 1;

  /** The window that every connection and every stream begins with. */
  public static final int WINDOW_BYTES_INITIAL = 65_535;

  /** The largest frame that {@link FrameEncoder#settings} writes. */
  public static final int FRAME_BYTES_ALL = FrameDecoder.HEADER_BYTES + 7 * 6;

  /** Where a number has no bound: as large as an int can be. */
  public static final int UNLIMITED = Integer.MAX_VALUE;

  private static final int TABLE_BYTES_INITIAL = 4096;

  private int headerTableBytes = TABLE_BYTES_INITIAL;
  private boolean push = true;
  private int concurrentStreamsMax = UNLIMITED;
  private int initialWindowBytes = WINDOW_BYTES_INITIAL;
  private int frameBytesMax = FRAME_BYTES_MIN;
  private int headerListBytesMax = UNLIMITED;
  private boolean connectProtocol;

  /** The most that the peer's HPACK encoder may keep in its table; negative if above 2^31. */
  public int headerTableBytes() {
    return headerTableBytes;
  }

  /** Whether PUSH_PROMISE may be sent. */
  public boolean push() {
    return push;
  }

  /** How many streams the peer may have open at a time. */
  public int concurrentStreamsMax() {
    return concurrentStreamsMax;
  }

  /** The window that new streams of the peer begin with. */
  public int initialWindowBytes() {
    return initialWindowBytes;
  }

  /** The most payload a frame may have. */
  public int frameBytesMax() {
    return frameBytesMax;
  }

  /** The most that the fields of one section may come to; advice only. */
  public int headerListBytesMax() {
    return headerListBytesMax;
  }

  /** Whether extended CONNECT is understood (RFC 8441). */
  public boolean connectProtocol() {
    return connectProtocol;
  }

  /**
   * Sets one value as it came. Unknown settings are ignored (RFC 9113 6.5.2).
   *
   * @return NO_ERROR, or the code of the connection error that the value is
   */
  public H2ErrorCode set(int id, int value) {
    switch (id) {
      case HEADER_TABLE_SIZE -> headerTableBytes = value;
      case ENABLE_PUSH -> {
        if (value != 0 && value != 1) {
          return H2ErrorCode.PROTOCOL_ERROR;
        }
        push = value == 1;
      }
      case MAX_CONCURRENT_STREAMS -> concurrentStreamsMax = clamped(value);
      case INITIAL_WINDOW_SIZE -> {
        if (value < 0) {
          return H2ErrorCode.FLOW_CONTROL_ERROR;
        }
        initialWindowBytes = value;
      }
      case MAX_FRAME_SIZE -> {
        if (value < FRAME_BYTES_MIN || value > FRAME_BYTES_LIMIT) {
          return H2ErrorCode.PROTOCOL_ERROR;
        }
        frameBytesMax = value;
      }
      case MAX_HEADER_LIST_SIZE -> headerListBytesMax = clamped(value);
      case ENABLE_CONNECT_PROTOCOL -> {
        // RFC 8441 3: once given it can't be taken back.
        if ((value != 0 && value != 1) || (connectProtocol && value == 0)) {
          return H2ErrorCode.PROTOCOL_ERROR;
        }
        connectProtocol = value == 1;
      }
      default -> {
        return H2ErrorCode.NO_ERROR;
      }
    }
    return H2ErrorCode.NO_ERROR;
  }

  /** Takes over all values of the other. */
  public void copyFrom(Settings other) {
    headerTableBytes = other.headerTableBytes;
    push = other.push;
    concurrentStreamsMax = other.concurrentStreamsMax;
    initialWindowBytes = other.initialWindowBytes;
    frameBytesMax = other.frameBytesMax;
    headerListBytesMax = other.headerListBytesMax;
    connectProtocol = other.connectProtocol;
  }

  void writeChanged(ByteBuffer out) {
    put(out, HEADER_TABLE_SIZE, headerTableBytes, TABLE_BYTES_INITIAL);
    put(out, ENABLE_PUSH, push ? 1 : 0, 1);
    put(out, MAX_CONCURRENT_STREAMS, concurrentStreamsMax, UNLIMITED);
    put(out, INITIAL_WINDOW_SIZE, initialWindowBytes, WINDOW_BYTES_INITIAL);
    put(out, MAX_FRAME_SIZE, frameBytesMax, FRAME_BYTES_MIN);
    put(out, MAX_HEADER_LIST_SIZE, headerListBytesMax, UNLIMITED);
    put(out, ENABLE_CONNECT_PROTOCOL, connectProtocol ? 1 : 0, 0);
  }

  private static void put(ByteBuffer out, int id, int value, int initial) {
    if (value != initial) {
      out.putShort((short) id).putInt(value);
    }
  }

  /** Values above 2^31 are as good as no bound. */
  private static int clamped(int value) {
    return value < 0 ? UNLIMITED : value;
  }
}
