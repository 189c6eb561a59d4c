package dev.sluice.app;

/** The program's entry point. */
public final class Main {

  private Main() {}

  /** Reads the command line, and exits with 2 when it names no command. */
  public static void main(String[] args) {
    System.err.println("usage: sluice <command>");
    System.exit(2);
  }
}
