/**
 * The pass-through mux: one raw flow on a connection. With it {@code core} alone is a TCP relay.
 */
@NullMarked
package dev.sluice.core.mux.tcp;

import org.jspecify.annotations.NullMarked;
