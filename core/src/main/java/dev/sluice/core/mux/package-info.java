/**
 * The SPI of muxes: the protocol that lives on a connection. Above the transport, below the
 * connection that hosts it. A {@code MuxProvider} makes a {@code Mux} for a {@code MuxHost}; the
 * mux tells {@code StreamHandler}s what arrives and obeys them through {@code MuxStream}s.
 *
 * <p>A protocol of one exchange after the other extends {@code SerialMux} and {@code SerialStream},
 * which keep these rules; others implement {@code Mux} and {@code MuxStream}.
 *
 * <p>Invariants: push with return values and no re-entrancy - a call down never calls back up; a
 * buffer is lent for the call; what can't be taken stays where it is; a mux reads its stream's
 * state anew after every callback.
 */
@NullMarked
package dev.sluice.core.mux;

import org.jspecify.annotations.NullMarked;
