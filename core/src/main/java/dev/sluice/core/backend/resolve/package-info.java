/**
 * The names of servers: looked up when the engine starts and followed while it runs, on threads for
 * lookups, never on a loop. Of interest to users: {@link
 * dev.sluice.core.backend.resolve.NameResolver}, given to the engine's builder.
 */
@NullMarked
package dev.sluice.core.backend.resolve;

import org.jspecify.annotations.NullMarked;
