/**
 * Where connections come in: a {@code Frontend} has {@code Listener}s; each accepted connection has
 * a {@code ClientSession}, which makes the streams of its exchanges.
 */
@NullMarked
package dev.sluice.core.frontend;

import org.jspecify.annotations.NullMarked;
