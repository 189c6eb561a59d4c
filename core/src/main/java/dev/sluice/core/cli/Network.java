package dev.sluice.core.cli;

import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * A network in CIDR notation (RFC 4632, RFC 4291 2.3). Immutable.
 *
 * @param address any address in it
 * @param prefixBits how many leading bits its addresses share
 */
record Network(InetAddress address, int prefixBits) {
  /** The network of a text such as {@code 10.0.0.0/8}, or null; an address is a network of one. */
  static @Nullable Network parse(String text) {
    int slash = text.indexOf('/');
    InetAddress address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      return null;
    }
    int bitsMax = address.getAddress().length * 8;
    if (slash < 0) {
      return new Network(address, bitsMax);
    }
    String bits = text.substring(slash + 1);
    if (!bits.matches("\\d{1,3}") || Integer.parseInt(bits) > bitsMax) {
      return null;
    }
    return new Network(address, Integer.parseInt(bits));
  }

  boolean contains(InetAddress other) {
    byte[] mine = address.getAddress();
    byte[] others = other.getAddress();
    if (mine.length != others.length) {
      return false;
    }
    for (int bit = 0; bit < prefixBits; bit += 8) {
      int mask = prefixBits - bit >= 8 ? 0xff : 0xff << (8 - (prefixBits - bit)) & 0xff;
      if (((mine[bit / 8] ^ others[bit / 8]) & mask) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public String toString() {
    return address.getHostAddress() + "/" + prefixBits;
  }
}
