/** Scripted peers that more than one sort of test uses. */
@NullMarked
package dev.sluice.peers;

import org.jspecify.annotations.NullMarked;
