/**
 * A transport that negotiates without cryptography: what TLS is to the engine, for tests of the
 * core alone. Its provider is given to the engine's builder; a scripted peer speaks the other end
 * by {@code SimHandshakePeer}.
 *
 * <p>On the wire it is a sequence of records; see {@code SimRecords}.
 */
@NullMarked
package dev.sluice.core.testkit.handshake;

import org.jspecify.annotations.NullMarked;
