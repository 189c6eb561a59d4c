/** Tests of what goes over a connection ahead of its transport. */
@NullMarked
package dev.sluice.core.transport;

import org.jspecify.annotations.NullMarked;
