package dev.sluice.core.message;

/**
 * Lengths of content as numbers: not negative if known, else one of the two constants; and the
 * reading of {@code content-length} (RFC 9110 8.6), the same for both protocols.
 */
public final class BodyLength {
  /** No length is known; the end comes by other means. */
  public static final long UNKNOWN = -1;

  /** The fields state no usable length: not digits, more than 63 bits, or two that differ. */
  public static final long INVALID = -2;

  private BodyLength() {}

  /**
   * The value of all {@code content-length} lines. Several equal values, in lines or in a list, are
   * one (RFC 9110 8.6, RFC 9112 6.3); everything else than digits is invalid.
   */
  public static long of(Fields fields) {
    long length = UNKNOWN;
    for (int i = fields.find(FieldName.CONTENT_LENGTH);
        i >= 0;
        i = fields.next(FieldName.CONTENT_LENGTH, i + 1)) {
      long line = line(fields.bytes(), fields.valueOffset(i), fields.valueLength(i));
      if (line == INVALID || (length >= 0 && length != line)) {
        return INVALID;
      }
      length = line;
    }
    return length;
  }

  /**
   * As {@link #of}, and afterwards there is at most one line, in digits without leading zeros. The
   * fields are unchanged if the result is {@link #INVALID}.
   */
  public static long normalize(Fields fields) {
    long length = of(fields);
    if (length < 0) {
      return length;
    }
    int first = fields.find(FieldName.CONTENT_LENGTH);
    boolean canonical =
        fields.next(FieldName.CONTENT_LENGTH, first + 1) < 0
            && fields.valueLength(first) == digits(length);
    // Digits replace at least as many bytes, so no bound can be passed.
    return canonical || fields.setLong(FieldName.CONTENT_LENGTH, length) ? length : INVALID;
  }

  private static long line(byte[] src, int offset, int length) {
    int end = offset + length;
    int from = offset;
    long found = UNKNOWN;
    while (true) {
      int stop = FieldSyntax.memberStop(src, from, end);
      while (from < stop && FieldSyntax.isBlank(src[from])) {
        from++;
      }
      long member = number(src, from, FieldSyntax.trimEnd(src, from, stop));
      if (member == INVALID || (found >= 0 && found != member)) {
        return INVALID;
      }
      found = member;
      if (stop == end) {
        return found;
      }
      from = stop + 1;
    }
  }

  private static long number(byte[] src, int from, int end) {
    if (from == end) {
      return INVALID;
    }
    long value = 0;
    for (int i = from; i < end; i++) {
      int digit = src[i] - '0';
      if (digit < 0 || digit > 9 || value > (Long.MAX_VALUE - digit) / 10) {
        return INVALID;
      }
      value = value * 10 + digit;
    }
    return value;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    return digits;
  }
}
