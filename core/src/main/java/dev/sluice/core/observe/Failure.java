package dev.sluice.core.observe;

import java.util.Objects;

/**
 * A cause with the words that explain it: "server sent alert 48 unknown_ca". A value on the error
 * path, never thrown. Immutable; any thread.
 *
 * @param cause the cause
 * @param detail what happened, in one line without a trailing stop; empty if there is no more to
 *     say
 */
public record Failure(CloseCause cause, String detail) {

  /** Rejects nulls. */
  public Failure {
    Objects.requireNonNull(cause, "cause");
    Objects.requireNonNull(detail, "detail");
  }

  /** A failure that its cause alone explains. */
  public static Failure of(CloseCause cause) {
    return new Failure(cause, "");
  }

  @Override
  public String toString() {
    return detail.isEmpty() ? cause.name() : cause + ": " + detail;
  }
}
