/**
 * The connections of one server on one loop, and those who wait for one. The pool takes only
 * connections that have a mux.
 */
@NullMarked
package dev.sluice.core.backend.pool;

import org.jspecify.annotations.NullMarked;
