package dev.sluice.core.transport;

import java.util.List;

/**
 * Makes transports of one configuration. Immutable; any thread may call {@link #offered()}, {@link
 * #create} is called on the loop that owns the host.
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
}
