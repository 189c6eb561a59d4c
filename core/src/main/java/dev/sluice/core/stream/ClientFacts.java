package dev.sluice.core.stream;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * What is known of the client's connection. Confined to its loop.
 *
 * @param address the client's address, or null
 * @param serverName the host name that it asked for in its handshake, or null
 */
public record ClientFacts(@Nullable SocketAddress address, @Nullable String serverName) {
  static final ClientFacts NONE = new ClientFacts(null, null);
}
