/**
 * Whole engines in a simulation: a rig that puts one together over the simulated network, origins
 * and clients that speak the test protocol, and the checks that close every run.
 */
@NullMarked
package dev.sluice.core.testkit.engine;

import org.jspecify.annotations.NullMarked;
