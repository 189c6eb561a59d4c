package dev.sluice.core.stream;

import dev.sluice.core.backend.RetryRules;
import dev.sluice.core.backend.ServerCounters;
import dev.sluice.core.config.RetryConfig;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.RetryKind;
import org.jspecify.annotations.Nullable;

/**
 * How often an exchange may still be tried again, and how long it waits before. Confined to its
 * loop; used again for the next exchange.
 */
final class Retries {
  private @Nullable RetryRules rules;
  private int connectsLeft;
  private int replaysLeft;
  private int refusalsLeft;
  private int left;

  /** Retries granted so far, changes of the protocol apart. */
  private int granted;

  private int waits;

  /** Whether the exchange counts as a retry in the budget. */
  private boolean inBudget;

  /** The status of the last answer that was one to ask again for, or 0. */
  private int answeredStatus;

  /** A new exchange. */
  void begin(RetryRules of) {
    rules = of;
    RetryConfig config = of.config();
    connectsLeft = config.connectsMax();
    replaysLeft = config.replaysMax();
    refusalsLeft = config.refusalsMax();
    left = config.retriesMax();
    granted = 0;
    waits = 0;
    inBudget = false;
    answeredStatus = 0;
    of.budget().begin();
  }

  private RetryRules rules() {
    RetryRules of = rules;
    assert of != null : "no exchange";
    return of;
  }

  /**
   * What an answer with this status is to be asked again for, or null. If it is, and all further
   * attempts come to nothing, it is what was answered last.
   */
  @Nullable RetryKind ofAnswer(int status) {
    RetryKind kind = rules().ofStatus(status);
    if (kind != null) {
      answeredStatus = status;
    }
    return kind;
  }

  /** How long an attempt may take to be answered; 0 if nothing limits it here. */
  long tryTimeoutNanos() {
    RetryRules of = rules;
    return of == null ? 0 : of.tryTimeoutNanos();
  }

  /**
   * Takes one retry of this kind, if one is left and the budget has room.
   *
   * @param failed of the server of the attempt that has ended
   */
  boolean grant(RetryKind kind, ServerCounters failed) {
    RetryRules of = rules();
    if (left == 0 || !of.on(kind) || leftOf(kind) == 0) {
      return false;
    }
    if (!of.budget().tryRetry(inBudget)) {
      failed.onRetryRefused();
      return false;
    }
    inBudget = true;
    left--;
    granted++;
    switch (kind) {
      case CONNECT_FAILURE, HANDSHAKE_FAILURE -> connectsLeft--;
      case REFUSED -> refusalsLeft--;
      case EMPTY_RESPONSE, JUNK_RESPONSE, RESPONSE_TIMEOUT, STATUS, MISDIRECTED -> replaysLeft--;
      case HTTP_1_1_REQUIRED -> throw new AssertionError("needs no leave");
    }
    return true;
  }

  private int leftOf(RetryKind kind) {
    return switch (kind) {
      case CONNECT_FAILURE, HANDSHAKE_FAILURE -> connectsLeft;
      case REFUSED -> refusalsLeft;
      case EMPTY_RESPONSE, JUNK_RESPONSE, RESPONSE_TIMEOUT, STATUS, MISDIRECTED -> replaysLeft;
      case HTTP_1_1_REQUIRED -> 1;
    };
  }

  /**
   * How long the retry that was granted last has to wait.
   *
   * @param elsewhere whether it goes to another server, or to another connection after a refusal
   * @param nowNanos the loop's time
   * @param maxNanos the longest wait that makes sense
   * @return 0 for not at all
   */
  long waitNanos(boolean elsewhere, long nowNanos, long maxNanos) {
    RetryRules of = rules();
    if (!of.waits() || (granted == 1 && elsewhere && !of.config().backoff().fromFirst())) {
      return 0;
    }
    return Math.min(of.waitNanos(waits++, nowNanos), maxNanos);
  }

  /**
   * The status that tells a client of a failure: if a server has answered an earlier attempt, what
   * it said, since that tells more than that a later attempt came to nothing.
   */
  int statusFor(CloseCause cause) {
    return switch (cause) {
      case QUEUE_FULL, QUEUE_TIMEOUT -> answeredStatus != 0 ? answeredStatus : cause.status();
      default ->
          answeredStatus != 0 && cause.origin() == CloseCause.Origin.SERVER
              ? answeredStatus
              : cause.status();
    };
  }

  /** The answer that the client gets has begun: the exchange is no retry any more. */
  void answered() {
    RetryRules of = rules;
    if (inBudget && of != null) {
      inBudget = false;
      of.budget().answered();
    }
  }

  /** The exchange is over. */
  void end() {
    RetryRules of = rules;
    if (of != null) {
      answered();
      answeredStatus = 0;
      rules = null;
      of.budget().end();
    }
  }
}
