/**
 * Tools for testing the engine and what is plugged into it without sockets, sleeps or wall clocks.
 *
 * <p>This is the only package of the core's test-jar, so that authors of muxes and transports test
 * against the same simulated network and the same contracts as the engine itself.
 */
@NullMarked
package dev.sluice.core.testkit;

import org.jspecify.annotations.NullMarked;
