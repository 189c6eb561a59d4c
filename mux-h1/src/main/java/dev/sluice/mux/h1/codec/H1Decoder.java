package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.Fields;
import dev.sluice.core.message.HttpVersion;
import java.nio.ByteBuffer;

/**
 * Decodes heads, one after the other. The two kinds differ in their first line and in the rules
 * that are checked once the head is whole.
 *
 * <p>Use: {@code begin(head)}, then {@link #decode} with whatever has come until it returns
 * something else than {@link Outcome#MORE}. Whole lines are consumed; the beginning of an
 * unfinished line stays in the buffer and must stand at its position on the next call. The buffer
 * must be able to hold a whole head of {@code headBytesMax}.
 *
 * <p>After {@link Outcome#HEAD} the head meets the invariants of {@code dev.sluice.core.message},
 * and {@link #framing} tells what follows it. After {@link Outcome#ERROR} the head is worthless.
 */
public abstract sealed class H1Decoder permits H1RequestDecoder, H1ResponseDecoder {
  /** What came of a call. */
  public enum Outcome {
    /** More bytes are needed. */
    MORE,
    /** The head is whole; the buffer stands behind it. */
    HEAD,
    /** {@link #error} tells what is wrong; the connection can't be read any further. */
    ERROR
  }

  private enum State {
    IDLE,
    START_LINE,
    FIELDS,
    DONE,
    FAILED
  }

  /**
   * A first line that isn't one is noticed within so many bytes, without waiting for its end: the
   * peer may speak another protocol, in which no line ever ends.
   */
  private static final int JUDGED_EARLY_BYTES = 64;

  private static final byte[] VERSION = {'H', 'T', 'T', 'P', '/'};

  static final int NEED = FieldSection.NEED;
  static final int BAD = FieldSection.BAD;

  final BodyFraming framing = new BodyFraming();
  private final FieldSection section = new FieldSection();
  private final int headBytesMax;
  private State state = State.IDLE;
  private long consumed;
  private int seen;
  private H1Error error = H1Error.NONE;
  private long errorPosition;
  private int lineErrorAt;
  private HttpVersion version = HttpVersion.HTTP_1_1;

  H1Decoder(int headBytesMax) {
    if (headBytesMax < 64) {
      throw new IllegalArgumentException("headBytesMax must be at least 64: " + headBytesMax);
    }
    this.headBytesMax = headBytesMax;
  }

  /** What follows the head; lent until the next head is begun. */
  public final BodyFraming framing() {
    return framing;
  }

  /** What is wrong, after {@link Outcome#ERROR}. */
  public final H1Error error() {
    return error;
  }

  /** Where it is wrong: bytes since the begin of the head. */
  public final long errorPosition() {
    return errorPosition;
  }

  /**
   * Whether a part of a head was consumed and more of it is missing; a line of which no byte was
   * consumed yet is for the caller to see in its buffer.
   */
  public final boolean inHead() {
    return state == State.FIELDS;
  }

  /**
   * Reads on.
   *
   * @param in what has come, a heap buffer; lent for the call
   */
  public final Outcome decode(ByteBuffer in) {
    if (state == State.START_LINE) {
      int skipped = skipEmptyLines(in);
      if (skipped < 0) {
        return skipped == NEED ? Outcome.MORE : failed(in, lineErrorAt);
      }
      int read = startLine(in);
      if (read < 0) {
        return read == NEED ? Outcome.MORE : failed(in, lineErrorAt);
      }
      consumed += read;
      state = State.FIELDS;
      section.begin(fields(), (int) Math.max(0, headBytesMax - consumed));
    }
    if (state != State.FIELDS) {
      assert state == State.FAILED : "decode without begin: " + state;
      return Outcome.ERROR;
    }
    int before = in.position();
    FieldSection.Result result = section.read(in);
    consumed += in.position() - before;
    return switch (result) {
      case MORE -> Outcome.MORE;
      case ERROR -> {
        fail(section.error(), 0);
        yield failed(in, section.errorAt());
      }
      case END -> {
        error = finish();
        if (error != H1Error.NONE) {
          yield failed(in, 0);
        }
        state = State.DONE;
        yield Outcome.HEAD;
      }
    };
  }

  /** The fields that are being filled. */
  abstract Fields fields();

  /** How many empty lines the first line may have before it. */
  abstract int emptyLinesMax();

