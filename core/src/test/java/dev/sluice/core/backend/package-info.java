/** Tests of servers, their pools and their waiting lines, over whole engines. */
@NullMarked
package dev.sluice.core.backend;

import org.jspecify.annotations.NullMarked;
