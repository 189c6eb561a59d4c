package dev.sluice.core.transport;

import java.net.SocketAddress;
import org.jspecify.annotations.Nullable;

/**
 * Whom a connection is for. Part of a connection's identity in the pool.
 *
 * @param address the peer's address
 * @param serverName the host name to ask for (SNI) and to verify, or null to send none and verify
 *     the address
 */
public record TransportTarget(SocketAddress address, @Nullable String serverName) {}
