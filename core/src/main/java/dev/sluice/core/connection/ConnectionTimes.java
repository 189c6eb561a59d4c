package dev.sluice.core.connection;

/**
 * When a connection reached which stage, in the loop's nanoseconds, and when it last read. Confined
 * to its loop.
 */
public final class ConnectionTimes {
  private long begunNanos;
  private long connectedNanos;
  private long readyNanos;
  private long lastReadNanos;
  private long bytesIn;

  ConnectionTimes() {}

  void begin(long nowNanos) {
    begunNanos = nowNanos;
    lastReadNanos = nowNanos;
  }

  void connected(long nowNanos) {
    connectedNanos = nowNanos;
  }

  void ready(long nowNanos) {
    readyNanos = nowNanos;
  }

  void readAt(long nowNanos, int bytes) {
    lastReadNanos = nowNanos;
    bytesIn += bytes;
  }

  /** When it was dialled or accepted. */
  public long begunNanos() {
    return begunNanos;
  }

  /** When TCP was connected. */
  public long connectedNanos() {
    return connectedNanos;
  }

  /** How long the TCP connect took; 0 for an accepted connection. */
  public long connectNanos() {
    return connectedNanos - begunNanos;
  }

  /** How long the handshake took, recognition included. */
  public long handshakeNanos() {
    return readyNanos - connectedNanos;
  }

  /** When the mux was installed. */
  public long readyNanos() {
    return readyNanos;
  }

  /** When the last plain byte was read. */
  public long lastReadNanos() {
    return lastReadNanos;
  }

  /** The number of plain bytes read. */
  public long bytesIn() {
    return bytesIn;
  }
}
