/**
 * The configuration as immutable records: what a YAML file or an embedding program says. A leaf of
 * the layers: anyone may import it, and it imports nothing of ours.
 *
 * <p>Durations are {@link java.time.Duration} here and nanoseconds inside the engine; sizes are
 * bytes.
 */
@NullMarked
package dev.sluice.core.config;

import org.jspecify.annotations.NullMarked;
