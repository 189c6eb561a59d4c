/**
 * The rules of the house, held by tests: who may import whom, where threads may meet, what a name
 * may be, how long a file may grow, and what the packaged program consists of.
 */
@NullMarked
package dev.sluice.house;

import org.jspecify.annotations.NullMarked;
