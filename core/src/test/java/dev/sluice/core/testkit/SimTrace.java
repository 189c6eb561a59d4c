package dev.sluice.core.testkit;

import java.util.ArrayDeque;

/**
 * What has happened in a simulation: a hash of everything, which two runs of one seed must agree
 * on, and the last lines of text when a seed is being replayed.
 */
final class SimTrace {
  private static final int LINES_MAX = 400;

  private final ManualClock clock;
  private final boolean verbose;
  private final ArrayDeque<String> lines = new ArrayDeque<>();
  private long hash = 0x9E3779B97F4A7C15L;

  SimTrace(ManualClock clock, boolean verbose) {
    this.clock = clock;
    this.verbose = verbose;
  }

  void add(String what, String who, long value) {
    long now = clock.nanoTime();
    hash = mix(hash ^ what.hashCode());
    hash = mix(hash ^ who.hashCode());
    hash = mix(hash ^ value);
    hash = mix(hash ^ now);
    if (verbose) {
      if (lines.size() == LINES_MAX) {
        lines.removeFirst();
      }
      lines.addLast(
          "%12.6f ms  %-10s %s %d"
              .formatted((now - ManualClock.START_NANOS) / 1e6, what, who, value));
    }
  }

  long hash() {
    return hash;
  }

  String text() {
    return String.join("\n", lines);
  }

  private static long mix(long z) {
    long x = z;
    x = (x ^ (x >>> 30)) * 0xBF58476D1CE4E5B9L;
    x = (x ^ (x >>> 27)) * 0x94D049BB133111EBL;
    return x ^ (x >>> 31);
  }
}
