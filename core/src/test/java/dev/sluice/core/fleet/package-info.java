/**
 * Whole fleets in simulated time: many servers that crash, slow down and are deployed anew, behind
 * an engine with several loops; what it comes to is held against what a perfect proxy could do.
 */
@NullMarked
package dev.sluice.core.fleet;

import org.jspecify.annotations.NullMarked;
