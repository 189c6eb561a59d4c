/**
 * TLS as a transport: beside the muxes, below the connection.
 *
 * <p>Place in the layers: implements the core's transport SPI over {@code dev.sluice.tls.engine},
 * and sees of the core only that seam, buffers, configuration and observation, never a mux. Main
 * types: {@link dev.sluice.tls.TlsServerConfig} and {@link dev.sluice.tls.TlsClientConfig}, which
 * an embedder builds; {@link dev.sluice.tls.TlsIdentities} and {@link dev.sluice.tls.TlsTrust} for
 * keys and certificates in their usual forms; {@link dev.sluice.tls.DevelopmentCertificates} to
 * begin without any; {@link dev.sluice.tls.TlsTransportProvider}, the service.
 *
 * <p>Invariants: server certificates are verified, with the name, unless a setting whose name says
 * so switches it off; every step of a handshake goes through the connection's executor, and nothing
 * touches an engine that is away; a connection at rest holds no pooled buffer; a truncated stream
 * is never reported as a clean end.
 */
@NullMarked
package dev.sluice.tls;

import org.jspecify.annotations.NullMarked;
