/**
 * HTTP/1.1 (RFC 9112) as a mux: one exchange at a time on one connection.
 *
 * <p>It binds the codec of this module to the mux seam of the core, and sees neither the transport
 * below nor the stream above but through that seam.
 */
@NullMarked
package dev.sluice.mux.h1;

import org.jspecify.annotations.NullMarked;
