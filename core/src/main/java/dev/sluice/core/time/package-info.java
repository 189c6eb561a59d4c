/**
 * Time as the engine sees it: a clock that can be replaced, deadlines, and a timer wheel.
 *
 * <p>The lowest layer, beside buffers: it imports nothing of ours. Main types are {@link
 * dev.sluice.core.time.NanoClock}, {@link dev.sluice.core.time.Deadline} and {@link
 * dev.sluice.core.time.TimerWheel}.
 *
 * <p>Invariants: clock values start near zero and never decrease, so that they may be compared with
 * {@code <}; {@link dev.sluice.core.time.Deadline#NONE} stands for "never"; a timer never fires
 * before its deadline.
 */
@NullMarked
package dev.sluice.core.time;

import org.jspecify.annotations.NullMarked;
