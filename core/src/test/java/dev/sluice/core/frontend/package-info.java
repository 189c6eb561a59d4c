/** Tests of this part of the core. */
@NullMarked
package dev.sluice.core.frontend;

import org.jspecify.annotations.NullMarked;
