/** Tests of the assembled program without its jar: the command line, and what the demo prints. */
package dev.sluice.app;
