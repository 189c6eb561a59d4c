/** The whole engine with its modules: what only shows when all of them work together. */
@NullMarked
package dev.sluice.pairings;

import org.jspecify.annotations.NullMarked;
