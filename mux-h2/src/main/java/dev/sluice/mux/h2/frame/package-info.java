/**
 * HTTP/2 frames (RFC 9113 4 and 6), sans-IO.
 *
 * <p>Place: beside {@code hpack}, below {@code protocol}. It knows the layout of frames and the
 * rules that one frame alone can break: sizes, padding, which frames need a stream. What frames
 * mean for streams and connections is not its matter. {@link dev.sluice.mux.h2.frame.FrameDecoder}
 * takes input cut anywhere, {@link dev.sluice.mux.h2.frame.FrameEncoder} writes whole frames,
 * {@link dev.sluice.mux.h2.frame.Settings} are the values of one endpoint.
 *
 * <p>Invariants: the decoder never throws because of what it reads; each fault is an {@link
 * dev.sluice.mux.h2.frame.H2ErrorCode}; nothing is allocated per frame. Confined to one thread.
 */
@NullMarked
package dev.sluice.mux.h2.frame;

import org.jspecify.annotations.NullMarked;
