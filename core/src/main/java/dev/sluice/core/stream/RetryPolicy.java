package dev.sluice.core.stream;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;

/** When a request may be sent again. Pure functions; any thread. */
public final class RetryPolicy {
  private RetryPolicy() {}

  /**
   * Whether a request that was sent may be sent again on another connection: no byte of a response
   * has come, its content is held entire, and either its method is idempotent (RFC 9110 9.2.2), or
   * the server has said that it did not process it, or no byte of it was written.
   *
   * @param responseBegun whether any byte of a response has come
   * @param contentHeld whether all content that was taken so far is kept
   * @param idempotent whether the method is idempotent
   * @param code how the attempt ended
   * @param written whether any byte of it was written
   */
  public static boolean mayReplay(
      boolean responseBegun,
      boolean contentHeld,
      boolean idempotent,
      ResetCode code,
      boolean written) {
    return !responseBegun
        && contentHeld
        && connectionEnded(code)
        && (idempotent || notProcessed(code) || !written);
  }

  /** Whether the server has said that it did not process the request. */
  public static boolean notProcessed(ResetCode code) {
    return code == ResetCode.REFUSED || code == ResetCode.HTTP_1_1_REQUIRED;
  }

  /**
   * Whether another connect may follow one that failed: not to the same server where it failed by
   * what the server is, since it will be the same again.
   *
   * @param cause why the attempt failed
   * @param elsewhere whether there is another server to go to
   */
  public static boolean mayReconnect(CloseCause cause, boolean elsewhere) {
    return switch (cause) {
      case NO_COMMON_PROTOCOL, PROTOCOL_NOT_OFFERED, NO_MUX -> elsewhere;
      default -> true;
    };
  }

  /**
   * Whether an attempt ended by the end of its connection, or by a refusal: not by an answer that
   * was wrong, nor by one that did not come in time.
   */
  private static boolean connectionEnded(ResetCode code) {
    return switch (code) {
      case CONNECTION_CLOSED, CONNECTION_RESET, REFUSED, HTTP_1_1_REQUIRED -> true;
      case NO_ERROR, CANCEL, PROTOCOL_ERROR, INTERNAL_ERROR, TIMEOUT, ENHANCE_YOUR_CALM -> false;
    };
  }
}
