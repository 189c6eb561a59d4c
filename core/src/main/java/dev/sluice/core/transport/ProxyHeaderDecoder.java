package dev.sluice.core.transport;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.config.ProxyProtocolVersion;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import org.jspecify.annotations.Nullable;

/**
 * Reads one PROXY header, of either version (PROXY protocol 2.1 and 2.2), strictly. Sans-IO: it is
 * asked how many bytes it is sure to need and given no more, so that nothing of what follows the
 * header is ever taken. Never throws on what the peer sends. One for each connection.
 *
 * <p>Extensions (TLVs) are skipped; they must fill the header exactly.
 */
public final class ProxyHeaderDecoder {
  /** The longest header that is read. What is sent in practice has a few hundred bytes at most. */
  public static final int BYTES_MAX = 4096;

  static final int FIXED_BYTES = 16;
  static final int LOCAL = 0x20;
  static final int PROXY = 0x21;
  static final int UNSPEC = 0x00;
  static final int TCP4 = 0x11;
  static final int TCP6 = 0x21;
  static final int UNIX_STREAM = 0x31;
  static final int TCP4_BYTES = 12;
  static final int TCP6_BYTES = 36;
  static final int UNIX_BYTES = 216;

  private static final byte[] SIGNATURE = {
    0x0d, 0x0a, 0x0d, 0x0a, 0x00, 0x0d, 0x0a, 0x51, 0x55, 0x49, 0x54, 0x0a
  };
  private static final byte[] WORD = "PROXY ".getBytes(US_ASCII);

  /** The shortest line there is: "PROXY UNKNOWN" and its end. */
  private static final int LINE_BYTES_MIN = 15;

  /** PROXY protocol 2.1: the longest line, with its end. */
  private static final int LINE_BYTES_MAX = 107;

  private static final int TLV_HEAD_BYTES = 3;

  private byte[] bytes = new byte[LINE_BYTES_MAX];
  private int count;
  private @Nullable ProxyHeader header;
  private @Nullable String problem;

  /** A decoder at the beginning of a header. */
  public ProxyHeaderDecoder() {}

  /**
   * How many bytes the header has at least beyond those that are here; 0 once it is whole or found
   * to be none. Never more than {@link #space} has room for.
   */
  public int needed() {
    if (header != null || problem != null) {
      return 0;
    }
    if (count < LINE_BYTES_MIN) {
      return LINE_BYTES_MIN - count;
    }
    if (binary()) {
      return (count < FIXED_BYTES ? FIXED_BYTES : FIXED_BYTES + length()) - count;
    }
    // An end of line that has begun is one byte from its end.
    return bytes[count - 1] == '\r' ? 1 : 2;
  }

  /** Where to put bytes: room for as many as are needed. What is put there goes to {@link #put}. */
  public ByteBuffer space() {
    int needed = needed();
    if (count + needed > bytes.length) {
      byte[] larger = new byte[count + needed];
      System.arraycopy(bytes, 0, larger, 0, count);
      bytes = larger;
    }
    return ByteBuffer.wrap(bytes, count, needed);
  }

  /** So many bytes have been put into {@link #space}. */
  public void put(int added) {
    assert added <= needed() : added;
    count += added;
    if (!beginsWell()) {
      problem = "no PROXY header";
    } else if (count >= LINE_BYTES_MIN) {
      if (binary()) {
        readBinary();
      } else {
        readLine();
      }
    }
  }

  /** Whether anything has come. */
  public boolean begun() {
    return count > 0;
  }

  /** The header, once it is whole. */
  public @Nullable ProxyHeader header() {
    return header;
  }

  /** What is wrong with it, or null. */
  public @Nullable String problem() {
    return problem;
  }

  static void putSignature(ByteBuffer target) {
    target.put(SIGNATURE);
  }

  private boolean binary() {
    return bytes[0] == SIGNATURE[0];
  }

  private boolean beginsWell() {
    byte[] expected = binary() ? SIGNATURE : WORD;
    for (int i = 0; i < Math.min(count, expected.length); i++) {
      if (bytes[i] != expected[i]) {
        return false;
      }
    }
    return true;
  }

  // ---- version 2

  private int length() {
    return unsignedShort(14);
  }

  private int unsignedShort(int at) {
    return ((bytes[at] & 0xff) << 8) | (bytes[at + 1] & 0xff);
  }

