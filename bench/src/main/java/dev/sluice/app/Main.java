package dev.sluice.app;

/** The program's entry point. */
public final class Main {

  private static final String USAGE = "usage: java -jar sluice.jar <command> [options]";

  private Main() {}

  /**
   * Reads the command line; exits with 0 after {@code --help}, and with 2 when it is not
   * understood.
   */
  public static void main(String[] args) {
    if (args.length == 1 && args[0].equals("--help")) {
      System.out.println(USAGE);
      return;
    }
    System.err.println(USAGE);
    System.exit(2);
  }
}
