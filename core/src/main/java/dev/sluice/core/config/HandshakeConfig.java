package dev.sluice.core.config;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/**
 * Where the expensive steps of handshakes run, and how many at a time. They are kept off the event
 * loops, so that a storm of new connections does not delay what is established.
 *
 * @param threads how many steps run at a time; 0 to run them on the loops, which is the quickest
 *     way through a single handshake
 * @param waitingMax how many steps may wait for a thread; one more fails its connection
 * @param waitMax how long a step may wait; one that has waited longer fails its connection, since
 *     its peer has likely given up
 */
public record HandshakeConfig(int threads, int waitingMax, Duration waitMax) {
  private static final int THREADS_MAX = 1024;

  /** Half of the machine's processors, a thousand waiting steps for each, and a second to wait. */
  public static HandshakeConfig defaults() {
    int threads = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
    return new HandshakeConfig(threads, 1024 * threads, Duration.ofSeconds(1));
  }

  /** Steps run on the loop of their connection. */
  public static HandshakeConfig onTheLoops() {
    return new HandshakeConfig(0, 1, Duration.ofSeconds(1));
  }

  /** One line for each value that is out of its range. */
  public List<String> problems() {
    List<String> problems = new ArrayList<>();
    if (threads < 0 || threads > THREADS_MAX) {
      problems.add("handshakes.threads is " + threads + ": 0 to " + THREADS_MAX + " is valid");
    }
    if (waitingMax < 1 || waitingMax > 1 << 20) {
      problems.add("handshakes.waitingMax is " + waitingMax + ": 1 to 1048576 is valid");
    }
    if (waitMax.isNegative() || waitMax.isZero()) {
      problems.add("handshakes.waitMax is " + waitMax + ": more than 0 is valid");
    }
    return problems;
  }
}
