package dev.sluice.app;

import dev.sluice.core.cli.RunCommand;
import java.nio.file.Path;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code run}: the command line of {@link RunCommand}, and the signals that end it. */
@Command(
    name = "run",
    description = "Runs what a configuration file describes.",
    footer = {
      "",
      "SIGTERM or Ctrl-C lets what is under way finish, and the exit code is 0; a second one ends at"
          + " once, with 143 or 130. SIGHUP reads the file again for its certificates, keys and"
          + " trust."
    })
final class RunFileCommand implements Callable<Integer> {
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
  RunFileCommand() {}

  @Override
  public Integer call() throws InterruptedException {
    RunCommand run = new RunCommand(file, spec.commandLine().getOut(), spec.commandLine().getErr());
    EndSignals signals = EndSignals.to(run::stop);
    EndSignals.onHangup(run::renew);
    try {
      return switch (run.run()) {
        case NOT_STARTED -> Main.EXIT_FAILED;
        case DRAINED -> 0;
        case CUT_SHORT -> signals.exitCode();
      };
    } finally {
      signals.over();
    }
  }
}
