package dev.sluice.core.message;

/**
 * Which bytes may stand where in names, values and targets (RFC 9110 5.1, 5.5, 5.6.2). The same
 * tables serve both protocols, so that nothing valid in one can break the lines of the other.
 */
public final class FieldSyntax {
  private static final int TOKEN = 1;
  private static final int VALUE = 2;
  private static final int TARGET = 4;
  private static final byte[] CLASSES = new byte[256];
  private static final byte[] LOWER = new byte[256];

  static {
    for (int c = 0; c < 256; c++) {
      int bits = 0;
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      if (alphanumeric || (c > ' ' && c < 0x7f && "!#$%&'*+-.^_`|~".indexOf(c) >= 0)) {
        bits |= TOKEN;
      }
      // RFC 9110 5.5: VCHAR, obs-text, SP and HTAB; other controls are refused, not only CR, LF
      // and NUL, since no later reader can agree on them.
      if (c == '\t' || (c >= ' ' && c != 0x7f)) {
        bits |= VALUE;
      }
      // RFC 9112 3.2 and RFC 3986: no white space, no controls, nothing above 7F; a fragment is
      // never sent. The few printable characters that RFC 3986 leaves out pass: clients send them.
      if (c > ' ' && c < 0x7f && c != '#') {
        bits |= TARGET;
      }
      CLASSES[c] = (byte) bits;
      LOWER[c] = (byte) (c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
  }

  private FieldSyntax() {}

  /** Whether the byte may stand in a token: a field name, a method (RFC 9110 5.6.2). */
  public static boolean isTokenByte(byte b) {
    return (CLASSES[b & 0xff] & TOKEN) != 0;
  }

  /** Whether the byte may stand in a field value (RFC 9110 5.5). */
  public static boolean isValueByte(byte b) {
    return (CLASSES[b & 0xff] & VALUE) != 0;
  }

  /** Whether the byte may stand in a request target. */
  public static boolean isTargetByte(byte b) {
    return (CLASSES[b & 0xff] & TARGET) != 0;
  }

  /** Whether the range is a token of at least one byte. */
  public static boolean isToken(byte[] src, int offset, int length) {
    return length > 0 && all(src, offset, length, TOKEN);
  }

  /**
   * Whether the range is a field value: allowed bytes, no white space around it. The empty value is
   * one.
   */
  public static boolean isValue(byte[] src, int offset, int length) {
    return all(src, offset, length, VALUE)
        && (length == 0 || (!isBlank(src[offset]) && !isBlank(src[offset + length - 1])));
  }

  /** Whether the range is not empty and has only bytes that a request target may have. */
  public static boolean isTarget(byte[] src, int offset, int length) {
    return length > 0 && all(src, offset, length, TARGET);
  }

  /** Whether the byte is SP or HTAB, the only optional white space (RFC 9110 5.6.3). */
  public static boolean isBlank(byte b) {
    return b == ' ' || b == '\t';
  }

  /**
   * Where the next member of a comma-separated list begins, at or after {@code from}; {@code end}
   * if there is none. Empty members are skipped (RFC 9110 5.6.1.2).
   */
  public static int memberStart(byte[] src, int from, int end) {
    int at = from;
    while (at < end && (src[at] == ',' || isBlank(src[at]))) {
      at++;
    }
    return at;
  }

  /** The comma after the member that begins at {@code from}, or {@code end}; no quoted strings. */
  public static int memberStop(byte[] src, int from, int end) {
    int at = from;
    while (at < end && src[at] != ',') {
      at++;
    }
    return at;
  }

  /** The end of the range without the white space at its end. */
  public static int trimEnd(byte[] src, int from, int end) {
    int at = end;
    while (at > from && isBlank(src[at - 1])) {
      at--;
    }
    return at;
  }

  /** The byte with A to Z turned into a to z. */
  public static byte lower(byte b) {
    return LOWER[b & 0xff];
  }

  /** Whether the two ranges are equal, letters of either case being the same. */
  public static boolean equalsIgnoreCase(
      byte[] a, int aOffset, int aLength, byte[] b, int bOffset, int bLength) {
    if (aLength != bLength) {
      return false;
    }
    for (int i = 0; i < aLength; i++) {
      if (lower(a[aOffset + i]) != lower(b[bOffset + i])) {
        return false;
      }
    }
    return true;
  }

  private static boolean all(byte[] src, int offset, int length, int bit) {
    for (int i = offset, end = offset + length; i < end; i++) {
      if ((CLASSES[src[i] & 0xff] & bit) == 0) {
        return false;
      }
    }
    return true;
  }
}
