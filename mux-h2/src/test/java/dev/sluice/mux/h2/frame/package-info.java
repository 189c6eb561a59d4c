/** Tests of the frame layer. */
@NullMarked
package dev.sluice.mux.h2.frame;

import org.jspecify.annotations.NullMarked;
