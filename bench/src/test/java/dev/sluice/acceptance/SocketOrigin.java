package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** A server of h1 over a real socket; answers each request with its path. */
final class SocketOrigin implements AutoCloseable {
  private final ServerSocket server;
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();

  SocketOrigin() throws IOException {
    this(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
  }

  SocketOrigin(InetSocketAddress at) throws IOException {
    server = new ServerSocket();
    server.bind(at, 128);
    start(this::accept);
  }

  InetSocketAddress address() {
    return new InetSocketAddress(server.getInetAddress(), server.getLocalPort());
  }

  /** How many connections it has accepted. */
  int accepted() {
    return sockets.size();
  }

  private void accept() {
    try {
      while (true) {
        Socket socket = server.accept();
        sockets.add(socket);
        start(() -> serve(socket));
      }
    } catch (IOException e) {
      // Closed, which ends it.
    }
  }

  private static void serve(Socket socket) {
    try (socket) {
      MessageReader reader =
          new MessageReader(
              false,
              head -> {},
              request -> {
                String path = request.path();
                String answer =
                    "HTTP/1.1 200 OK\r\nContent-Length: " + path.length() + "\r\n\r\n" + path;
                try {
                  socket.getOutputStream().write(answer.getBytes(ISO_8859_1));
                } catch (IOException e) {
                  throw new UncheckedIOException(e);
                }
              });
      InputStream in = socket.getInputStream();
      byte[] buffer = new byte[4096];
      for (int n = in.read(buffer); n > 0; n = in.read(buffer)) {
        reader.feed(Arrays.copyOf(buffer, n));
      }
    } catch (IOException | UncheckedIOException e) {
      // The other end has gone, which ends it.
    }
  }

  private static void start(Runnable work) {
    Thread thread = new Thread(work, "socket-origin");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    server.close();
    for (Socket socket : sockets) {
      socket.close();
    }
  }
}
