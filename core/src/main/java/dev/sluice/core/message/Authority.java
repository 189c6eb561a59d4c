package dev.sluice.core.message;

/**
 * What may stand in {@code Host}, {@code :authority} and the authority of a target: a host with an
 * optional port (RFC 9110 4.2 and 7.2, RFC 9112 3.2 and 3.3, RFC 3986 3.2). User information is
 * refused: RFC 9110 4.2.4 forbids it in http targets, and it serves to mislead.
 */
public final class Authority {
  private static final int PORT_MAX = 65535;
  private static final boolean[] HOST = new boolean[128];

  static {
    // RFC 3986 3.2.2, reg-name: unreserved, sub-delims; '%' is looked at by itself.
    for (int c = '!'; c < 127; c++) {
      boolean alphanumeric =
          (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
      HOST[c] = alphanumeric || "-._~!$&'()*+,;=".indexOf(c) >= 0;
    }
  }

  private Authority() {}

  /** Whether the range is {@code host} or {@code host:port} with a host that is not empty. */
  public static boolean isValid(byte[] src, int offset, int length) {
    return portStart(src, offset, length) != -1;
  }

  /** As {@link #isValid}, and there is a port: what CONNECT needs (RFC 9110 9.3.6). */
  public static boolean isValidWithPort(byte[] src, int offset, int length) {
    int port = portStart(src, offset, length);
    return port != -1 && port < offset + length;
  }

  /**
   * The length of the host in a valid authority: what comes before the port and its colon. The
   * brackets of an IPv6 address belong to it.
   */
  public static int hostLength(byte[] src, int offset, int length) {
    int end = offset + length;
    for (int i = end - 1; i >= offset && src[i] != ']'; i--) {
      if (src[i] == ':') {
        return i - offset;
      }
    }
    return length;
  }

  /** The port of a valid authority, or -1 if it names none. */
  public static int port(byte[] src, int offset, int length) {
    int from = offset + hostLength(src, offset, length) + 1;
    int end = offset + length;
    if (from >= end) {
      return -1;
    }
    int port = 0;
    for (int i = from; i < end; i++) {
      port = port * 10 + src[i] - '0';
    }
    return port;
  }

  /** Whether the range is a URI scheme (RFC 3986 3.1). */
  public static boolean isScheme(byte[] src, int offset, int length) {
    for (int i = 0; i < length; i++) {
      byte b = FieldSyntax.lower(src[offset + i]);
      boolean letter = b >= 'a' && b <= 'z';
      boolean other = (b >= '0' && b <= '9') || b == '+' || b == '-' || b == '.';
      if (!letter && (i == 0 || !other)) {
        return false;
      }
    }
    return length > 0;
  }

  /** Where the digits of the port begin; the end of the range if there are none; -1 if invalid. */
  private static int portStart(byte[] src, int offset, int length) {
    int end = offset + length;
    int at =
        length > 0 && src[offset] == '[' ? literalEnd(src, offset, end) : nameEnd(src, offset, end);
    if (at <= offset) {
      return -1;
    }
    if (at == end) {
      return end;
    }
    if (src[at] != ':') {
      return -1;
    }
    int port = 0;
    for (int i = at + 1; i < end; i++) {
      int digit = src[i] - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      port = port * 10 + digit;
      if (port > PORT_MAX) {
        return -1;
      }
    }
    return at + 1;
  }

  private static int nameEnd(byte[] src, int offset, int end) {
    int at = offset;
    while (at < end && src[at] != ':') {
      byte b = src[at];
      if (b == '%') {
        if (at + 2 >= end || !isHex(src[at + 1]) || !isHex(src[at + 2])) {
          return -1;
        }
        at += 3;
      } else if (b > 0 && HOST[b]) {
        at++;
      } else {
        return -1;
      }
    }
    return at;
  }

  /** RFC 3986 3.2.2: an IPv6 address in brackets; its digits are left to whoever resolves it. */
  private static int literalEnd(byte[] src, int offset, int end) {
    int at = offset + 1;
    while (at < end && (isHex(src[at]) || src[at] == ':' || src[at] == '.')) {
      at++;
    }
    return at > offset + 2 && at < end && src[at] == ']' ? at + 1 : -1;
  }

  private static boolean isHex(byte b) {
    byte c = FieldSyntax.lower(b);
    return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f');
  }
}
