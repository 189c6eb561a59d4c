package dev.sluice.core.loop;

/**
 * The bounds of one loop.
 *
 * @param taskQueueMax how many tasks may wait; rounded up to a power of two
 * @param tasksPerTurnMax how many tasks run in one turn
 * @param timersPerTurnMax how many timers are handled in one turn
 * @param pendingPerTurnMax how many pending turn tasks run in one turn
 * @param spinsMax after how many waits in a row that ended early for no reason the selector is
 *     replaced
 * @param heapBufferBytes size of a plain input buffer: the largest head and one whole TLS record
 * @param heapBuffersMax how many plain input buffers may be live
 * @param heapBuffersIdleMax how many released ones are kept
 * @param directBufferBytes size of an output buffer
 * @param directBuffersMax how many output buffers may be live
 * @param directBuffersReservedMax how many more may be live for output that can't be refused
 * @param directBuffersIdleMax how many released ones are kept
 * @param readScratchBytes size of the buffer that sockets are read into
 */
public record LoopLimits(
    int taskQueueMax,
    int tasksPerTurnMax,
    int timersPerTurnMax,
    int pendingPerTurnMax,
    int spinsMax,
    int heapBufferBytes,
    int heapBuffersMax,
    int heapBuffersIdleMax,
    int directBufferBytes,
    int directBuffersMax,
    int directBuffersReservedMax,
    int directBuffersIdleMax,
    int readScratchBytes) {

  /** The largest TLS record on the wire: 5 bytes of header, 16 KiB, and 256 of overhead. */
  public static final int TLS_RECORD_BYTES_MAX = 5 + 16_384 + 256;

  private static final int HEAD_BYTES_MAX_DEFAULT = 32_768;

  private static final LoopLimits DEFAULTS =
      new LoopLimits(
          16_384,
          1024,
          1024,
          4096,
          512,
          heapBufferBytes(HEAD_BYTES_MAX_DEFAULT),
          8192,
          256,
          TLS_RECORD_BYTES_MAX,
          16_384,
          4096,
          512,
          65_536);

  /** Checks the bounds. */
  public LoopLimits {
    positive("taskQueueMax", taskQueueMax);
    positive("tasksPerTurnMax", tasksPerTurnMax);
    positive("timersPerTurnMax", timersPerTurnMax);
    positive("pendingPerTurnMax", pendingPerTurnMax);
    positive("spinsMax", spinsMax);
    positive("heapBufferBytes", heapBufferBytes);
    positive("heapBuffersMax", heapBuffersMax);
    positive("directBufferBytes", directBufferBytes);
    positive("directBuffersMax", directBuffersMax);
    positive("readScratchBytes", readScratchBytes);
    if (heapBuffersIdleMax < 0 || directBuffersReservedMax < 0 || directBuffersIdleMax < 0) {
      throw new IllegalArgumentException(
          "heapBuffersIdleMax %d, directBuffersReservedMax %d and directBuffersIdleMax %d must not be negative"
              .formatted(heapBuffersIdleMax, directBuffersReservedMax, directBuffersIdleMax));
    }
  }

  /** Returns bounds for heads of up to 32 KiB and some ten thousand busy connections. */
  public static LoopLimits defaults() {
    return DEFAULTS;
  }

  /** Returns the size of a plain input buffer that a head of {@code headBytesMax} can't block. */
  public static int heapBufferBytes(int headBytesMax) {
    return headBytesMax + TLS_RECORD_BYTES_MAX;
  }

  /** Returns the same bounds with other plain input buffers. */
  public LoopLimits withHeapBuffers(int bufferBytes, int buffersMax, int idleMax) {
    return new LoopLimits(
        taskQueueMax,
        tasksPerTurnMax,
        timersPerTurnMax,
        pendingPerTurnMax,
        spinsMax,
        bufferBytes,
        buffersMax,
        idleMax,
        directBufferBytes,
        directBuffersMax,
        directBuffersReservedMax,
        directBuffersIdleMax,
        readScratchBytes);
  }

  /** Returns the same bounds with other output buffers. */
  public LoopLimits withDirectBuffers(
      int bufferBytes, int buffersMax, int reservedMax, int idleMax) {
    return new LoopLimits(
        taskQueueMax,
        tasksPerTurnMax,
        timersPerTurnMax,
        pendingPerTurnMax,
        spinsMax,
        heapBufferBytes,
        heapBuffersMax,
        heapBuffersIdleMax,
        bufferBytes,
        buffersMax,
        reservedMax,
        idleMax,
        readScratchBytes);
  }

  /** Returns the same bounds with another amount of work per turn. */
  public LoopLimits withWork(
      int taskQueueMax, int tasksPerTurnMax, int timersPerTurnMax, int pendingPerTurnMax) {
    return new LoopLimits(
        taskQueueMax,
        tasksPerTurnMax,
        timersPerTurnMax,
        pendingPerTurnMax,
        spinsMax,
        heapBufferBytes,
        heapBuffersMax,
        heapBuffersIdleMax,
        directBufferBytes,
        directBuffersMax,
        directBuffersReservedMax,
        directBuffersIdleMax,
        readScratchBytes);
  }

  private static void positive(String name, int value) {
    if (value <= 0) {
      throw new IllegalArgumentException(name + " must be positive, not " + value);
    }
  }
}
