package dev.sluice.tls.engine;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/** IP addresses written as text, told from host names without ever asking a name service. */
public final class IpLiteral {
  private IpLiteral() {}

  /**
   * Reads an address.
   *
   * @param text a dotted IPv4 address, or an IPv6 address with or without brackets
   * @return its 4 or 16 bytes, null if the text is no address
   */
  public static byte @Nullable [] parse(String text) {
    String bare =
        text.startsWith("[") && text.endsWith("]") ? text.substring(1, text.length() - 1) : text;
    if (bare.indexOf(':') >= 0) {
      return ipv6(bare);
    }
    return ipv4(bare);
  }

  private static byte @Nullable [] ipv4(String text) {
    String[] parts = text.split("\\.", -1);
    if (parts.length != 4) {
      return null;
    }
    byte[] address = new byte[4];
    for (int i = 0; i < 4; i++) {
      String part = parts[i];
      boolean digits = part.matches("0|[1-9][0-9]{0,2}");
      if (!digits || Integer.parseInt(part) > 255) {
        return null;
      }
      address[i] = (byte) Integer.parseInt(part);
    }
    return address;
  }

  private static byte @Nullable [] ipv6(String text) {
    if (!text.matches("[0-9A-Fa-f:.]+")) {
      return null;
    }
    try {
      // With a colon in it and only these characters the JDK parses or refuses, but never looks up.
      byte[] address = InetAddress.getByName(text).getAddress();
      if (address.length == 4) {
        byte[] mapped = new byte[16];
        mapped[10] = (byte) 0xFF;
        mapped[11] = (byte) 0xFF;
        System.arraycopy(address, 0, mapped, 12, 4);
        return mapped;
      }
      return address;
    } catch (UnknownHostException e) {
      return null;
    }
  }
}
