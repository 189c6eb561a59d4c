/** What the pools of several loops share, under every interleaving that a model checker finds. */
@NullMarked
package dev.sluice.core.backend.pool;

import org.jspecify.annotations.NullMarked;
