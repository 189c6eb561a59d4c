package dev.sluice.mux.h2.frame;

/** The frame types (RFC 9113 6) as they stand on the wire; others are ignored. */
public final class FrameType {
  /** Content of a stream. */
  public static final int DATA = 0x0;

  /** Begins a field block. */
  public static final int HEADERS = 0x1;

  /** Deprecated; read over. */
  public static final int PRIORITY = 0x2;

  /** Ends a stream at once. */
  public static final int RST_STREAM = 0x3;

  /** Settings, or their acknowledgement. */
  public static final int SETTINGS = 0x4;

  /** Never welcome here: we don't allow push. */
  public static final int PUSH_PROMISE = 0x5;

  /** A measure of the way and back, or its answer. */
  public static final int PING = 0x6;

  /** No more streams. */
  public static final int GOAWAY = 0x7;

  /** Credit of flow control. */
  public static final int WINDOW_UPDATE = 0x8;

  /** Goes on with a field block. */
  public static final int CONTINUATION = 0x9;

  private FrameType() {}
}
