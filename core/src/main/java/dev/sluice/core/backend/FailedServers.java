package dev.sluice.core.backend;

import dev.sluice.core.backend.balance.Balancer;
import java.util.Arrays;

/**
 * The servers that have failed one request: it does not go back to them while there are others.
 * Belongs to the request, and is used again. Confined to its loop; allocates only in backends with
 * more than 64 servers.
 */
public final class FailedServers implements Balancer.Avoided {
  private long[] words = new long[1];
  private int count;
  private int last = -1;

  /** None. */
  public FailedServers() {}

  /** A new request. */
  public void clear() {
    if (count > 0) {
      Arrays.fill(words, 0);
      count = 0;
      last = -1;
    }
  }

  void add(int server) {
    int word = server >>> 6;
    if (word >= words.length) {
      words = Arrays.copyOf(words, word + 1);
    }
    if (!contains(server)) {
      words[word] |= 1L << server;
      count++;
    }
    last = server;
  }

  /** All have failed: each but the last one may be tried again. */
  void keepLast() {
    int kept = last;
    clear();
    if (kept >= 0) {
      add(kept);
    }
  }

  /** How many. */
  public int count() {
    return count;
  }

  @Override
  public boolean contains(int server) {
    int word = server >>> 6;
    return word < words.length && (words[word] & (1L << server)) != 0;
  }
}
