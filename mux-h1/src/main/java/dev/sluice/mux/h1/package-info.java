/**
 * The HTTP/1.1 mux: one exchange at a time on a connection, in both directions at once.
 *
 * <p>Place in the layers: binds the codec of {@code dev.sluice.mux.h1.codec} to the mux SPI of
 * {@code dev.sluice.core.mux}. Main types: {@link dev.sluice.mux.h1.H1MuxProvider}, the service;
 * {@link dev.sluice.mux.h1.H1FrontMux} and {@link dev.sluice.mux.h1.H1BackMux}, the two sides;
 * {@link dev.sluice.mux.h1.ReadState} and {@link dev.sluice.mux.h1.WriteState}, their states.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>A request is read only after the exchange before it is over, and while output has room: so
 *       answers go out in order, and a client that pipelines without reading costs one input buffer
 *       and one output bound.
 *   <li>Content isn't copied: it is offered where it lies in the connection's input buffer, and
 *       what isn't taken stays there.
 *   <li>A connection is used again only after an exchange that ended on both sides, on which both
 *       peers agreed, and behind which no byte follows that nobody asked for.
 *   <li>An accepted upgrade (101, 2xx to CONNECT) makes a tunnel of the connection; afterwards it
 *       is closed.
 * </ul>
 *
 * <p>Memory: a connection keeps one head, whose store grows to at most twice {@code headBytesMax}
 * (plus 2 KiB at the front), and, once it has seen a chunked message, a trailer section of at most
 * twice {@code headBytesMax}; both start at half a KiB. Buffers it borrows only within a call.
 */
@NullMarked
package dev.sluice.mux.h1;

import org.jspecify.annotations.NullMarked;
