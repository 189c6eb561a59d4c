/**
 * HTTP/2 (RFC 9113) as a mux: many exchanges at a time on one connection.
 *
 * <p>The module provides no mux yet; its place among the others is fixed here.
 */
@NullMarked
package dev.sluice.mux.h2;

import org.jspecify.annotations.NullMarked;
