package dev.sluice.core.cli;

import dev.sluice.core.config.ConfigNode;
import dev.sluice.core.config.ConfigProblems;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.UnknownHostException;
import org.jspecify.annotations.Nullable;

/**
 * An address of a configuration file.
 *
 * @param address resolved, unless names are not looked up
 * @param hostName the host's name, or null if an IP address is given
 */
record HostPort(InetSocketAddress address, @Nullable String hostName) {
  private static final int PORT_MAX = 65_535;
  private static final String VALID = ": host:port, 192.0.2.1:port or [2001:db8::1]:port is valid";

  /** The name if there is one, for the engine to look up and follow; else the address. */
  InetSocketAddress toFollow() {
    String host = hostName;
    return host == null ? address : InetSocketAddress.createUnresolved(host, address.getPort());
  }

  /** Where to listen: {@code *} or nothing before the colon stands for every local address. */
  static @Nullable HostPort toListen(ConfigNode node, ConfigProblems problems) {
    return parse(node, 0, true, true, problems);
  }

  /**
   * Where to connect to.
   *
   * @param lookUp whether a name is looked up, which blocks, and is a problem if it can't be found
   */
  static @Nullable HostPort toConnect(ConfigNode node, boolean lookUp, ConfigProblems problems) {
    return parse(node, 1, false, lookUp, problems);
  }

  private static @Nullable HostPort parse(
      ConfigNode node, int portMin, boolean wildcard, boolean lookUp, ConfigProblems problems) {
    String text = node.text();
    int colon = text.lastIndexOf(':');
    int bracket = text.lastIndexOf(']');
    if (node.kind() != ConfigNode.Kind.TEXT || colon < 0 || colon < bracket) {
      problems.add(node, node.described() + " is given" + VALID);
      return null;
    }
    String host = text.substring(0, colon);
    String digits = text.substring(colon + 1);
    int port = digits.matches("\\d{1,5}") ? Integer.parseInt(digits) : -1;
    if (port < portMin || port > PORT_MAX) {
      problems.add(
          node,
          node.described() + " has no valid port: " + portMin + " to " + PORT_MAX + " is valid");
      return null;
    }
    if (wildcard && (host.isEmpty() || host.equals("*"))) {
      return new HostPort(new InetSocketAddress(port), null);
    }
    InetAddress literal = IpText.parse(host);
    if (literal != null) {
      return new HostPort(new InetSocketAddress(literal, port), null);
    }
    if (!host.matches("[A-Za-z0-9_]([A-Za-z0-9_.-]*[A-Za-z0-9_.])?") || host.matches("[0-9.]+")) {
      problems.add(node, node.described() + " is given" + VALID);
      return null;
    }
    if (!lookUp) {
      return new HostPort(InetSocketAddress.createUnresolved(host, port), host);
    }
    try {
      return new HostPort(new InetSocketAddress(InetAddress.getByName(host), port), host);
    } catch (UnknownHostException e) {
      problems.add(
          node, node.described() + " names a host that can't be found: one that can be is valid");
      return null;
    }
  }

  /** An address in the form in which configuration files have it. */
  static String text(InetSocketAddress address) {
    InetAddress ip = address.getAddress();
    if (ip == null) {
      return address.getHostString() + ":" + address.getPort();
    }
    if (ip.isAnyLocalAddress()) {
      return "*:" + address.getPort();
    }
    String host = ip.getHostAddress();
    return (host.indexOf(':') < 0 ? host : "[" + host + "]") + ":" + address.getPort();
  }
}
