/** Tests of the test tools, kept out of the test-jar that holds the tools. */
@NullMarked
package dev.sluice.core.testkittests;

import org.jspecify.annotations.NullMarked;
