package dev.sluice.core.transport;

import dev.sluice.core.config.TransportConfig;
import java.util.List;

/**
 * Makes transports of one configuration. Any thread may call its methods, but for {@link #create},
 * which is called on the loop that owns the host.
 */
public interface TransportFactory {
  /** A transport for one connection, not started. */
  Transport create(TransportHost host, TransportTarget target);

  /**
   * The protocols that the handshake offers, in order of preference; empty: nothing to agree on.
   */
  List<ApplicationProtocol> offered();

  /** Whether there is a handshake at all. */
  boolean handshakes();

  /**
   * How often the settings were renewed. A connection that was begun with an earlier one takes no
   * further request.
   */
  default int generation() {
    return 0;
  }

  /**
   * Prepares to go on with other settings: with the next connection, those that were begun keep
   * what they have. Blocks nobody; files were read when the settings were made.
   *
   * @param problems receives one line for each thing that can't be changed
   * @return what puts them in force, and can't fail; of no use if problems were added
   */
  default Runnable renewal(TransportConfig next, List<String> problems) {
    problems.add("the settings of this transport can't be renewed");
    return () -> {};
  }
}
