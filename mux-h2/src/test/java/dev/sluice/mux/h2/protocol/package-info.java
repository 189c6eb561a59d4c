/** Tests of the protocol: the peer's bytes in, frames and events out. */
@NullMarked
package dev.sluice.mux.h2.protocol;

import org.jspecify.annotations.NullMarked;
