/**
 * For authors of muxes: the contract that every mux keeps, as a kit of tests, and a small complete
 * mux that shows how. {@code TestMux} is on the public SPI only; in tests of the core it stands for
 * the protocols that the core does not know.
 */
@NullMarked
package dev.sluice.core.testkit.mux;

import org.jspecify.annotations.NullMarked;
