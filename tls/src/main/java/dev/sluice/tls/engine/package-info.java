/**
 * The TLS engine: bytes in, bytes out, no socket, no loop, no clock.
 *
 * <p>Place in the layers: below {@code dev.sluice.tls}, which binds an engine to a connection, and
 * above {@code dev.sluice.tls.engine.bc}, the one package that knows BouncyCastle and that
 * implements {@link dev.sluice.tls.engine.TlsEngine}. Main types: {@link
 * dev.sluice.tls.engine.TlsEngine} and its {@link dev.sluice.tls.engine.TlsEngineState}, {@link
 * dev.sluice.tls.engine.TlsFailure} for everything that goes wrong, {@link
 * dev.sluice.tls.engine.TlsSessionFacts} for what the handshake agreed, {@link
 * dev.sluice.tls.engine.TlsIdentity} and {@link dev.sluice.tls.engine.PeerVerifier} for who is who.
 *
 * <p>Invariants: no method of an engine throws on a peer's bytes; a failure is a value and its
 * alert is still drained as output; an engine is used by one thread at a time, and a handshake step
 * may be that thread's only task; randomness comes from the {@link java.security.SecureRandom}
 * given to the settings and from nowhere else.
 */
@NullMarked
package dev.sluice.tls.engine;

import org.jspecify.annotations.NullMarked;
