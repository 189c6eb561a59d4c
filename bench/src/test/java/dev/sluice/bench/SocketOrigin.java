package dev.sluice.bench;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import org.jspecify.annotations.Nullable;

/** An h1 origin over blocking sockets, with a thread for each connection. */
final class SocketOrigin implements AutoCloseable {
  private final AllocationCase what;
  private final byte[] response;
  private final ServerSocket listening;
  private volatile @Nullable IOException problem;

  SocketOrigin(AllocationCase what) throws IOException {
    this.what = what;
    this.response = what.response();
    this.listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    daemon(this::acceptAll);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  /** What went wrong with a connection, or null. */
  @Nullable IOException problem() {
    return problem;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "gate-origin");
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    try {
      while (true) {
        Socket socket = listening.accept();
        socket.setTcpNoDelay(true);
        daemon(() -> serve(socket));
      }
    } catch (SocketException e) {
      return; // closed
    } catch (IOException e) {
      problem = e;
    }
  }

  private void serve(Socket socket) {
    MessageCounter requests = new MessageCounter(what.contentBytes);
    byte[] piece = new byte[64 << 10];
    try (socket;
        InputStream in = socket.getInputStream()) {
      for (int n = in.read(piece); n >= 0; n = in.read(piece)) {
        for (int whole = requests.count(piece, 0, n); whole > 0; whole--) {
          socket.getOutputStream().write(response);
        }
      }
    } catch (IOException e) {
      if (!listening.isClosed()) {
        problem = e;
      }
    }
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
