/**
 * The SPI of transports: what turns the bytes of a socket into plain bytes. Above the loop, below
 * the mux. A {@code Transport} belongs to one connection, asks everything of its {@code
 * TransportHost}, and reports by return values and its {@code HandshakeStatus}. Ahead of it may go
 * a {@code PreludeTransport}, which sends or reads the PROXY header.
 *
 * <p>Invariant: no plain byte passes before the handshake is complete, and the protocol that it
 * agreed on is an {@code ApplicationProtocol}, never the name of a mux.
 */
@NullMarked
package dev.sluice.core.transport;

import org.jspecify.annotations.NullMarked;
