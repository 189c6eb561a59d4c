/**
 * The TLS engine over BouncyCastle's protocol objects, and the only package that imports {@code
 * org.bouncycastle}.
 *
 * <p>BouncyCastle does the handshake and every record that is no application data. Application data
 * goes past its record layer: {@link dev.sluice.tls.engine.bc.AeadRecordCipher}, which BouncyCastle
 * was given through {@code TlsCrypto.createCipher}, is shared by both and holds keys and record
 * counters, so that {@link dev.sluice.tls.engine.bc.BcTlsEngine} seals and opens straight between
 * the caller's buffers.
 *
 * <p>What makes that correct: BouncyCastle is offered exactly one record a call; the counter of a
 * direction moves only where a record is really sealed or opened; a record that turned out not to
 * be application data, or not to be authentic, is handed on with its outcome noted in the cipher,
 * so that it is never opened twice (the JDK's ChaCha20 refuses a second init with the same nonce);
 * and output of BouncyCastle is drained before the next record is sealed, since the order on the
 * wire is the order of the counter.
 */
@NullMarked
package dev.sluice.tls.engine.bc;

import org.jspecify.annotations.NullMarked;
