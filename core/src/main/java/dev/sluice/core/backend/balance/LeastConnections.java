package dev.sluice.core.backend.balance;

import java.util.concurrent.atomic.AtomicInteger;

/** The server with the fewest requests under way and waiting; among equals one after the other. */
public final class LeastConnections implements Balancer {
  private final AtomicInteger next = new AtomicInteger();

  /** Begins with the first server. */
  public LeastConnections() {}

  @Override
  public int choose(int count, Load load, Avoided avoided) {
    int start = Math.floorMod(next.getAndIncrement(), count);
    int best = -1;
    int fewest = Integer.MAX_VALUE;
    for (int i = 0; i < count; i++) {
      int server = (start + i) % count;
      if (!avoided.contains(server) && load.requests(server) < fewest) {
        best = server;
        fewest = load.requests(server);
      }
    }
    return best >= 0 ? best : start;
  }
}
