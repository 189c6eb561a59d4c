package dev.sluice.mux.h2.frame;

/** The flags of frames (RFC 9113 6); undefined ones are ignored. */
public final class FrameFlags {
  /** None. */
  public static final int NONE = 0x0;

  /** SETTINGS and PING: an acknowledgement. */
  public static final int ACK = 0x1;

  /** DATA and HEADERS: the last of its direction of the stream. */
  public static final int END_STREAM = 0x1;

  /** HEADERS and CONTINUATION: the last of the field block. */
  public static final int END_HEADERS = 0x4;

  /** DATA and HEADERS: begins with a padding length. */
  public static final int PADDED = 0x8;

  /** HEADERS: has the five bytes of the deprecated priority. */
  public static final int PRIORITY = 0x20;

  private FrameFlags() {}
}
