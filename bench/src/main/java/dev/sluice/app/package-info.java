/** The assembled program: every module on one command line. */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
