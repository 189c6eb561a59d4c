/** Tests of this part of the core. */
@NullMarked
package dev.sluice.core.mux;

import org.jspecify.annotations.NullMarked;
