package dev.sluice.core.connection;

import dev.sluice.core.buffer.BufferQueue;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.IoHandler;
import dev.sluice.core.loop.LooseSocket;
import dev.sluice.core.loop.TcpSocket;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.transport.Transport;
import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketAddress;
import java.nio.ByteBuffer;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The socket under a connection, with its exceptions turned into values. Bytes for heap buffers
 * pass through the loop's direct scratch buffer: one bulk copy, and only direct buffers touch the
 * socket. Confined to its loop.
 */
final class SocketPort {
  private EventLoop loop;
  private final CloseCause abortCause;
  private @Nullable TcpSocket socket;
  private @Nullable Failure failure;

  /** Why nothing can be sent any more. What the peer sent before that can still be read. */
  private @Nullable Failure sendFailure;

  private boolean resetOnClose;
  private long bytesRead;
  private long bytesWritten;

  /**
   * A port without a socket.
   *
   * @param abortCause what a broken socket means on this side
   */
  SocketPort(EventLoop loop, CloseCause abortCause) {
    this.loop = loop;
    this.abortCause = abortCause;
  }

  void connect(SocketAddress remote, @Nullable SocketAddress local, IoHandler handler)
      throws IOException {
    socket = loop.poller().connect(remote, local, handler);
  }

  /** Takes over a socket that was connected by somebody else on this loop. */
  void take(TcpSocket connected) {
    socket = connected;
  }

  void adopt(LooseSocket accepted, IoHandler handler) throws IOException {
    socket = loop.poller().adopt(accepted, handler);
  }

  /** Takes the socket off its loop. */
  LooseSocket release() {
    TcpSocket s = socket;
    assert s != null && s.open();
    socket = null;
    return loop.poller().release(s);
  }

  /** Goes on, on another loop. */
  void moveTo(EventLoop newLoop, LooseSocket moved, IoHandler handler) throws IOException {
    loop = newLoop;
    socket = newLoop.poller().adopt(moved, handler);
  }

  boolean connected() {
    return socket != null && socket.connected();
  }

  boolean finishConnect() throws IOException {
    return socket != null && socket.finishConnect();
  }

  void interest(int ops) {
    if (socket != null) {
      socket.interest(ops);
    }
  }

  int receive(ByteBuffer bytes) {
    TcpSocket s = socket;
    if (s == null || failure != null) {
      return Transport.FAILED;
    }
    try {
      int count = bytes.isDirect() ? s.read(bytes) : readThroughScratch(s, bytes);
      if (count > 0) {
        bytesRead += count;
      }
      return count < 0 ? Transport.END : count;
    } catch (IOException e) {
      failure = new Failure(abortCause, words(e));
      return Transport.FAILED;
    }
  }

  private int readThroughScratch(TcpSocket s, ByteBuffer bytes) throws IOException {
    ByteBuffer scratch = loop.readScratch();
    scratch.clear();
    if (scratch.remaining() > bytes.remaining()) {
      scratch.limit(bytes.remaining());
    }
    int count = s.read(scratch);
    if (count > 0) {
      scratch.flip();
      bytes.put(scratch);
    }
    return count;
  }

  boolean send(BufferQueue bytes) {
    TcpSocket s = socket;
    if (s == null || failure() != null) {
      return false;
    }
    long before = bytes.pendingBytes();
    try {
      boolean all = bytes.drainTo(s);
      bytesWritten += before - bytes.pendingBytes();
      return all;
    } catch (IOException e) {
      sendFailure = new Failure(abortCause, words(e));
      return false;
    }
  }

  void shutdownOutput() {
    TcpSocket s = socket;
    if (s == null || failure() != null) {
      return;
    }
    try {
      s.shutdownOutput();
    } catch (IOException e) {
      sendFailure = new Failure(abortCause, words(e));
    }
  }

  boolean closesByReset() {
    return resetOnClose;
  }

  void closeByReset() {
    resetOnClose = true;
  }

  void close() {
    TcpSocket s = socket;
    if (s != null) {
      if (resetOnClose) {
        s.closeWithReset();
      } else {
        s.close();
      }
    }
  }

  /** What broke the socket, in either direction, or null. */
  @Nullable Failure failure() {
    return failure != null ? failure : sendFailure;
  }

  @Nullable SocketAddress remoteAddress() {
    return socket == null ? null : socket.remoteAddress();
  }

  @Nullable SocketAddress localAddress() {
    return socket == null ? null : socket.localAddress();
  }

  long bytesRead() {
    return bytesRead;
  }

  long bytesWritten() {
    return bytesWritten;
  }

  /** What a failed connect means. */
  static Failure connectFailure(IOException e) {
    String message = words(e);
    boolean refused =
        e instanceof ConnectException && message.toLowerCase(Locale.ROOT).contains("refused");
    return new Failure(refused ? CloseCause.CONNECT_REFUSED : CloseCause.CONNECT_FAILED, message);
  }

  private static String words(IOException e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
