package dev.sluice.bench.reuse;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A client with one connection, made anew when it has been ended. Confined to its thread. */
final class ReuseClient implements Closeable {
  private static final int PATIENCE_MILLIS = 30_000;
  private static final String CONTENT = "x".repeat(100);

  private final int port;
  private @Nullable Socket socket;

  ReuseClient(int port) {
    this.port = port;
  }

  /** Sends a request and reads the answer: its status, or 0 if there is none. */
  int ask(String method) {
    String head = method + " / HTTP/1.1\r\nHost: origin\r\n";
    String request =
        method.equals("GET")
            ? head + "\r\n"
            : head + "Content-Length: " + CONTENT.length() + "\r\n\r\n" + CONTENT;
    try {
      Socket connection = socket;
      if (connection == null || connection.isClosed()) {
        connection = new Socket(InetAddress.getLoopbackAddress(), port);
        connection.setTcpNoDelay(true);
        connection.setSoTimeout(PATIENCE_MILLIS);
        socket = connection;
      }
      connection.getOutputStream().write(request.getBytes(StandardCharsets.ISO_8859_1));
      return readAnswer(connection);
    } catch (IOException e) {
      // A lost answer is what is counted here.
      forget();
      return 0;
    }
  }

  private int readAnswer(Socket connection) throws IOException {
    InputStream in = connection.getInputStream();
    StringBuilder head = new StringBuilder();
    while (head.length() < 4 || !head.substring(head.length() - 4).equals("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        forget();
        return 0;
      }
      head.append((char) next);
    }
    String text = head.toString().toLowerCase(Locale.ROOT);
    int at = text.indexOf("content-length:");
    if (at >= 0) {
      in.readNBytes(Integer.parseInt(text.substring(at + 15, text.indexOf('\r', at)).trim()));
    }
    if (at < 0 || text.contains("connection: close")) {
      forget();
    }
    return Integer.parseInt(head.substring(9, 12));
  }

  private void forget() {
    close();
    socket = null;
  }

  @Override
  public void close() {
    Socket connection = socket;
    if (connection != null) {
      try {
        connection.close();
      } catch (IOException e) {
        // Its descriptor is released all the same.
        return;
      }
    }
  }
}
