package dev.sluice.app;

import java.io.BufferedInputStream;
import java.io.BufferedOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One connection of an origin: reads requests of HTTP/1.1 and answers them until the peer has
 * enough. It expects a proxy that checks what it passes on, so it is lax where that is short.
 */
final class OriginConnection {
  /** The field in which an origin tells what ALPN came to. */
  static final String ALPN_FIELD = "x-origin-alpn";

  /** Stands in {@link #ALPN_FIELD} for no protocol. */
  static final String NO_PROTOCOL = "none";

  private static final int LINE_BYTES_MAX = 8192;
  private static final int CONTENT_BYTES_MAX = 256 << 20;

  private final OriginKind kind;
  private final int number;
  private final InputStream in;
  private final OutputStream out;
  private String agreed;
  private int requests;

  OriginConnection(OriginKind kind, int number, String agreed, Socket socket) throws IOException {
    this.kind = kind;
    this.number = number;
    this.agreed = agreed.isEmpty() ? NO_PROTOCOL : agreed;
    this.in = new BufferedInputStream(socket.getInputStream(), 16 << 10);
    this.out = new BufferedOutputStream(socket.getOutputStream(), 16 << 10);
  }

  void serve() throws IOException {
    String requestLine = line();
    while (requestLine != null) {
      requests++;
      String[] parts = requestLine.split(" ", 3);
      if (parts.length != 3) {
        throw new IOException("not a request line: " + requestLine);
      }
      Map<String, String> fields = fields();
      if ("100-continue".equalsIgnoreCase(fields.get("expect"))) {
        out.write(latin("HTTP/1.1 100 Continue\r\n\r\n"));
        out.flush();
      }
      // If HTTP/2 is spoken in front of us, only the one who does that knows.
      agreed = fields.getOrDefault(ALPN_FIELD, agreed);
      ContentHash content = readContent(fields);
      answer(parts[0], parts[1], content);
      if ("close".equalsIgnoreCase(fields.get("connection"))) {
        return;
      }
      requestLine = line();
    }
  }

  private void answer(String method, String target, ContentHash content) throws IOException {
    int query = target.indexOf('?');
    String path = query < 0 ? target : target.substring(0, query);
    boolean head = method.equals("HEAD");
    if (path.startsWith("/bytes/")) {
      answerPattern(path.substring("/bytes/".length()), head);
    } else if (path.equals("/hash")) {
      respond(200, latin(content.text() + "\n"), head);
    } else if (path.equals("/hello")) {
      String text =
          "Hello from the origin \"%s\".\nALPN: %s. Connection %d, request %d on it.\n"
              .formatted(kind.label(), agreed, number, requests);
      respond(200, latin(text), head);
    } else {
      respond(404, latin("The origin knows /hello, /bytes/<count> and /hash.\n"), head);
    }
  }

  private void answerPattern(String count, boolean head) throws IOException {
    int bytes;
    try {
      bytes = Integer.parseInt(count);
    } catch (NumberFormatException e) {
      bytes = -1;
    }
    if (bytes < 0 || bytes > CONTENT_BYTES_MAX) {
      respond(404, latin("Between 0 and " + CONTENT_BYTES_MAX + " bytes can be had.\n"), head);
      return;
    }
    begin(200, "application/octet-stream", bytes);
    if (!head) {
      ContentHash.writePattern(out, bytes);
    }
    out.flush();
  }

  private void respond(int status, byte[] content, boolean head) throws IOException {
    begin(status, "text/plain; charset=utf-8", content.length);
    if (!head) {
      out.write(content);
    }
    out.flush();
  }

  private void begin(int status, String type, int length) throws IOException {
    out.write(
        latin(
            """
            HTTP/1.1 %d %s\r
            content-type: %s\r
            content-length: %d\r
            %s: %s\r
            \r
            """
                .formatted(
                    status, status == 200 ? "OK" : "Not Found", type, length, ALPN_FIELD, agreed)));
  }

  private ContentHash readContent(Map<String, String> fields) throws IOException {
    ContentHash hash = new ContentHash();
    String coding = fields.get("transfer-encoding");
    if (coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
      readChunks(hash);
    } else {
      hash.read(in, number(fields.getOrDefault("content-length", "0"), 10));
    }
    return hash;
  }

  private void readChunks(ContentHash hash) throws IOException {
    while (true) {
      String sizeLine = needLine();
      int semicolon = sizeLine.indexOf(';');
      long size = number(semicolon < 0 ? sizeLine : sizeLine.substring(0, semicolon), 16);
      if (size == 0) {
        fields();
        return;
      }
      hash.read(in, size);
      needLine();
    }
  }

  private static long number(String text, int radix) throws IOException {
    try {
      return Long.parseLong(text.strip(), radix);
    } catch (NumberFormatException e) {
      throw new IOException("not a length: " + text, e);
    }
  }

  private Map<String, String> fields() throws IOException {
    Map<String, String> fields = new HashMap<>();
    for (String line = needLine(); !line.isEmpty(); line = needLine()) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        throw new IOException("not a field: " + line);
      }
      fields.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    return fields;
  }

  private String needLine() throws IOException {
    String line = line();
    if (line == null) {
      throw new EOFException("the connection ended within a message");
    }
    return line;
  }

  /** The next line, or null at the end of the connection. */
  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream(80);
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0 && line.size() == 0) {
        return null;
      }
      if (b < 0 || line.size() == LINE_BYTES_MAX) {
        throw new EOFException("a line has no end");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static byte[] latin(String text) {
    return text.getBytes(StandardCharsets.ISO_8859_1);
  }
}
