/** How a backend chooses among its servers. */
@NullMarked
package dev.sluice.core.backend.balance;

import org.jspecify.annotations.NullMarked;
