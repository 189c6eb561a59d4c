package dev.sluice.core.stream;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;

/**
 * Why an exchange ends. What ends it first is told; what follows from that is not. Confined to the
 * loop of its stream.
 */
final class FirstCause {
  private CloseCause cause = CloseCause.COMPLETE;
  private CloseCause.Origin endedBy = CloseCause.Origin.NOBODY;
  private String detail = "";

  /** For the next exchange. */
  void clear() {
    cause = CloseCause.COMPLETE;
    endedBy = CloseCause.Origin.NOBODY;
    detail = "";
  }

  void set(CloseCause why, String words) {
    set(why, why.origin(), words);
  }

  void set(CloseCause why, CloseCause.Origin by, String words) {
    if (complete()) {
      cause = why;
      endedBy = by;
      detail = words;
    }
  }

  /** Whether nothing has gone wrong. */
  boolean complete() {
    return cause == CloseCause.COMPLETE;
  }

  /** Ends the record with it. */
  void end(ExchangeRecord record, long nowNanos) {
    record.end(cause, endedBy, detail, nowNanos);
  }
}
