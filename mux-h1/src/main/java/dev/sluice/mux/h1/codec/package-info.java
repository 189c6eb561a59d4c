/**
 * HTTP/1.1 messages as bytes, without any input or output (sans-IO): decoding, encoding, and the
 * rules of RFC 9112 about where a message ends.
 *
 * <p>Place in the layers: knows {@code dev.sluice.core.message} and byte buffers; no connection, no
 * loop, no clock. Main types: {@link dev.sluice.mux.h1.codec.H1RequestDecoder} and {@link
 * dev.sluice.mux.h1.codec.H1ResponseDecoder} for heads, {@link dev.sluice.mux.h1.codec.BodyFraming}
 * for what follows a head, {@link dev.sluice.mux.h1.codec.ChunkDecoder} and {@link
 * dev.sluice.mux.h1.codec.ChunkEncoder} for the chunked coding, {@link
 * dev.sluice.mux.h1.codec.H1Encoder} for heads that go out.
 *
 * <p>Invariants:
 *
 * <ul>
 *   <li>Decoders never throw on bytes of a peer; what is wrong is an {@link
 *       dev.sluice.mux.h1.codec.H1Error} with a position.
 *   <li>The result doesn't depend on how the bytes were cut on their way.
 *   <li>The readings that RFC 9112 leaves to a lenient recipient are refused, in responses as in
 *       requests: what two recipients may read differently serves to smuggle requests.
 *   <li>What leaves the encoder is canonical: one length or chunked, never both; lower-case names;
 *       only our own {@code Connection}.
 *   <li>Nothing allocates after the store of a head has grown.
 * </ul>
 */
@NullMarked
package dev.sluice.mux.h1.codec;

import org.jspecify.annotations.NullMarked;
