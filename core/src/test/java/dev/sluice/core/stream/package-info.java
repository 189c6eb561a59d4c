/** Tests of exchanges and their attempts, over whole engines. */
@NullMarked
package dev.sluice.core.stream;

import org.jspecify.annotations.NullMarked;
