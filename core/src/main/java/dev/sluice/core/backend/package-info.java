/**
 * Where requests go: a {@code Backend} is a named set of {@code Server}s; a server is one address
 * with its limits, its waiting line, and a pool of connections on each loop. Above the connection.
 *
 * <p>Invariants: a permit is taken before a connection or a request exists and given back exactly
 * once; whoever waits is woken by whatever becomes free, and has a deadline of its own.
 */
@NullMarked
package dev.sluice.core.backend;

import org.jspecify.annotations.NullMarked;
