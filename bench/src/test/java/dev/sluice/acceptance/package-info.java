/**
 * What the assembled engine is accepted by: one class for each scenario, one method for each of its
 * steps. Whole engines in simulation, with h1 and TLS as they are and scripted peers around them;
 * times are those of the simulated clock. Each run ends with the same check that nothing is left.
 */
@NullMarked
package dev.sluice.acceptance;

import org.jspecify.annotations.NullMarked;
