package dev.sluice.acceptance;

import java.util.ArrayDeque;
import java.util.Locale;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Cuts what a scripted peer gets into messages of h1 (RFC 9112 6.3), byte by byte and by rules of
 * its own, so that it does not repeat a fault of the codec that is under test.
 */
final class MessageReader {
  private enum State {
    HEAD,
    LENGTH,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILERS,
    UNTIL_CLOSE,
    RAW
  }

  private final boolean responses;
  private final Consumer<Message> onHead;
  private final Consumer<Message> onMessage;
  private final ArrayDeque<String> methods = new ArrayDeque<>();
  private final StringBuilder line = new StringBuilder();
  private final StringBuilder raw = new StringBuilder();
  private State state = State.HEAD;
  private @Nullable Message message;
  private long left;

  MessageReader(boolean responses, Consumer<Message> onHead, Consumer<Message> onMessage) {
    this.responses = responses;
    this.onHead = onHead;
    this.onMessage = onMessage;
  }

  /** Another request was sent, whose response will come in its turn. */
  void expect(String method) {
    methods.add(method);
  }

  void feed(byte[] bytes) {
    for (int i = 0; i < bytes.length; ) {
      Message current = message;
      if (current != null && (state == State.LENGTH || state == State.CHUNK)) {
        int n = (int) Math.min(left, bytes.length - i);
        current.body.write(bytes, i, n);
        left -= n;
        i += n;
        if (left == 0) {
          bodyPartEnds();
        }
      } else if (current != null && state == State.UNTIL_CLOSE) {
        current.body.write(bytes, i, bytes.length - i);
        return;
      } else {
        onByte((char) (bytes[i++] & 0xff));
      }
    }
  }

  /** The input has ended. */
  void end() {
    if (state == State.UNTIL_CLOSE) {
      complete();
    }
  }

  /** What came behind an accepted upgrade. */
  String raw() {
    return raw.toString();
  }

  /** Whether the input is in the middle of a message. */
  boolean inMessage() {
    return message != null || line.length() > 0;
  }

  /** What came behind is no message any more. */
  void upgrade() {
    state = State.RAW;
  }

  private void onByte(char c) {
    if (state == State.RAW) {
      raw.append(c);
      return;
    }
    line.append(c);
    if (c != '\n') {
      return;
    }
    if (state == State.HEAD) {
      if (line.length() >= 4 && line.substring(line.length() - 4).equals("\r\n\r\n")) {
        String text = line.toString();
        line.setLength(0);
        head(new Message(text));
      }
      return;
    }
    String text = line.toString().strip();
    line.setLength(0);
    switch (state) {
      case CHUNK_SIZE -> {
        left = Long.parseLong(text, 16);
        state = left == 0 ? State.TRAILERS : State.CHUNK;
      }
      case CHUNK_END -> state = State.CHUNK_SIZE;
      case TRAILERS -> {
        Message read = message;
        assert read != null;
        if (text.isEmpty()) {
          complete();
        } else {
          read.trailers.add(text);
        }
      }
      default -> throw new AssertionError(state);
    }
  }

  private void head(Message read) {
    message = read;
    onHead.accept(read);
    boolean interim = responses && read.status() / 100 == 1;
    String method = responses && !interim ? methods.poll() : "";
    if (responses && read.status() == 101) {
      complete();
      state = State.RAW;
      return;
    }
    boolean bodyless =
        interim
            || (responses
                && ("HEAD".equals(method) || read.status() == 204 || read.status() == 304));
    String coding = read.field("transfer-encoding");
    String length = read.field("content-length");
    if (bodyless) {
      complete();
    } else if (coding != null && coding.toLowerCase(Locale.ROOT).endsWith("chunked")) {
      state = State.CHUNK_SIZE;
    } else if (length != null) {
      left = Long.parseLong(length);
      state = State.LENGTH;
      if (left == 0) {
        complete();
      }
    } else if (responses) {
      state = State.UNTIL_CLOSE;
    } else {
      complete();
    }
  }

  private void bodyPartEnds() {
    if (state == State.LENGTH) {
      complete();
    } else {
      state = State.CHUNK_END;
    }
  }

  private void complete() {
    Message done = message;
    assert done != null;
    message = null;
    state = State.HEAD;
    done.complete = true;
    onMessage.accept(done);
  }
}
