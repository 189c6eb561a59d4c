/** Tests of HPACK. */
@NullMarked
package dev.sluice.mux.h2.hpack;

import org.jspecify.annotations.NullMarked;
