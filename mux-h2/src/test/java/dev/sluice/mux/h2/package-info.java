/** Tests of the mux against a host that is only bytes, time and a list of what was asked. */
@NullMarked
package dev.sluice.mux.h2;

import org.jspecify.annotations.NullMarked;
