package dev.sluice.core.observe;

/**
 * What the threads for handshakes have done. A handshake has two or three steps.
 *
 * @param running gauge: steps that run now
 * @param waiting gauge: steps that wait for a thread
 * @param waitingPeak the most that ever waited
 * @param ran counter: steps that ran
 * @param refused counter: steps that found the waiting line full
 * @param expired counter: steps that waited too long
 */
public record HandshakeCounts(
    int running, int waiting, int waitingPeak, long ran, long refused, long expired) {
  private static final HandshakeCounts NONE = new HandshakeCounts(0, 0, 0, 0, 0, 0);

  /** Where there are no such threads. */
  public static HandshakeCounts none() {
    return NONE;
  }
}
