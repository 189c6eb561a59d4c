package dev.sluice.core.buffer;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/** What takes bytes without blocking, several buffers at once: a socket, seen from below. */
public interface GatheringSink {
  /**
   * Takes bytes from a direct buffer, moving its position.
   *
   * @return how many bytes were taken; less than remained means that no more fit at present
   */
  int write(ByteBuffer source) throws IOException;

  /**
   * Takes bytes from {@code length} direct buffers beginning at {@code offset}, moving their
   * positions. Only entries within that range need be set.
   *
   * @return how many bytes were taken; less than remained means that no more fit at present
   */
  long write(@Nullable ByteBuffer[] sources, int offset, int length) throws IOException;
}
