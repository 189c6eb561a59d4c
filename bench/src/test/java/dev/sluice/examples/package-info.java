/** The examples of the README, compiled and run. */
@NullMarked
package dev.sluice.examples;

import org.jspecify.annotations.NullMarked;
