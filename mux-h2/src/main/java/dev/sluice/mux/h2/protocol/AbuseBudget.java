package dev.sluice.mux.h2.protocol;

import java.util.Arrays;

/**
 * Allowances against floods, one for each kind of {@link Abuse}: token buckets in thousandths.
 *
 * <p>Confined to its connection; the time is passed in.
 */
public final class AbuseBudget {
  private static final Abuse[] KINDS = Abuse.values();
  private static final long NANOS_PER_SECOND = 1_000_000_000L;
  private static final long SCALE = 1000;

  private final long[] left = new long[KINDS.length];
  private final long[] spent = new long[KINDS.length];
  private final int percent;
  private long refilledNanos;

  /**
   * A full budget.
   *
   * @param percent the allowances in percent of the usual ones
   * @param nowNanos the time
   */
  public AbuseBudget(int percent, long nowNanos) {
    this.percent = percent;
    this.refilledNanos = nowNanos;
    Arrays.setAll(left, kind -> burst(KINDS[kind]));
  }

  /**
   * Spends one of this kind.
   *
   * @return false if the allowance is used up: the peer asks for more than is honest
   */
  public boolean spend(Abuse kind, long nowNanos) {
    int i = kind.ordinal();
    spent[i]++;
    if (left[i] < SCALE) {
      refill(nowNanos);
      if (left[i] < SCALE) {
        return false;
      }
    }
    left[i] -= SCALE;
    return true;
  }

  /** The peer has reason for so many more of this kind. */
  public void earn(Abuse kind, int count) {
    int i = kind.ordinal();
    left[i] = Math.min(burst(kind), left[i] + count * SCALE);
  }

  /** How many of this kind there were. */
  public long spent(Abuse kind) {
    return spent[kind.ordinal()];
  }

  private void refill(long nowNanos) {
    long elapsed = nowNanos - refilledNanos;
    if (elapsed <= 0) {
      return;
    }
    refilledNanos = nowNanos;
    // An hour fills every bucket; the bound keeps the product within a long.
    long capped = Math.min(elapsed, 3600 * NANOS_PER_SECOND);
    for (Abuse kind : KINDS) {
      long rate = kind.perSecond() * SCALE * percent / 100;
      long more =
          capped / NANOS_PER_SECOND * rate + capped % NANOS_PER_SECOND * rate / NANOS_PER_SECOND;
      left[kind.ordinal()] = Math.min(burst(kind), left[kind.ordinal()] + more);
    }
  }

  private long burst(Abuse kind) {
    return kind.burst() * SCALE * percent / 100;
  }
}
