/**
 * Meters for Micrometer, of which this package alone knows. Above the whole core: it reads the
 * engine's snapshot, and watches exchanges as any observer does. Micrometer is optional; without it
 * on the path nobody may touch this package, and everything else works.
 *
 * <p>{@link dev.sluice.core.observe.micrometer.EngineMeters} binds gauges and counters that are
 * read when a registry asks, at no cost to a loop. {@link
 * dev.sluice.core.observe.micrometer.ExchangeTimers} is an observer that feeds timers on the loops.
 *
 * <p>Invariants: the number of meters is bounded by the configuration (frontends, backends,
 * servers) and by constants (causes, status classes, protocols), never by what a client sends; once
 * a combination of tags has been seen, an exchange makes no object here.
 */
@NullMarked
package dev.sluice.core.observe.micrometer;

import org.jspecify.annotations.NullMarked;
