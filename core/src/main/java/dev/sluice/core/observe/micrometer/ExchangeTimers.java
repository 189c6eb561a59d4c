package dev.sluice.core.observe.micrometer;

import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ProxyObserver;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Times exchanges, by frontend, backend, class of status and protocols; an observer to be given to
 * the engine's builder:
 *
 * <pre>{@code
 * ProxyEngine.builder().observer(new ExchangeTimers(registry))
 * }</pre>
 *
 * <p>Called on the loops, several at a time. The timers of a combination are made when it is first
 * seen, under a lock; from then on they are found without a lock and without making an object.
 */
public final class ExchangeTimers implements ProxyObserver {
  private final MeterRegistry registry;
  private final Tags tags;

  /** All timers made so far; replaced by a longer copy, never changed. */
  private volatile TimerSet[] sets = {};

  /** Timers without tags of their own. */
  public ExchangeTimers(MeterRegistry registry) {
    this(registry, Tags.empty());
  }

  /** Timers; the tags tell the engine from other engines in the same registry. */
  public ExchangeTimers(MeterRegistry registry, Tags tags) {
    this.registry = registry;
    this.tags = tags;
  }

  @Override
  public void onExchange(ExchangeRecord record) {
    TimerSet set = find(sets, record);
    (set != null ? set : add(record)).record(record);
  }

  private static @Nullable TimerSet find(TimerSet[] among, ExchangeRecord record) {
    for (TimerSet set : among) {
      if (set.isFor(record)) {
        return set;
      }
    }
    return null;
  }

  private synchronized TimerSet add(ExchangeRecord record) {
    TimerSet[] known = sets;
    TimerSet set = find(known, record);
    if (set == null) {
      set = new TimerSet(registry, tags, record);
      TimerSet[] more = Arrays.copyOf(known, known.length + 1);
      more[known.length] = set;
      sets = more;
    }
    return set;
  }
}
