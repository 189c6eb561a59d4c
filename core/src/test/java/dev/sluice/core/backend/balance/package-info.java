/** Tests of the choice of a server. */
@NullMarked
package dev.sluice.core.backend.balance;

import org.jspecify.annotations.NullMarked;
