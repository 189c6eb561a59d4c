/**
 * {@code bench reuse}: how many connections Sluice and HAProxy open, and how many requests fail,
 * for the same scripted loads in front of the same origin. Counts, not times: they hold on any
 * machine.
 */
@NullMarked
package dev.sluice.bench.reuse;

import org.jspecify.annotations.NullMarked;
