package dev.sluice.bench;

import java.io.EOFException;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.ArrayList;
import java.util.List;

/**
 * A few clients with a kept connection each, driven by one thread: all send, then all read, so that
 * a turn of the engine's loop has more than one thing to do, as it has under load.
 */
final class SocketClients implements AutoCloseable {
  private static final int CLIENTS = 8;

  private final AllocationCase what;
  private final byte[] request;
  private final byte[] piece = new byte[64 << 10];
  private final List<Socket> sockets = new ArrayList<>();

  SocketClients(AllocationCase what, InetSocketAddress server) throws IOException {
    this.what = what;
    this.request = what.request();
    for (int i = 0; i < CLIENTS; i++) {
      Socket socket = new Socket(server.getAddress(), server.getPort());
      socket.setTcpNoDelay(true);
      sockets.add(socket);
    }
  }

  /** Makes so many exchanges at least, and returns how many they were. */
  int run(int exchangesMin) throws IOException {
    int done = 0;
    while (done < exchangesMin) {
      for (Socket socket : sockets) {
        socket.getOutputStream().write(request);
      }
      for (Socket socket : sockets) {
        awaitResponse(socket);
        done++;
      }
    }
    return done;
  }

  private void awaitResponse(Socket socket) throws IOException {
    MessageCounter responses = new MessageCounter(what.contentBytes);
    int whole = 0;
    while (whole == 0) {
      int n = socket.getInputStream().read(piece);
      if (n < 0) {
        throw new EOFException("the proxy has closed a connection");
      }
      whole = responses.count(piece, 0, n);
    }
  }

  @Override
  public void close() throws IOException {
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