  private void readBinary() {
    if (count < FIXED_BYTES) {
      return;
    }
    int command = bytes[12] & 0xff;
    int family = bytes[13] & 0xff;
    if (command != LOCAL && command != PROXY) {
      problem = "version and command are 0x%02x: 0x20 and 0x21 are valid".formatted(command);
    } else if (FIXED_BYTES + length() > BYTES_MAX) {
      problem = "longer than " + BYTES_MAX + " bytes";
    } else if (command == LOCAL) {
      // 2.2: whatever family and addresses a local connection states, they are not looked at.
      if (count == FIXED_BYTES + length()) {
        header = ProxyHeader.local(ProxyProtocolVersion.V2);
      }
    } else {
      readProxied(family);
    }
  }

  private void readProxied(int family) {
    int addresses =
        switch (family) {
          case UNSPEC -> 0;
          case TCP4 -> TCP4_BYTES;
          case TCP6 -> TCP6_BYTES;
          case UNIX_STREAM -> UNIX_BYTES;
          default -> -1;
        };
    if (addresses < 0) {
      problem = "family 0x%02x is not one of a stream".formatted(family);
    } else if (length() < addresses) {
      problem = length() + " bytes are too short for family 0x%02x".formatted(family);
    } else if (count == FIXED_BYTES + length()) {
      // Without a family, 2.2 has nothing said of what stands there.
      if (family != UNSPEC && !extensionsFill(FIXED_BYTES + addresses)) {
        problem = "an extension goes beyond the end";
        return;
      }
      header =
          family == TCP4 || family == TCP6
              ? addresses(family == TCP4 ? 4 : 16)
              : ProxyHeader.local(ProxyProtocolVersion.V2);
    }
  }

  private boolean extensionsFill(int from) {
    int at = from;
    while (at < count) {
      if (at + TLV_HEAD_BYTES > count) {
        return false;
      }
      at += TLV_HEAD_BYTES + unsignedShort(at + 1);
    }
    return at == count;
  }

  private ProxyHeader addresses(int addressBytes) {
    ByteBuffer from = ByteBuffer.wrap(bytes, FIXED_BYTES, 2 * addressBytes + 4);
    byte[] source = new byte[addressBytes];
    byte[] destination = new byte[addressBytes];
    from.get(source).get(destination);
    return new ProxyHeader(
        ProxyProtocolVersion.V2,
        address(source, from.getShort() & 0xffff),
        address(destination, from.getShort() & 0xffff));
  }

  private static InetSocketAddress address(byte[] raw, int port) {
    try {
      return new InetSocketAddress(InetAddress.getByAddress(raw), port);
    } catch (UnknownHostException e) {
      throw new AssertionError("4 or 16 bytes are an address", e);
    }
  }

  // ---- version 1

  private void readLine() {
    if (bytes[count - 2] != '\r' || bytes[count - 1] != '\n') {
      if (count + needed() > LINE_BYTES_MAX) {
        problem = "a line longer than " + LINE_BYTES_MAX + " bytes";
      }
      return;
    }
    String line = new String(bytes, WORD.length, count - WORD.length - 2, ISO_8859_1);
    if (line.equals("UNKNOWN") || line.startsWith("UNKNOWN ")) {
      header = ProxyHeader.local(ProxyProtocolVersion.V1);
      return;
    }
    String[] parts = line.split(" ", -1);
    int addressBytes =
        switch (parts[0]) {
          case "TCP4" -> 4;
          case "TCP6" -> 16;
          default -> 0;
        };
    if (addressBytes == 0 || parts.length != 5) {
      problem = "the line is none of TCP4, TCP6 and UNKNOWN";
      return;
    }
    byte[] source = AddressText.parse(parts[1]);
    byte[] destination = AddressText.parse(parts[2]);
    int sourcePort = AddressText.number(parts[3], 0xffff);
    int destinationPort = AddressText.number(parts[4], 0xffff);
    if (source == null
        || destination == null
        || source.length != addressBytes
        || destination.length != addressBytes) {
      problem = "an address is not one of " + parts[0];
    } else if (sourcePort < 0 || destinationPort < 0) {
      problem = "a port is not one of 0 to 65535";
    } else {
      header =
          new ProxyHeader(
              ProxyProtocolVersion.V1,
              address(source, sourcePort),
              address(destination, destinationPort));
    }
  }
}
