package dev.sluice.app;

import dev.sluice.core.cli.CheckCommand;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code check}: the command line of {@link CheckCommand}. */
@Command(
    name = "check",
    description = "Tells what is wrong with a configuration file, or what would run.")
final class CheckFileCommand implements Callable<Integer> {
  @Parameters(paramLabel = "<file.yaml>", description = "The configuration file.")
  private Path file;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  @Spec private CommandSpec spec;

  @SuppressWarnings("NullAway.Init") // Injected before anything else is called.
  CheckFileCommand() {}

  @Override
  public Integer call() {
    boolean valid =
        CheckCommand.check(file, spec.commandLine().getOut(), spec.commandLine().getErr());
    return valid ? 0 : Main.EXIT_FAILED;
  }
}
