package dev.sluice.app;

/** A command can't go on; the message is one line for the person who started it. */
final class CommandFailure extends Exception {
  private static final long serialVersionUID = 1L;

  CommandFailure(String message, Throwable cause) {
    super(message, cause);
  }
}
