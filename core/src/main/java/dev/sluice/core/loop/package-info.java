/**
 * The event loop: one thread that polls sockets, fires timers, runs tasks and flushes output.
 *
 * <p>Stands on time and buffers, and imports nothing else of ours. Main types are {@link
 * dev.sluice.core.loop.EventLoop}, which owns everything that is created on it; {@link
 * dev.sluice.core.loop.Poller}, the seam beneath it, implemented by {@link
 * dev.sluice.core.loop.NioPoller} and by the simulated network of the tests; and {@link
 * dev.sluice.core.loop.TurnTask}, what is to be done later in the same turn.
 *
 * <p>Invariants: only {@link dev.sluice.core.loop.EventLoop} and its task queue may be touched by
 * other threads; a turn does bounded work; a handler, timer or task that throws ends its own
 * connection and nothing else.
 */
@NullMarked
package dev.sluice.core.loop;

import org.jspecify.annotations.NullMarked;
