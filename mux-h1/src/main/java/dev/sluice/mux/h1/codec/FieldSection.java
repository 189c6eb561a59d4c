package dev.sluice.mux.h1.codec;

import dev.sluice.core.message.FieldSyntax;
import dev.sluice.core.message.Fields;
import java.nio.ByteBuffer;

/**
 * Reads field lines up to and including the empty line (RFC 9112 5): the end of a head, or a
 * trailer section. Consumes whole lines; the beginning of an unfinished line stays in the buffer
 * and must be there, at its position, on the next call.
 *
 * <p>A line is judged when it is complete or when the limit is reached, never before: so what is
 * found doesn't depend on how the bytes were cut.
 */
final class FieldSection {
  /** What came of a call. */
  enum Result {
    /** More bytes are needed. */
    MORE,
    /** The empty line was read. */
    END,
    /** {@link #error} tells what is wrong. */
    ERROR
  }

  static final int NEED = -1;
  static final int BAD = -2;

  private final Fields none = new Fields(1, 1);
  private Fields target = none;
  private int bytesLeft;
  private int seen;
  private H1Error error = H1Error.NONE;
  private int errorAt;

  /** Begins a section. */
  void begin(Fields fields, int bytesMax) {
    target = fields;
    bytesLeft = bytesMax;
    seen = 0;
    error = H1Error.NONE;
  }

  /** What is wrong. */
  H1Error error() {
    return error;
  }

  /** Where it is wrong, counted from the position of the buffer after the call. */
  int errorAt() {
    return errorAt;
  }

  /** Reads as many lines as are here. */
  Result read(ByteBuffer in) {
    byte[] src = in.array();
    int base = in.arrayOffset();
    int from = base + in.position();
    int available = base + in.limit();
    while (true) {
      int end = (int) Math.min(available, (long) from + bytesLeft);
      boolean full = available - from >= bytesLeft;
      if (seen > 0 && !full && !hasLineEnd(src, from + seen, end)) {
        seen = end - from;
        in.position(from - base);
        return Result.MORE;
      }
      int next = line(src, from, end);
      if (next > 0) {
        boolean last = next == from + 2;
        bytesLeft -= next - from;
        from = next;
        seen = 0;
        if (last) {
          in.position(from - base);
          return Result.END;
        }
        continue;
      }
      in.position(from - base);
      if (next == NEED && full) {
        fail(H1Error.HEAD_TOO_LARGE, end - from);
        return Result.ERROR;
      }
      if (next == BAD && (full || hasLineEnd(src, from, end))) {
        return Result.ERROR;
      }
      seen = end - from;
      return Result.MORE;
    }
  }

  /** Whether a line ends between the two places. */
  static boolean hasLineEnd(byte[] src, int from, int end) {
    for (int i = from; i < end; i++) {
      if (src[i] == '\n') {
        return true;
      }
    }
    return false;
  }

  /** Returns where the line after this one begins, or {@link #NEED} or {@link #BAD}. */
  private int line(byte[] src, int from, int end) {
    int at = from;
    while (at < end && FieldSyntax.isTokenByte(src[at])) {
      at++;
    }
    if (at == end) {
      return NEED;
    }
    if (at == from || src[at] != ':') {
      return noName(src, from, at, end);
    }
    int nameLength = at - from;
    at++;
    while (at < end && FieldSyntax.isBlank(src[at])) {
      at++;
    }
    int value = at;
    while (at < end && FieldSyntax.isValueByte(src[at])) {
      at++;
    }
    if (at == end) {
      return NEED;
    }
    int next = lineEnd(src, at, end, from, H1Error.BAD_FIELD_VALUE);
    if (next < 0) {
      return next;
    }
    int valueLength = FieldSyntax.trimEnd(src, value, at) - value;
    if (!target.add(src, from, nameLength, src, value, valueLength)) {
      boolean count = target.size() == target.fieldCountMax();
      return fail(count ? H1Error.TOO_MANY_FIELDS : H1Error.HEAD_TOO_LARGE, 0);
    }
    return next;
  }

  private int noName(byte[] src, int from, int at, int end) {
    if (at == from && src[at] == '\r') {
      return lineEnd(src, at, end, from, H1Error.BARE_CR);
    }
    if (src[at] == '\n') {
      return fail(H1Error.BARE_LF, at - from);
    }
    // RFC 9112 5.2 and 2.2: neither folded lines nor white space before the first field; 5.1: none
    // between a name and its colon.
    boolean folded = at == from && FieldSyntax.isBlank(src[at]);
    return fail(folded ? H1Error.FOLDED_LINE : H1Error.BAD_FIELD_NAME, at - from);
  }

  /** RFC 9112 2.2: a line ends with CRLF; neither half of it is taken alone. */
  private int lineEnd(byte[] src, int at, int end, int from, H1Error otherwise) {
    if (src[at] == '\n') {
      return fail(H1Error.BARE_LF, at - from);
    }
    if (src[at] != '\r') {
      return fail(otherwise, at - from);
    }
    if (at + 1 == end) {
      return NEED;
    }
    return src[at + 1] == '\n' ? at + 2 : fail(H1Error.BARE_CR, at - from);
  }

  private int fail(H1Error found, int at) {
    error = found;
    errorAt = at;
    return BAD;
  }
}
