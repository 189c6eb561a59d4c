package dev.sluice.app;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/**
 * The port to listen on: the one that was asked for, or any free one if that can't be had.
 *
 * @param asked what was asked for; 0 for any
 * @param port what to bind; 0 for any
 * @param obstacle why it isn't the one that was asked for; empty if it is
 */
record PortChoice(int asked, int port, String obstacle) {
  private static final int PORT_MAX = 65_535;

  /** Reads ports from the command line. */
  static final class Reader implements ITypeConverter<Integer> {
    @Override
    public Integer convert(String text) {
      try {
        int port = Integer.parseInt(text);
        if (port >= 0 && port <= PORT_MAX) {
          return port;
        }
      } catch (NumberFormatException e) {
        // The same is wrong as with a number out of range.
      }
      throw new TypeConversionException(text + " is no port: 0 to " + PORT_MAX + " is valid");
    }
  }

  /** Tries the port, and lets go of it again. */
  static PortChoice of(InetAddress host, int asked) {
    if (asked == 0) {
      return new PortChoice(0, 0, "");
    }
    try (ServerSocket probe = new ServerSocket()) {
      probe.setReuseAddress(true);
      probe.bind(new InetSocketAddress(host, asked));
      return new PortChoice(asked, asked, "");
    } catch (IOException e) {
      String why = String.valueOf(e.getMessage());
      boolean taken = why.contains("in use");
      return new PortChoice(asked, 0, taken ? "is taken" : "can't be opened (" + why + ")");
    }
  }

  /** One line for the person if it became another port; empty if not. */
  String notice(int got) {
    return obstacle.isEmpty()
        ? ""
        : "Port " + asked + " " + obstacle + ": using " + got + " instead.";
  }
}
