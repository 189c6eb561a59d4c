package dev.sluice.core.connection;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxProvider;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
import dev.sluice.core.observe.WireCounters;
import dev.sluice.core.transport.TransportFactory;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * What all connections of one listener or one server share. Immutable; any thread.
 *
 * @param side the side they are on
 * @param mode what is forwarded
 * @param transport what makes their transports
 * @param forced the mux that configuration forces, or null
 * @param registry where the others come from
 * @param recognizers the muxes to ask about the first bytes; empty unless this is a clear HTTP
 *     listener with something to recognize
 * @param readsProxyHeader whether the peer sends a PROXY header ahead of everything else
 * @param limits the bounds
 * @param timeouts the timeouts
 * @param handshakeExecutor where steps of handshakes run
 * @param addressBook where the server is reached, or null if it is given by its address
 * @param wire where it is counted what happens on them
 */
public record ConnectionSettings(
    Side side,
    Mode mode,
    TransportFactory transport,
    @Nullable MuxProvider forced,
    MuxRegistry registry,
    List<MuxProvider> recognizers,
    boolean readsProxyHeader,
    LimitConfig limits,
    TimeoutConfig timeouts,
    Executor handshakeExecutor,
    @Nullable AddressBook addressBook,
    WireCounters wire) {

  /** Copies the list. */
  public ConnectionSettings {
    recognizers = List.copyOf(recognizers);
  }
}
