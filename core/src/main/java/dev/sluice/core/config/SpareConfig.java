package dev.sluice.core.config;

import java.util.ArrayList;
import java.util.List;

/**
 * Which connections to a server are made although no request waits for them. None of them is made
 * past the {@code maxConnections} of the server, or while requests wait for it.
 *
 * @param warmMin connections that are kept to each server, made at the start and made anew when one
 *     ends; divided among the loops
 * @param spreadMin connections that carry many requests: as long as a server has fewer than so
 *     many, another one is made when a request joins others on one
 * @param spreadStreams how many requests one connection has before another one is made
 * @param spreadMax how many connections a server has when no more is made for that reason
 */
public record SpareConfig(int warmMin, int spreadMin, int spreadStreams, int spreadMax) {
  private static final SpareConfig NONE =
      new SpareConfig(0, 0, PoolConfig.UNLIMITED, PoolConfig.UNLIMITED);

  /** No such connections. */
  public static SpareConfig none() {
    return NONE;
  }

  /** These with another number of connections that are kept. */
  public SpareConfig withWarmMin(int min) {
    return new SpareConfig(min, spreadMin, spreadStreams, spreadMax);
  }

  /** These with another way to spread requests over connections that carry many. */
  public SpareConfig withSpread(int min, int streams, int max) {
    return new SpareConfig(warmMin, min, streams, max);
  }

  /** One line for each value that is out of its range. */
  List<String> problems(String where) {
    List<String> problems = new ArrayList<>();
    PoolConfig.atLeast(problems, where + "warmMin", warmMin, 0);
    PoolConfig.atLeast(problems, where + "spreadMin", spreadMin, 0);
    PoolConfig.atLeast(problems, where + "spreadStreams", spreadStreams, 1);
    if (spreadMax < Math.max(1, spreadMin)) {
      problems.add(where + "spreadMax is " + spreadMax + ": 1, and spreadMin, or more is valid");
    }
    return problems;
  }
}
