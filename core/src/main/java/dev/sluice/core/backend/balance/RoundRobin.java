package dev.sluice.core.backend.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** One after the other, past those that are full. */
public final class RoundRobin implements Balancer {
  private final AtomicInteger next = new AtomicInteger();

  /** Begins with the first server. */
  public RoundRobin() {}

  @Override
  public int choose(int count, Load load, Avoided avoided) {
    int start = Math.floorMod(next.getAndIncrement(), count);
    int second = -1;
    for (int i = 0; i < count; i++) {
      int server = (start + i) % count;
      if (avoided.contains(server)) {
        continue;
      }
      if (!load.full(server)) {
        return server;
      }
      if (second < 0) {
        second = server;
      }
    }
    return second >= 0 ? second : start;
  }
}
