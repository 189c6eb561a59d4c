/** Tests of the whole engine, as far as {@code core} alone goes. */
@NullMarked
package dev.sluice.core.engine;

import org.jspecify.annotations.NullMarked;
