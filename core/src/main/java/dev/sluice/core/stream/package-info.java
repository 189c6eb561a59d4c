/**
 * Exchanges: a {@code ProxyStream} joins a front connector and a back connector, and decides what
 * lies between them: the route, the attempts, what is kept for another one, the timeouts, the
 * record.
 *
 * <p>Invariants: one record for each exchange; a permit that was taken is given back once; nothing
 * of an attempt that was dropped reaches the stream any more.
 */
@NullMarked
package dev.sluice.core.stream;

import org.jspecify.annotations.NullMarked;
