/** The reuse rules that HAProxy's regression tests state, one class for each of their files. */
@NullMarked
package dev.sluice.core.backend.reuse;

import org.jspecify.annotations.NullMarked;
