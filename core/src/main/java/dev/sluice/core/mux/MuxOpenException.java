package dev.sluice.core.mux;

/** A mux could not be made. The connection is closed, and its owner told. */
public final class MuxOpenException extends Exception {
  private static final long serialVersionUID = 1L;

  /** With the reason in one line. */
  public MuxOpenException(String message) {
    super(message);
  }

  /** With the reason in one line and what caused it. */
  public MuxOpenException(String message, Throwable cause) {
    super(message, cause);
  }
}
