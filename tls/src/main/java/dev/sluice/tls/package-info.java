/**
 * TLS as a transport: beside the muxes, below the connection.
 *
 * <p>It sees of the core only the transport seam, buffers, time, configuration and observation, and
 * never a mux.
 */
@NullMarked
package dev.sluice.tls;

import org.jspecify.annotations.NullMarked;
