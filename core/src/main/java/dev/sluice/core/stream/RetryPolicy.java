package dev.sluice.core.stream;

import dev.sluice.core.mux.ResetCode;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.RetryKind;
import org.jspecify.annotations.Nullable;

/**
 * When a request may be sent again, whatever is configured: the configuration chooses among what is
 * right. Pure functions; any thread.
 */
public final class RetryPolicy {
  private RetryPolicy() {}

  /** What an attempt was that never got a connection with a mux. */
  public static RetryKind ofConnect(CloseCause cause) {
    return switch (cause) {
      case CONNECT_REFUSED, CONNECT_FAILED, CONNECT_TIMEOUT, RESOURCE_LIMIT ->
          RetryKind.CONNECT_FAILURE;
      default -> RetryKind.HANDSHAKE_FAILURE;
    };
  }

  /**
   * What an attempt was whose stream was reset.
   *
   * @param answerBegun whether any byte of its answer has come, of the head of an answer too
   * @return null for what is the same again elsewhere, or may be: a fault of our own, an answer
   *     that is too large, a stream that the server has cut for reasons of its own
   */
  public static @Nullable RetryKind ofReset(ResetCode code, CloseCause cause, boolean answerBegun) {
    return switch (code) {
      case REFUSED -> RetryKind.REFUSED;
      case HTTP_1_1_REQUIRED -> RetryKind.HTTP_1_1_REQUIRED;
      case CONNECTION_CLOSED, CONNECTION_RESET ->
          answerBegun ? RetryKind.JUNK_RESPONSE : RetryKind.EMPTY_RESPONSE;
      case PROTOCOL_ERROR -> cause == CloseCause.BAD_RESPONSE ? RetryKind.JUNK_RESPONSE : null;
      case NO_ERROR, CANCEL, INTERNAL_ERROR, TIMEOUT, ENHANCE_YOUR_CALM -> null;
    };
  }

  /**
   * Whether a request that was sent may be sent again: nothing of a response has reached the
   * client, its content is held entire, and either its method is idempotent (RFC 9110 9.2.2), or
   * the server has said that it did not process it, or no byte of it was written.
   *
   * @param responseBegun whether anything of a response, an informational one included, was passed
   *     on
   * @param contentHeld whether all content that was taken so far is kept
   * @param idempotent whether the method is idempotent
   * @param kind how the attempt ended
   * @param written whether any byte of it was written
   */
  public static boolean mayReplay(
      boolean responseBegun,
      boolean contentHeld,
      boolean idempotent,
      RetryKind kind,
      boolean written) {
    return !responseBegun && contentHeld && (idempotent || notProcessed(kind) || !written);
  }

  /** Whether the server has said that it did not process the request. */
  public static boolean notProcessed(RetryKind kind) {
    return switch (kind) {
      // RFC 9113 8.7 and 6.8; RFC 9110 15.5.20.
      case REFUSED, HTTP_1_1_REQUIRED, MISDIRECTED -> true;
      // Nothing was sent.
      case CONNECT_FAILURE, HANDSHAKE_FAILURE -> true;
      case EMPTY_RESPONSE, JUNK_RESPONSE, RESPONSE_TIMEOUT, STATUS -> false;
    };
  }

  /** Whether the next attempt needs a connection that is made after this one has ended. */
  public static boolean needsFreshConnection(RetryKind kind) {
    return switch (kind) {
      // What happened to one connection of a server may have happened to all that are as old.
      case EMPTY_RESPONSE, RESPONSE_TIMEOUT -> true;
      // RFC 9110 15.5.20: over a different connection, such as a fresh one.
      case MISDIRECTED -> true;
      case CONNECT_FAILURE, HANDSHAKE_FAILURE, JUNK_RESPONSE, STATUS, REFUSED, HTTP_1_1_REQUIRED ->
          false;
    };
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
}
