package dev.sluice.app;

import java.io.PrintWriter;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;
import picocli.CommandLine.UnmatchedArgumentException;

/** The program's entry point, and the command line itself. */
@Command(
    name = "java -jar sluice.jar",
    description = "A proxy engine for the JVM.",
    synopsisSubcommandLabel = "<command>",
    subcommands = {RunFileCommand.class, CheckFileCommand.class, DemoCommand.class})
public final class Main implements Runnable {
  /** What the shell gets when the command line is not understood. */
  static final int EXIT_USAGE = 2;

  /** What the shell gets when a command could not do, or did not find, what it should. */
  static final int EXIT_FAILED = 1;

  @Spec private CommandSpec spec;

  @Option(
      names = {"-h", "--help"},
      usageHelp = true,
      description = "Show this help.")
  @SuppressWarnings("UnusedVariable") // picocli reads it
  private boolean help;

  /** Made by {@link #main} and by tests. */
  @SuppressWarnings("NullAway.Init") // Injected before anything else is called.
  Main() {}

  /**
   * Runs a command and exits: with 0 if all went well, with 1 if the command failed, with 2 if the
   * command line was not understood, with 143 or 130 if a second SIGTERM or SIGINT cut it short.
   */
  public static void main(String[] args) {
    // One line for each message of the engine's log; stack traces are not for the console.
    if (System.getProperty("java.util.logging.SimpleFormatter.format") == null) {
      System.setProperty("java.util.logging.SimpleFormatter.format", "%4$s: %5$s%n");
    }
    System.exit(commandLine().execute(args));
  }

  /** The command line, as {@link #main} and tests run it. */
  static CommandLine commandLine() {
    return new CommandLine(new Main())
        .setParameterExceptionHandler(Main::onBadArguments)
        .setExecutionExceptionHandler((e, line, parsed) -> onFailure(e, line));
  }

  /** Without a command there is nothing to do. */
  @Override
  public void run() {
    throw new ParameterException(spec.commandLine(), "a command is missing");
  }

  private static int onBadArguments(ParameterException e, String[] args) {
    CommandLine line = e.getCommandLine();
    PrintWriter err = line.getErr();
    err.println("sluice: " + words(e));
    err.println();
    line.usage(err);
    err.flush();
    return EXIT_USAGE;
  }

  private static String words(ParameterException e) {
    if (e instanceof UnmatchedArgumentException unmatched
        && e.getCommandLine().getParent() == null) {
      String first = unmatched.getUnmatched().get(0);
      if (!first.startsWith("-")) {
        return "there is no command \"" + first + "\"";
      }
    }
    return String.valueOf(e.getMessage());
  }

  private static int onFailure(Exception e, CommandLine line) {
    String words = e instanceof CommandFailure ? e.getMessage() : "internal error: " + e;
    line.getErr().println("sluice: " + words);
    line.getErr().flush();
    return EXIT_FAILED;
  }
}
