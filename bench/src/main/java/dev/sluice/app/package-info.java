/**
 * The assembled program: every module on one command line. The leaf of the house: it may import
 * everything, and nothing imports it.
 *
 * <p>{@link dev.sluice.app.Main} reads the command line. {@code run} and {@code check} are the
 * core's own, {@link dev.sluice.core.cli.RunCommand} and {@link dev.sluice.core.cli.CheckCommand}.
 * {@code demo} is {@link dev.sluice.app.DemoCommand}: a {@link dev.sluice.app.DemoStage} holds
 * certificates, embedded {@link dev.sluice.app.Origin}s and an engine in front of them, a {@link
 * dev.sluice.app.DemoClient} sends requests through each {@link dev.sluice.app.Pairing}, and an
 * {@link dev.sluice.app.ExchangeTable} shows what the engine recorded of them.
 *
 * <p>Invariant: a person never sees a stack trace; what goes wrong is told in one line.
 */
@NullMarked
package dev.sluice.app;

import org.jspecify.annotations.NullMarked;
