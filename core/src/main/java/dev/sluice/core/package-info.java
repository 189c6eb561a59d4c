/**
 * The embedding API, on top of every other layer of the engine.
 *
 * <p>An application builds an engine here, starts it, drains it and stops it. Protocols other than
 * plain TCP, and TLS, come from the modules that provide them.
 */
@NullMarked
package dev.sluice.core;

import org.jspecify.annotations.NullMarked;
