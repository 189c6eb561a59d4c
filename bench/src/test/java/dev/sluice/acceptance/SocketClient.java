package dev.sluice.acceptance;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A client of h1 with one real connection. */
final class SocketClient implements AutoCloseable {
  private static final int READ_MILLIS_MAX = 30_000;

  private final Socket socket = new Socket();
  private final List<Message> responses = new ArrayList<>();
  private final MessageReader reader = new MessageReader(true, head -> {}, responses::add);

  SocketClient(InetSocketAddress address) throws IOException {
    socket.connect(address);
    socket.setSoTimeout(READ_MILLIS_MAX);
  }

  /** Sends a GET; returns its response, or null if the connection ends without one. */
  @Nullable Message get(String path) throws IOException {
    responses.clear();
    reader.expect("GET");
    socket
        .getOutputStream()
        .write(("GET " + path + " HTTP/1.1\r\nHost: h\r\n\r\n").getBytes(ISO_8859_1));
    InputStream in = socket.getInputStream();
    byte[] buffer = new byte[4096];
    while (responses.isEmpty()) {
      int n;
      try {
        n = in.read(buffer);
      } catch (SocketException reset) {
        return null;
      }
      if (n < 0) {
        return null;
      }
      reader.feed(Arrays.copyOf(buffer, n));
    }
    return responses.get(0);
  }

  @Override
  public void close() throws IOException {
    socket.close();
  }
}
