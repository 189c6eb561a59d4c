/** Tests of names, their lookups and their addresses. */
@NullMarked
package dev.sluice.core.backend.resolve;

import org.jspecify.annotations.NullMarked;
