package dev.sluice.core.loop;

import java.nio.channels.SelectionKey;

/** What a socket is asked to report, and what it reports: bits to be combined with {@code |}. */
public final class Interest {
  /** Nothing. */
  public static final int NONE = 0;

  /** Bytes, the end of input or an error can be read. */
  public static final int READ = 1;

  /** Output has room, or an error can be seen by writing. */
  public static final int WRITE = 4;

  /** {@link TcpSocket#finishConnect()} has something to tell. */
  public static final int CONNECT = 8;

  static {
    // The NIO poller passes these bits through as they are.
    assert READ == SelectionKey.OP_READ
        && WRITE == SelectionKey.OP_WRITE
        && CONNECT == SelectionKey.OP_CONNECT;
  }

  private Interest() {}
}
