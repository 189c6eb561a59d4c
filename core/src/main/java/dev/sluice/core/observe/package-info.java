/**
 * What the engine tells of itself: causes, the record of an exchange, counters, and the observer
 * that a user may give. A leaf of the layers: anyone may import it, and it imports nothing of ours.
 *
 * <p>Invariant: each exchange ends in exactly one {@code ExchangeRecord} and one counter.
 */
@NullMarked
package dev.sluice.core.observe;

import org.jspecify.annotations.NullMarked;
