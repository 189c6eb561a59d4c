package dev.sluice.simulation;

import static java.nio.charset.StandardCharsets.ISO_8859_1;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads HTTP/1.1 messages as a peer does that believes its own eyes only: strictly. */
final class H1Reader {
  /** What was read. */
  interface Events {
    /**
     * A head.
     *
     * @return how what follows is framed, if its fields don't say so
     */
    Unframed onHead(String startLine, Map<String, String> fields);

    /** Content, which is the receiver's to keep. */
    void onContent(byte[] piece);

    /** The message is whole. */
    void onMessageEnd();
  }

  /** What a head means that names neither a length nor a coding. */
  enum Unframed {
    /** No content, whatever the fields say. */
    NEVER_CONTENT,
    /** No content: a request. */
    EMPTY,
    /** Content up to the end of the connection: a response. */
    UNTIL_END
  }

  private enum State {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    UNTIL_END
  }

  private final Events events;
  private byte[] bytes = new byte[1024];
  private int start;
  private int end;
  private State state = State.HEAD;
  private long left;
  private boolean stopped;
  private String malformed = "";

  H1Reader(Events events) {
    this.events = events;
  }

  /** Looks at nothing any more. */
  void stop() {
    stopped = true;
  }

  /** What was wrong, or empty. */
  String malformed() {
    return malformed;
  }

  /** What is here of a head that isn't whole. */
  String unfinishedHead() {
    return state == State.HEAD ? new String(bytes, start, end - start, ISO_8859_1) : "";
  }

  void feed(byte[] piece) {
    if (bytes.length - end < piece.length) {
      int size = end - start;
      byte[] target = new byte[Math.max(1024, 2 * (size + piece.length))];
      System.arraycopy(bytes, start, target, 0, size);
      bytes = target;
      start = 0;
      end = size;
    }
    System.arraycopy(piece, 0, bytes, end, piece.length);
    end += piece.length;
    while (!stopped && malformed.isEmpty() && step()) {
      // Each step takes something.
    }
  }

  /** The connection has ended in good order. */
  void ended() {
    if (state == State.UNTIL_END && !stopped) {
      messageEnd();
    }
  }

  private boolean step() {
    return switch (state) {
      case HEAD -> head();
      case LENGTH -> content(State.HEAD);
      case CHUNK -> content(State.CHUNK_END);
      case UNTIL_END -> {
        left = Long.MAX_VALUE;
        yield end > start && content(State.UNTIL_END);
      }
      case CHUNK_SIZE -> {
        String line = line();
        if (line == null) {
          yield false;
        }
        left = Long.parseLong(line.split(";", 2)[0].strip(), 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK;
        yield true;
      }
      case CHUNK_END -> {
        String line = line();
        if (line != null && !line.isEmpty()) {
          malformed = "a chunk that is longer than it says";
        }
        state = State.CHUNK_SIZE;
        yield line != null || restore(State.CHUNK_END);
      }
      case TRAILERS -> {
        String line = line();
        if (line != null && line.isEmpty()) {
          messageEnd();
        }
        yield line != null;
      }
    };
  }

  private boolean restore(State before) {
    state = before;
    return false;
  }

  private boolean head() {
    int at = indexOfHeadEnd();
    if (at < 0) {
      return false;
    }
    String[] lines = new String(bytes, start, at - start, ISO_8859_1).split("\r\n", -1);
    start = at + 4;
    Map<String, String> fields = new LinkedHashMap<>();
    for (int i = 1; i < lines.length; i++) {
      int colon = lines[i].indexOf(':');
      if (colon <= 0) {
        malformed = "a field without a name: " + lines[i];
        return false;
      }
      String name = lines[i].substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, lines[i].substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    Unframed unframed = events.onHead(lines[0], fields);
    String length = fields.get("content-length");
    String coding = fields.get("transfer-encoding");
    if (length != null && coding != null) {
      malformed = "two framings";
    } else if (unframed == Unframed.NEVER_CONTENT) {
      messageEnd();
    } else if (coding != null) {
      state = State.CHUNK_SIZE;
    } else if (length != null) {
      left = Long.parseLong(length);
      state = State.LENGTH;
      if (left == 0) {
        messageEnd();
      }
    } else if (unframed == Unframed.EMPTY) {
      messageEnd();
    } else {
      state = State.UNTIL_END;
    }
    return true;
  }

  private boolean content(State next) {
    int n = (int) Math.min(left, end - start);
    if (n == 0) {
      return false;
    }
    byte[] piece = Arrays.copyOfRange(bytes, start, start + n);
    start += n;
    left -= n;
    events.onContent(piece);
    if (left == 0) {
      if (next == State.HEAD) {
        messageEnd();
      } else {
        state = next;
      }
    }
    return true;
  }

  private void messageEnd() {
    state = State.HEAD;
    events.onMessageEnd();
  }

  private int indexOfHeadEnd() {
    for (int i = start; i + 3 < end; i++) {
      if (bytes[i] == '\r'
          && bytes[i + 1] == '\n'
          && bytes[i + 2] == '\r'
          && bytes[i + 3] == '\n') {
        return i;
      }
    }
    return -1;
  }

  private @Nullable String line() {
    for (int i = start; i + 1 < end; i++) {
      if (bytes[i] == '\r' && bytes[i + 1] == '\n') {
        String line = new String(bytes, start, i - start, ISO_8859_1);
        start = i + 2;
        return line;
      }
    }
    return null;
  }
}
