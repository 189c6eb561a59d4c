/**
 * The program on top of the engine: what {@code run FILE.yaml} and {@code check FILE.yaml} do. The
 * outermost layer: it sees all of the core, and nothing of the core sees it.
 *
 * <p>{@link dev.sluice.core.cli.ProxyFile} makes an engine of a configuration file; {@link
 * dev.sluice.core.cli.CheckCommand} and {@link dev.sluice.core.cli.RunCommand} are the commands,
 * without their command line, which belongs to the assembled program. One class reads each sort of
 * section, and the section of a transport or a mux is read by its provider.
 *
 * <p>Invariants: every error names file, line, column, key, value and what is valid; all errors are
 * told at once, in the order of the file.
 */
@NullMarked
package dev.sluice.core.cli;

import org.jspecify.annotations.NullMarked;
