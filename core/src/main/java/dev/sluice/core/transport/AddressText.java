package dev.sluice.core.transport;

import org.jspecify.annotations.Nullable;

/**
 * Addresses as text, read strictly and without ever asking a name service, as {@code InetAddress}
 * would for whatever it can't read. Any thread.
 */
final class AddressText {
  private static final int GROUPS = 8;

  private AddressText() {}

  /**
   * The bytes of an IPv4 (RFC 3986 3.2.2) or IPv6 address (RFC 4291 2.2), 4 or 16 of them.
   *
   * @return null if it is none
   */
  static byte @Nullable [] parse(String text) {
    if (text.indexOf(':') < 0) {
      return four(text);
    }
    int gap = text.indexOf("::");
    if (gap < 0) {
      byte[] all = new byte[2 * GROUPS];
      return groups(text, all) == GROUPS ? all : null;
    }
    String left = text.substring(0, gap);
    String right = text.substring(gap + 2);
    byte[] before = new byte[2 * GROUPS];
    byte[] after = new byte[2 * GROUPS];
    int first = left.isEmpty() ? 0 : left.indexOf('.') >= 0 ? -1 : groups(left, before);
    int last = right.isEmpty() ? 0 : groups(right, after);
    if (first < 0 || last < 0 || first + last >= GROUPS) {
      return null;
    }
    System.arraycopy(after, 0, before, 2 * (GROUPS - last), 2 * last);
    return before;
  }

  /** The number that decimal digits without leading zeros stand for, or -1. */
  static int number(String text, int max) {
    int length = text.length();
    if (length == 0 || length > 5 || (length > 1 && text.charAt(0) == '0')) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < length; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        return -1;
      }
      value = 10 * value + digit;
    }
    return value <= max ? value : -1;
  }

  private static byte @Nullable [] four(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] bytes = new byte[4];
    for (int i = 0; i < 4; i++) {
      int value = number(parts[i], 255);
      if (value < 0) {
        return null;
      }
      bytes[i] = (byte) value;
    }
    return bytes;
  }

  /** Reads groups into the beginning of an array: how many, or -1. */
  private static int groups(String text, byte[] into) {
    String[] parts = text.split(":", -1);
    int count = 0;
    for (int i = 0; i < parts.length; i++) {
      boolean last = i == parts.length - 1;
      byte[] four = last && parts[i].indexOf('.') >= 0 ? four(parts[i]) : null;
      if (count + (four == null ? 1 : 2) > GROUPS) {
        return -1;
      }
      if (four != null) {
        System.arraycopy(four, 0, into, 2 * count, 4);
        count += 2;
        continue;
      }
      int value = group(parts[i]);
      if (value < 0) {
        return -1;
      }
      into[2 * count] = (byte) (value >> 8);
      into[2 * count + 1] = (byte) value;
      count++;
    }
    return count;
  }

  private static int group(String text) {
    if (text.isEmpty() || text.length() > 4) {
      return -1;
    }
    int value = 0;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      // Character.digit alone would take the digits of other scripts.
      int digit = c < 128 ? Character.digit(c, 16) : -1;
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }
}
