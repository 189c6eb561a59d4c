package dev.sluice.core.cli;

import java.io.PrintWriter;
import java.nio.file.Path;

/** {@code check}: tells what is wrong with a configuration file, or what would run. */
public final class CheckCommand {
  private CheckCommand() {}

  /**
   * Checks a file. Opens no socket.
   *
   * @param out receives what would run
   * @param err receives errors and warnings, one line each
   * @return whether the file can be run
   */
  public static boolean check(Path file, PrintWriter out, PrintWriter err) {
    ProxyFile read = ProxyFile.read(file);
    tell(read, err);
    if (read.errors().isEmpty()) {
      out.println(file + ": valid");
      read.plan().summary().forEach(out::println);
    }
    out.flush();
    return read.errors().isEmpty();
  }

  /** Prints warnings and errors. */
  static void tell(ProxyFile read, PrintWriter err) {
    read.warnings().forEach(err::println);
    read.errors().forEach(err::println);
    if (read.errors().size() > 1) {
      err.println(read.errors().size() + " errors");
    }
    err.flush();
  }
}
