package dev.sluice.mux.h2.protocol;

import java.nio.ByteBuffer;

/** Where the protocol puts its frames: the connection's output. */
public interface FrameOutput {
  /** How many bytes of DATA frames, headers included, would be taken now. */
  int room();

  /**
   * Takes all of these bytes: control frames and field blocks, and DATA within {@link #room}.
   *
   * @param bytes heap or direct, lent for the call
   * @return false if that is not possible; the connection can't go on then
   */
  boolean write(ByteBuffer bytes);

  /** Such a frame was written. */
  default void onEndSent(EndFrame frame) {}
}
