/**
 * The rules of one HTTP/2 connection, sans-IO.
 *
 * <p>Place: above {@code frame} and {@code hpack}, below the mux, which binds it to a connection.
 * {@link dev.sluice.mux.h2.protocol.H2Protocol} is the way in: bytes and the time in, frames to a
 * {@link dev.sluice.mux.h2.protocol.FrameOutput} and events to {@link
 * dev.sluice.mux.h2.protocol.H2Events} out. {@link dev.sluice.mux.h2.protocol.StreamState} holds
 * the table of RFC 9113 5.1, {@link dev.sluice.mux.h2.protocol.FlowWindow} and {@link
 * dev.sluice.mux.h2.protocol.ReceiveWindow} the arithmetic of flow control, {@link
 * dev.sluice.mux.h2.protocol.AbuseBudget} the allowances against floods.
 *
 * <p>Invariants: a call down never calls back; faults of the peer are values, of a stream or of the
 * connection, and never exceptions; credit is conserved: what the peer may send, what is unread and
 * what is owed add up to the window; every field block is decoded, whatever becomes of its stream;
 * all tables and counts are bounded by {@link dev.sluice.mux.h2.protocol.H2Options}. Confined to
 * one thread; no clock, no socket.
 */
@NullMarked
package dev.sluice.mux.h2.protocol;

import org.jspecify.annotations.NullMarked;
