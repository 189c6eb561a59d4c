package dev.sluice.mux.h2.frame;

/** What {@link FrameDecoder#next} has found. */
public enum FrameEvent {
  /** All input is used up, and the present frame isn't complete. */
  NEED_INPUT,
  /** The nine bytes of a frame header are here and pass: type, flags, stream, length. */
  BEGIN,
  /** A piece of the content of DATA, or of the block of HEADERS or CONTINUATION. */
  PIECE,
  /** One setting of a SETTINGS frame. */
  SETTING,
  /** The frame is complete, padding included; its fields can be read. */
  END,
  /** The frame is malformed: a connection error. The decoder can't go on. */
  ERROR
}
