/** Tests of the life of a connection; see {@code late-mux.md}. */
@NullMarked
package dev.sluice.core.connection;

import org.jspecify.annotations.NullMarked;
