package dev.sluice.core.cli;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses from text, without ever asking a name service. Any thread. */
final class IpText {
  private static final int V4_BYTES = 4;
  private static final int V6_LENGTH_MAX = 45;

  private IpText() {}

  /** The address, or null if the text is none. IPv6 comes with or without brackets. */
  static @Nullable InetAddress parse(String text) {
    if (text.startsWith("[") && text.endsWith("]")) {
      return parseV6(text.substring(1, text.length() - 1));
    }
    return text.indexOf(':') >= 0 ? parseV6(text) : parseV4(text);
  }

  /** Four decimal numbers, none with a leading zero: elsewhere that would be octal. */
  private static @Nullable InetAddress parseV4(String text) {
    byte[] bytes = new byte[V4_BYTES];
    String[] parts = text.split("\\.", -1);
    if (parts.length != V4_BYTES) {
      return null;
    }
    for (int i = 0; i < V4_BYTES; i++) {
      int number = decimal(parts[i]);
      if (number < 0) {
        return null;
      }
      bytes[i] = (byte) number;
    }
    return ofBytes(bytes);
  }

  private static int decimal(String part) {
    if (part.isEmpty() || part.length() > 3 || (part.length() > 1 && part.charAt(0) == '0')) {
      return -1;
    }
    int number = 0;
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      if (c < '0' || c > '9') {
        return -1;
      }
      number = number * 10 + c - '0';
    }
    return number > 255 ? -1 : number;
  }

  private static @Nullable InetAddress parseV6(String text) {
    if (text.length() > V6_LENGTH_MAX || text.indexOf(':') < 0) {
      return null;
    }
    for (int i = 0; i < text.length(); i++) {
      if ("0123456789abcdefABCDEF:.".indexOf(text.charAt(i)) < 0) {
        return null;
      }
    }
    try {
      // A text in brackets is parsed as a literal or refused, never looked up.
      return InetAddress.getByName("[" + text + "]");
    } catch (UnknownHostException e) {
      return null;
    }
  }

  private static InetAddress ofBytes(byte[] bytes) {
    try {
      return InetAddress.getByAddress(bytes);
    } catch (UnknownHostException e) {
      throw new IllegalStateException(e);
    }
  }
}
