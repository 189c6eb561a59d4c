package dev.sluice.core.observe;

/**
 * What has come of the name of a server. All zero for a server that is given by its address.
 *
 * @param addresses gauge: addresses that the name stands for, those that are left out apart
 * @param lookups counter: lookups begun
 * @param failures counter: lookups that failed, or were not answered in time
 * @param changes counter: answers that differed from the one before
 * @param leftOut counter: addresses beyond as many as are taken of an answer
 * @param races counter: connections that tried a second address
 * @param fallbacks counter: connections made to another address than the first that they tried
 */
public record NameCounts(
    int addresses,
    long lookups,
    long failures,
    long changes,
    long leftOut,
    long races,
    long fallbacks) {
  private static final NameCounts NONE = new NameCounts(0, 0, 0, 0, 0, 0, 0);

  /** Of a server that is given by its address. */
  public static NameCounts none() {
    return NONE;
  }
}
