package dev.sluice.core.observe;

import java.util.Objects;

/**
 * How an exchange ended: how far it had come, who ended it, and why. There is one object for each
 * combination, so that asking for it allocates nothing. Immutable; any thread.
 *
 * @param phase how far it had come; {@link ExchangePhase#DONE} if it was completed
 * @param by who ended it
 * @param cause why
 */
public record TerminationState(ExchangePhase phase, CloseCause.Origin by, CloseCause cause) {
  private static final int ORIGINS = CloseCause.Origin.values().length;
  private static final TerminationState[] ALL = all();

  /** Rejects nulls. */
  public TerminationState {
    Objects.requireNonNull(phase, "phase");
    Objects.requireNonNull(by, "by");
    Objects.requireNonNull(cause, "cause");
  }

  private static TerminationState[] all() {
    ExchangePhase[] phases = ExchangePhase.values();
    TerminationState[] all = new TerminationState[phases.length * ORIGINS * CloseCause.count()];
    for (ExchangePhase phase : phases) {
      for (CloseCause.Origin by : CloseCause.Origin.values()) {
        for (int i = 0; i < CloseCause.count(); i++) {
          CloseCause cause = CloseCause.of(i);
          all[index(phase, by, cause)] = new TerminationState(phase, by, cause);
        }
      }
    }
    return all;
  }

  private static int index(ExchangePhase phase, CloseCause.Origin by, CloseCause cause) {
    return (phase.ordinal() * ORIGINS + by.ordinal()) * CloseCause.count() + cause.ordinal();
  }

  /** The state of this combination; allocates nothing. */
  public static TerminationState of(ExchangePhase phase, CloseCause.Origin by, CloseCause cause) {
    return ALL[index(phase, by, cause)];
  }

  /** Whether the exchange was completed. */
  public boolean complete() {
    return cause == CloseCause.COMPLETE;
  }

  /** Such as {@code CONNECT/SERVER/CONNECT_REFUSED}. */
  @Override
  public String toString() {
    return phase + "/" + by + "/" + cause;
  }
}
