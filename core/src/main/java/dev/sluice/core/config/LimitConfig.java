package dev.sluice.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of what the engine holds. Sizes in bytes.
 *
 * @param headBytesMax the largest head of a message: start line and fields
 * @param fieldCountMax the most fields that a head or a trailer section may have
 * @param informationalHeadsMax informational responses that a server may send ahead of the final
 *     one
 * @param outputBytesMax content that may wait in a connection's output before its source is paused
 * @param replayBytesMax content of a request that is kept so that the request can be sent again
 * @param drainBytesMax what is read and dropped of a message that nobody wants any more, before its
 *     connection is closed instead of used again
 * @param connectionsMax connections that a listener accepts at a time
 * @param buffersMax buffers of each sort that a loop may have at a time
 * @param acceptsPerTurnMax connections that a listener accepts in one turn of its loop
 */
public record LimitConfig(
    int headBytesMax,
    int fieldCountMax,
    int informationalHeadsMax,
    int outputBytesMax,
    int replayBytesMax,
    int drainBytesMax,
    int connectionsMax,
    int buffersMax,
    int acceptsPerTurnMax) {

  private static final LimitConfig DEFAULTS =
      new LimitConfig(16 << 10, 100, 100, 64 << 10, 16 << 10, 64 << 10, 10_000, 16_384, 64);

  /** What holds if nothing is said. */
  public static LimitConfig defaults() {
    return DEFAULTS;
  }

  /** One line for each value that is out of its range. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    range(problems, "headBytesMax", headBytesMax, 256, 1 << 20);
    range(problems, "fieldCountMax", fieldCountMax, 4, 10_000);
    range(problems, "informationalHeadsMax", informationalHeadsMax, 1, 1_000_000);
    range(problems, "outputBytesMax", outputBytesMax, 1024, 16 << 20);
    range(problems, "replayBytesMax", replayBytesMax, 0, 16 << 20);
    range(problems, "drainBytesMax", drainBytesMax, 0, 1 << 30);
    range(problems, "connectionsMax", connectionsMax, 1, 10_000_000);
    range(problems, "buffersMax", buffersMax, 8, 10_000_000);
    range(problems, "acceptsPerTurnMax", acceptsPerTurnMax, 1, 10_000);
    return problems;
  }

  private static void range(List<String> problems, String key, int value, int min, int max) {
    if (value < min || value > max) {
      problems.add("limits." + key + " is " + value + ": " + min + " to " + max + " is valid");
    }
  }
}
