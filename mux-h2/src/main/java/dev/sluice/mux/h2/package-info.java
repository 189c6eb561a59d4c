/**
 * HTTP/2 (RFC 9113) as a mux: many exchanges at a time on one connection, on either side.
 *
 * <p>Place: above the sans-IO packages {@code hpack}, {@code frame} and {@code protocol} of this
 * module and core's {@code mux} SPI. {@link dev.sluice.mux.h2.H2MuxProvider} makes a mux for a
 * connection; the mux binds the protocol to its host and each stream to its handler.
 *
 * <p>Invariants: all input is consumed as it comes; content that is not taken waits in its stream's
 * queue, bounded by the window that was given; handlers are called from the dispatch alone; every
 * stream is released exactly once, and nothing that it held outlives it. A connection without
 * streams holds no buffer.
 */
@NullMarked
package dev.sluice.mux.h2;

import org.jspecify.annotations.NullMarked;