  /**
   * Reads a first line.
   *
   * @return where the next line begins, {@link #NEED}, or what {@link #fail} returns
   */
  abstract int parseStartLine(byte[] src, int from, int end);

  /** What it means if the first line is longer than a whole head may be. */
  abstract H1Error startLineTooLong();

  /** Checks a whole head, sets {@link #framing}, and takes away what belongs to the hop. */
  abstract H1Error finish();

  final void beginHead() {
    state = State.START_LINE;
    consumed = 0;
    seen = 0;
    error = H1Error.NONE;
    errorPosition = 0;
  }

  /** The version in the first line. */
  final HttpVersion version() {
    return version;
  }

  /** Notes what is wrong, {@code at} bytes behind the begin of the line. */
  final int fail(H1Error found, int at) {
    error = found;
    lineErrorAt = at;
    return BAD;
  }

  /**
   * Reads {@code HTTP/1.x} (RFC 9112 2.3: case-sensitive, one digit each).
   *
   * @return where it ends, or {@link #NEED}, or {@link #BAD}
   */
  final int parseVersion(byte[] src, int lineStart, int from, int end) {
    int at = from;
    for (byte expected : VERSION) {
      if (at == end) {
        return NEED;
      }
      if (src[at] != expected) {
        return fail(H1Error.BAD_VERSION, at - lineStart);
      }
      at++;
    }
    for (int i = 0; i < 3; i++, at++) {
      if (at == end) {
        return NEED;
      }
      byte b = src[at];
      boolean good = i == 1 ? b == '.' : b >= '0' && b <= '9';
      if (!good) {
        return fail(H1Error.BAD_VERSION, at - lineStart);
      }
    }
    if (src[at - 3] != '1') {
      return fail(H1Error.VERSION_NOT_SUPPORTED, at - 3 - lineStart);
    }
    // RFC 9110 2.5: a higher minor version is read as the highest one known.
    version = src[at - 1] == '0' ? HttpVersion.HTTP_1_0 : HttpVersion.HTTP_1_1;
    return at;
  }

  /** Reads CRLF; see {@link FieldSection}. */
  final int parseLineEnd(byte[] src, int lineStart, int at, int end, H1Error otherwise) {
    if (at == end) {
      return NEED;
    }
    if (src[at] == '\n') {
      return fail(H1Error.BARE_LF, at - lineStart);
    }
    if (src[at] != '\r') {
      return fail(otherwise, at - lineStart);
    }
    if (at + 1 == end) {
      return NEED;
    }
    return src[at + 1] == '\n' ? at + 2 : fail(H1Error.BARE_CR, at - lineStart);
  }

  /** RFC 9112 2.2: a server ignores at least one empty line before the request line. */
  private int skipEmptyLines(ByteBuffer in) {
    while (in.hasRemaining() && in.get(in.position()) == '\r') {
      if (in.remaining() == 1) {
        return NEED;
      }
      if (in.get(in.position() + 1) != '\n') {
        return fail(H1Error.BARE_CR, 0);
      }
      if (consumed / 2 >= emptyLinesMax()) {
        return fail(H1Error.TOO_MANY_EMPTY_LINES, 0);
      }
      in.position(in.position() + 2);
      consumed += 2;
    }
    return in.hasRemaining() ? 0 : NEED;
  }

  private int startLine(ByteBuffer in) {
    byte[] src = in.array();
    int from = in.arrayOffset() + in.position();
    long left = headBytesMax - consumed;
    boolean full = in.remaining() >= left;
    int end = from + (int) Math.min(in.remaining(), left);
    if (seen >= JUDGED_EARLY_BYTES && !full && !FieldSection.hasLineEnd(src, from + seen, end)) {
      seen = end - from;
      return NEED;
    }
    int next = parseStartLine(src, from, end);
    if (next > 0) {
      in.position(in.position() + next - from);
      return next - from;
    }
    if (next == NEED && full) {
      return fail(startLineTooLong(), end - from);
    }
    boolean certain =
        full || lineErrorAt < JUDGED_EARLY_BYTES || FieldSection.hasLineEnd(src, from, end);
    if (next == BAD && certain) {
      return BAD;
    }
    error = H1Error.NONE;
    seen = end - from;
    return NEED;
  }

  private Outcome failed(ByteBuffer in, int at) {
    assert in.hasArray() && error != H1Error.NONE;
    errorPosition = consumed + at;
    state = State.FAILED;
    return Outcome.ERROR;
  }
}
