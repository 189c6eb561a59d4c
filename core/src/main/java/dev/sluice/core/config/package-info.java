/**
 * The configuration as immutable records: what a YAML file or an embedding program says. A leaf of
 * the layers: anyone may import it, and it imports nothing of ours.
 *
 * <p>Durations are {@link java.time.Duration} here and nanoseconds inside the engine; sizes are
 * bytes.
 *
 * <p>A file becomes a tree of {@link dev.sluice.core.config.ConfigNode}s, values that know their
 * line and column. Who reads a section says its keys in a {@link
 * dev.sluice.core.config.ConfigSchema} and asks a {@link dev.sluice.core.config.ConfigSection} for
 * their values; what is wrong goes to {@link dev.sluice.core.config.ConfigProblems}, so that one
 * look tells everything. Only {@link dev.sluice.core.config.YamlReader} knows YAML, and is the only
 * class that needs the optional library for it.
 */
@NullMarked
package dev.sluice.core.config;

import org.jspecify.annotations.NullMarked;
