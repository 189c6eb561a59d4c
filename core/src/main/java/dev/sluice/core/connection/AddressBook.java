package dev.sluice.core.connection;

import dev.sluice.core.observe.NameCounts;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;

/**
 * Where a server that is given by name is reached. Its connections have the name as their target,
 * and each asks here when it is dialled. Any thread; nothing blocks.
 */
public interface AddressBook {
  /** The name and the port, not resolved: the target of the connections that ask here. */
  InetSocketAddress name();

  /**
   * The addresses that a new connection tries, in their order.
   *
   * @return resolved; empty as long as none is known
   */
  List<InetSocketAddress> order();

  /** Whether any address is known. */
  boolean known();

  /** Whether the name stands for that address, as far as is known. */
  boolean holds(SocketAddress address);

  /** How long a connection waits for one address before it tries the next beside it. */
  long attemptDelayNanos();

  /** A connection tries a second address. */
  void onRace();

  /** A connection was made to another address than the first that it tried. */
  void onFallback();

  /** What was counted. */
  NameCounts counts();

  /** Whether a connection was dialled by its name, and leads where that does not point any more. */
  static boolean isAstray(Connection connection) {
    AddressBook book = connection.settings().addressBook();
    SocketAddress address = connection.remoteAddress();
    return book != null
        && address != null
        && book.name().equals(connection.target().address())
        && !book.holds(address);
  }
}
