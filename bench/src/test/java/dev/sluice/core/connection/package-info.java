/** What tests of the whole engine see of a connection from within its package. */
@NullMarked
package dev.sluice.core.connection;

import org.jspecify.annotations.NullMarked;
