/**
 * Exchanges: a {@code ProxyStream} joins a front connector and a back connector, and decides what
 * lies between them: the route, the attempts, what is kept for another one, the timeouts, the
 * record.
 *
 * <p>Between the front connector and the stream stand the filters of the embedding program, if
 * there are any: a {@code FilterChain} with a {@code FilterFlow} for each direction. The stream
 * sees what they put out, and so do the attempts.
 *
 * <p>Invariants: one record for each exchange; a permit that was taken is given back once; nothing
 * of an attempt that was dropped reaches the stream any more.
 */
@NullMarked
package dev.sluice.core.stream;

import org.jspecify.annotations.NullMarked;
