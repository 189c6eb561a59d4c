/**
 * What the engine tells of itself: causes, the record of an exchange, counters, the access log, and
 * the observer that a user may give. A leaf of the layers: anyone may import it, and it imports
 * nothing of ours.
 *
 * <p>The stream package fills an {@link dev.sluice.core.observe.ExchangeRecord} while an exchange
 * goes on, and gives it, when it ends, to the {@link dev.sluice.core.observe.ExchangeSink}: the
 * engine's counters, its {@link dev.sluice.core.observe.AccessLog}, and the {@link
 * dev.sluice.core.observe.ProxyObserver}s.
 *
 * <p>Invariants: each exchange ends in exactly one record, one cause and one class of status; the
 * stages of a record make up its whole time; nothing here allocates or blocks on a loop, snapshots
 * apart. Threads meet in {@link dev.sluice.core.observe.EngineCounters}, which each loop writes in
 * a row of its own, and in the queues between the loops and the writer of the access log.
 */
@NullMarked
package dev.sluice.core.observe;

import org.jspecify.annotations.NullMarked;
