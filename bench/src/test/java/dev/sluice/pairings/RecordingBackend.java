package dev.sluice.pairings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * An h1 backend that keeps every byte it gets, answers each whole request with 200, and notes what
 * was not well framed.
 */
final class RecordingBackend implements AutoCloseable {
  private final ServerSocket listening;
  private final StringBuilder raw = new StringBuilder();
  private final List<String> targets = new ArrayList<>();
  private final List<String> malformed = new ArrayList<>();
  private String firstBody = "";

  RecordingBackend() throws IOException {
    listening = new ServerSocket(0, 64, InetAddress.getLoopbackAddress());
    daemon(this::acceptAll);
  }

  InetSocketAddress address() {
    return (InetSocketAddress) listening.getLocalSocketAddress();
  }

  synchronized String raw() {
    return raw.toString();
  }

  synchronized List<String> targets() {
    return List.copyOf(targets);
  }

  synchronized List<String> malformed() {
    return List.copyOf(malformed);
  }

  synchronized String firstBody() {
    return firstBody;
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task);
    thread.setDaemon(true);
    thread.start();
  }

  private void acceptAll() {
    while (!listening.isClosed()) {
      try {
        Socket socket = listening.accept();
        daemon(() -> serve(socket));
      } catch (SocketException e) {
        return; // closed
      } catch (IOException e) {
        note("accept: " + e);
      }
    }
  }

  private void serve(Socket socket) {
    try (socket;
        InputStream in = socket.getInputStream()) {
      while (true) {
        serveOne(socket, in);
      }
    } catch (EOFException | SocketException e) {
      // The proxy has closed: as good an end as any for a client.
      return;
    } catch (IOException | NumberFormatException e) {
      note("unreadable: " + e);
    }
  }

  private void serveOne(Socket socket, InputStream in) throws IOException {
    String start = line(in);
    String length = null;
    String coding = null;
    boolean wantsContinue = false;
    for (String field = line(in); !field.isEmpty(); field = line(in)) {
      int colon = field.indexOf(':');
      String name = colon < 0 ? "" : field.substring(0, colon).toLowerCase(Locale.ROOT);
      String value = field.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
      if (name.isEmpty()) {
        note("field without a name: " + field);
      } else if (name.equals("content-length")) {
        if (length != null) {
          note("two lengths");
        }
        length = value;
      } else if (name.equals("transfer-encoding")) {
        if (coding != null || !value.equals("chunked")) {
          note("transfer-encoding " + value);
        }
        coding = value;
      }
      wantsContinue |= name.equals("expect") && value.equals("100-continue");
    }
    String[] parts = start.split(" ", -1);
    if (parts.length != 3
        || !parts[2].startsWith("HTTP/1.")
        || (length != null && coding != null)) {
      note(start);
    }
    if (wantsContinue) {
      socket.getOutputStream().write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(ISO_8859_1));
    }
    String body =
        coding != null ? chunks(in) : exactly(in, length == null ? 0 : Long.parseLong(length));
    synchronized (this) {
      if (targets.isEmpty()) {
        firstBody = body;
      }
      targets.add(parts.length > 1 ? parts[1] : "");
    }
    String head = "HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n";
    socket
        .getOutputStream()
        .write((parts[0].equals("HEAD") ? head : head + "ok").getBytes(ISO_8859_1));
  }

  private String chunks(InputStream in) throws IOException {
    StringBuilder body = new StringBuilder();
    while (true) {
      long size = Long.parseLong(line(in).split(";", -1)[0].strip(), 16);
      if (size == 0) {
        String trailer = line(in);
        while (!trailer.isEmpty()) {
          // It stands in raw().
          trailer = line(in);
        }
        return body.toString();
      }
      body.append(exactly(in, size));
      if (!line(in).isEmpty()) {
        note("chunk end");
      }
    }
  }

  private String exactly(InputStream in, long count) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (long i = 0; i < count; i++) {
      bytes.write(next(in));
    }
    return bytes.toString(ISO_8859_1);
  }

  private String line(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    while (true) {
      int b = next(in);
      if (b == '\n') {
        String text = bytes.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      bytes.write(b);
    }
  }

  private int next(InputStream in) throws IOException {
    int b = in.read();
    if (b < 0) {
      throw new EOFException();
    }
    synchronized (this) {
      raw.append((char) b);
    }
    return b;
  }

  private synchronized void note(String what) {
    malformed.add(what);
  }

  @Override
  public void close() throws IOException {
    listening.close();
  }
}
