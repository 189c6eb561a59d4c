package dev.sluice.core.transport;

import static java.nio.charset.StandardCharsets.US_ASCII;

import dev.sluice.core.config.ProxyProtocolVersion;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.ByteBuffer;
import java.util.Objects;

/**
 * Writes PROXY headers (PROXY protocol 2.1 and 2.2). Two addresses of different families are both
 * written as IPv6, the IPv4 one as mapped (RFC 4291 2.5.5.2). Sans-IO; any thread.
 */
public final class ProxyHeaderEncoder {
  private static final int MAPPED_PREFIX_BYTES = 12;

  private ProxyHeaderEncoder() {}

  /** The bytes of a header. */
  public static byte[] encode(ProxyHeader header) {
    return header.version() == ProxyProtocolVersion.V1 ? text(header) : binary(header);
  }

  private static byte[] text(ProxyHeader header) {
    InetSocketAddress source = header.source();
    if (source == null) {
      return "PROXY UNKNOWN\r\n".getBytes(US_ASCII);
    }
    InetSocketAddress destination = Objects.requireNonNull(header.destination());
    boolean four = bothFour(source, destination);
    String line =
        "PROXY %s %s %s %d %d\r\n"
            .formatted(
                four ? "TCP4" : "TCP6",
                text(source.getAddress(), four),
                text(destination.getAddress(), four),
                source.getPort(),
                destination.getPort());
    return line.getBytes(US_ASCII);
  }

  private static String text(InetAddress address, boolean four) {
    String host = address.getHostAddress();
    if (!four && address instanceof Inet4Address) {
      return "::ffff:" + host;
    }
    // The zone of a link-local address means something on this machine only.
    int zone = host.indexOf('%');
    return zone < 0 ? host : host.substring(0, zone);
  }

  private static byte[] binary(ProxyHeader header) {
    InetSocketAddress source = header.source();
    if (source == null) {
      byte[] local = new byte[ProxyHeaderDecoder.FIXED_BYTES];
      begin(local, ProxyHeaderDecoder.LOCAL, ProxyHeaderDecoder.UNSPEC);
      return local;
    }
    InetSocketAddress destination = Objects.requireNonNull(header.destination());
    boolean four = bothFour(source, destination);
    int length = four ? ProxyHeaderDecoder.TCP4_BYTES : ProxyHeaderDecoder.TCP6_BYTES;
    byte[] all = new byte[ProxyHeaderDecoder.FIXED_BYTES + length];
    ByteBuffer bytes =
        begin(
            all,
            ProxyHeaderDecoder.PROXY,
            four ? ProxyHeaderDecoder.TCP4 : ProxyHeaderDecoder.TCP6);
    putAddress(bytes, source.getAddress(), four);
    putAddress(bytes, destination.getAddress(), four);
    bytes.putShort((short) source.getPort()).putShort((short) destination.getPort());
    return all;
  }

  private static ByteBuffer begin(byte[] all, int command, int family) {
    ByteBuffer bytes = ByteBuffer.wrap(all);
    int length = all.length - ProxyHeaderDecoder.FIXED_BYTES;
    ProxyHeaderDecoder.putSignature(bytes);
    return bytes.put((byte) command).put((byte) family).putShort((short) length);
  }

  private static void putAddress(ByteBuffer bytes, InetAddress address, boolean four) {
    byte[] raw = address.getAddress();
    if (!four && raw.length == 4) {
      bytes.put(new byte[MAPPED_PREFIX_BYTES - 2]).putShort((short) 0xffff);
    }
    bytes.put(raw);
  }

  private static boolean bothFour(InetSocketAddress a, InetSocketAddress b) {
    return a.getAddress() instanceof Inet4Address && b.getAddress() instanceof Inet4Address;
  }
}
