package dev.sluice.core.observe;

/**
 * What an access log has counted since it was opened. Lines written, dropped and lost together are
 * those of all exchanges that ended, but for the ones that wait for the writer at this moment.
 *
 * @param written lines given to the sink
 * @param dropped lines for which there was no room, or no time at the end
 * @param lost lines that the sink failed to take
 * @param sinkErrors failures of the sink
 */
public record AccessLogCounts(long written, long dropped, long lost, long sinkErrors) {
  private static final AccessLogCounts NONE = new AccessLogCounts(0, 0, 0, 0);

  /** Of an engine without an access log. */
  public static AccessLogCounts none() {
    return NONE;
  }
}
