package dev.sluice.core.testkit;

import dev.sluice.core.loop.EventLoop;
import java.util.ArrayList;
import java.util.List;
import java.util.function.LongSupplier;

/**
 * Compares what is in use at the end with what was at the start: live buffers, armed timers, open
 * sockets, and whatever else a test adds.
 */
public final class LeakCheck {
  private record Gauge(String name, LongSupplier value, long start) {}

  private final List<Gauge> gauges = new ArrayList<>();

  /** Creates a check that watches nothing yet. */
  public LeakCheck() {}

  /** Watches a number, whose present value it has to return to. */
  public LeakCheck watch(String name, LongSupplier value) {
    gauges.add(new Gauge(name, value, value.getAsLong()));
    return this;
  }

  /** Watches what belongs to a loop: buffers, waiters, timers and sockets. */
  public LeakCheck watch(EventLoop loop) {
    String name = loop.name();
    watch(name + ": live heap buffers", () -> loop.heapBuffers().live());
    watch(name + ": live direct buffers", () -> loop.directBuffers().live());
    watch(name + ": waiters for heap buffers", () -> loop.heapBuffers().waiting());
    watch(name + ": waiters for direct buffers", () -> loop.directBuffers().waiting());
    watch(name + ": armed timers", () -> loop.timers().size());
    watch(name + ": open sockets", loop::connectionCount);
    return this;
  }

  /** Returns what isn't back at its start value, one text each. */
  public List<String> leaks() {
    List<String> leaks = new ArrayList<>();
    for (Gauge gauge : gauges) {
      long now = gauge.value.getAsLong();
      if (now != gauge.start) {
        leaks.add(gauge.name + ": " + now + " instead of " + gauge.start);
      }
    }
    return leaks;
  }

  /** Fails if anything isn't back at its start value. */
  public void verify() {
    List<String> leaks = leaks();
    if (!leaks.isEmpty()) {
      throw new AssertionError("leaked: " + String.join("; ", leaks));
    }
  }
}
