/** The program between real clients and real origins; run by the profile {@code real}. */
@NullMarked
package dev.sluice.real;

import org.jspecify.annotations.NullMarked;
