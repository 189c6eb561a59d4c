/**
 * Buffers that are pooled per loop, have exactly one owner, and are never more than a stated
 * number.
 *
 * <p>The lowest layer, beside time: it imports nothing of ours. Main types are {@link
 * dev.sluice.core.buffer.IoBuffer}, {@link dev.sluice.core.buffer.BufferPool} and {@link
 * dev.sluice.core.buffer.BufferQueue}.
 *
 * <p>Invariants: everything here is confined to one loop; a buffer belongs to whoever acquired it
 * until it is released, once; only direct buffers touch sockets; what is empty holds no buffer.
 */
@NullMarked
package dev.sluice.core.buffer;

import org.jspecify.annotations.NullMarked;
