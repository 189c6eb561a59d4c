package dev.sluice.pairings;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.util.List;
import java.util.Locale;

/** Reads final responses of h1 from a client's socket. */
final class ResponseReader {
  private final InputStream in;
  private final List<Boolean> head;
  private int count;

  /**
   * A reader.
   *
   * @param head which of the requests are HEAD
   */
  ResponseReader(InputStream in, List<Boolean> head) {
    this.in = in;
    this.head = head;
  }

  /** The status of the next final response, whose content is dropped, or -1 at the end. */
  int next() throws IOException {
    try {
      while (true) {
        String start = line();
        if (start == null) {
          return -1;
        }
        int code = Integer.parseInt(start.split(" ", -1)[1]);
        long length = 0;
        boolean chunked = false;
        for (String field = line(); field != null && !field.isEmpty(); field = line()) {
          String lower = field.toLowerCase(Locale.ROOT);
          if (lower.startsWith("content-length:")) {
            length = Long.parseLong(lower.substring(15).strip());
          }
          chunked |= lower.startsWith("transfer-encoding:") && lower.contains("chunked");
        }
        if (code >= 100 && code < 200) {
          continue;
        }
        boolean bodyless = count < head.size() && head.get(count);
        count++;
        if (!bodyless) {
          skip(chunked, length);
        }
        return code;
      }
    } catch (SocketException reset) {
      return -1;
    }
  }

  private void skip(boolean chunked, long length) throws IOException {
    if (!chunked) {
      in.skipNBytes(length);
      return;
    }
    while (true) {
      String size = line();
      long bytes = size == null ? 0 : Long.parseLong(size, 16);
      in.skipNBytes(bytes);
      String end = line();
      if (bytes == 0) {
        while (end != null && !end.isEmpty()) {
          end = line();
        }
        return;
      }
    }
  }

  private String line() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      if (b == '\n') {
        String text = bytes.toString(ISO_8859_1);
        return text.endsWith("\r") ? text.substring(0, text.length() - 1) : text;
      }
      bytes.write(b);
    }
    return bytes.size() == 0 ? null : bytes.toString(ISO_8859_1);
  }
}
