package dev.sluice.core.cli;

import dev.sluice.core.config.FixedResponse;
import dev.sluice.core.message.Fields;
import dev.sluice.core.stream.RoutingCall;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A backend whose server's address comes from fields of the request. Whoever may send the fields
 * may choose whom this proxy connects to, so the address must be in an allow-list of networks, and
 * is never a name that would have to be looked up. Immutable; any thread. Makes an address for each
 * request.
 *
 * @param addressField the field that holds an IP address, or null for the server's own
 * @param portField the field that holds a port, or null for the server's own
 * @param networks where the address must be
 * @param server the server's own address, taken where a field is missing
 * @param serverName the host name to ask for in the handshake, or null
 */
record Destination(
    @Nullable String addressField,
    @Nullable String portField,
    List<Network> networks,
    InetSocketAddress server,
    @Nullable String serverName) {
  private static final int PORT_MAX = 65_535;
  private static final int MISSING = -1;
  private static final int TWICE = -2;
  private static final FixedResponse NOT_UNDERSTOOD =
      FixedResponse.text(400, "The destination is not understood.\n");
  private static final FixedResponse NOT_ALLOWED =
      FixedResponse.text(403, "The destination is not allowed.\n");

  Destination {
    networks = List.copyOf(networks);
  }

  /** Sets the destination; the answer to give instead if it can't be used, or null. */
  @Nullable FixedResponse choose(RoutingCall call) {
    Fields fields = call.request().fields();
    InetAddress address = server.getAddress();
    int port = server.getPort();
    if (addressField != null) {
      int line = only(fields, addressField);
      if (line >= 0) {
        InetAddress given = IpText.parse(value(fields, line));
        if (given == null) {
          return NOT_UNDERSTOOD;
        }
        address = given;
      } else if (line == TWICE) {
        return NOT_UNDERSTOOD;
      }
    }
    if (portField != null) {
      int line = only(fields, portField);
      if (line >= 0) {
        port = port(value(fields, line));
      }
      if (line == TWICE || port < 1 || port > PORT_MAX) {
        return NOT_UNDERSTOOD;
      }
    }
    if (!allowed(address)) {
      return NOT_ALLOWED;
    }
    call.destination(new InetSocketAddress(address, port), serverName);
    return null;
  }

  boolean allowed(InetAddress address) {
    for (Network network : networks) {
      if (network.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** The line of a field. Two lines would let somebody in between see another one than we do. */
  private static int only(Fields fields, String name) {
    byte[] bytes = name.getBytes(StandardCharsets.ISO_8859_1);
    int first = fields.next(bytes, 0, bytes.length, 0);
    if (first < 0) {
      return MISSING;
    }
    return fields.next(bytes, 0, bytes.length, first + 1) < 0 ? first : TWICE;
  }

  private static String value(Fields fields, int line) {
    return new String(
        fields.bytes(),
        fields.valueOffset(line),
        fields.valueLength(line),
        StandardCharsets.ISO_8859_1);
  }

  private static int port(String text) {
    return text.matches("[1-9]\\d{0,4}") ? Integer.parseInt(text) : -1;
  }
}
