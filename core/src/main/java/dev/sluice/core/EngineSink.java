package dev.sluice.core;

import dev.sluice.core.observe.AccessLog;
import dev.sluice.core.observe.DrainPhase;
import dev.sluice.core.observe.EngineCounters;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ExchangeSink;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.FlightEvents;
import dev.sluice.core.observe.ProxyObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Feeds the counters, the flight recorder, the access log and the observers. Called on the loops;
 * what an observer throws ends here. Allocates nothing.
 */
final class EngineSink implements ExchangeSink {
  private static final Logger LOGGER = System.getLogger(EngineSink.class.getName());

  private final EngineCounters counters;
  private final @Nullable AccessLog accessLog;
  private final ProxyObserver[] observers;
  private volatile @Nullable DrainWatch watch;

  EngineSink(
      EngineCounters counters, @Nullable AccessLog accessLog, List<ProxyObserver> observers) {
    this.counters = counters;
    this.accessLog = accessLog;
    this.observers = observers.toArray(new ProxyObserver[0]);
  }

  /** Has the exchanges that end from now on counted besides; null for nobody. Any thread. */
  void watch(@Nullable DrainWatch newWatch) {
    watch = newWatch;
  }

  /** Exchanges under way. Any thread. */
  long exchangesUnderWay() {
    return counters.underWay();
  }

  /** A drain has come to its next phase. */
  void onDrain(int loopIndex, DrainPhase phase) {
    for (ProxyObserver observer : observers) {
      try {
        observer.onDrain(phase);
      } catch (RuntimeException | Error e) {
        report(loopIndex, e);
      }
    }
  }

  @Override
  public void onBegin(int loopIndex) {
    counters.onBegin(loopIndex);
  }

  @Override
  public void onEnd(int loopIndex, ExchangeRecord record) {
    counters.onEnd(loopIndex, record);
    DrainWatch watching = watch;
    if (watching != null) {
      watching.onEnd(record);
    }
    FlightEvents.exchange(record);
    if (accessLog != null) {
      try {
        accessLog.onExchange(record);
      } catch (RuntimeException | Error e) {
        report(loopIndex, e);
      }
    }
    for (ProxyObserver observer : observers) {
      try {
        observer.onExchange(record);
      } catch (RuntimeException | Error e) {
        report(loopIndex, e);
      }
    }
  }

  @Override
  public void onConnectFailed(int loopIndex, String server, Failure failure) {
    counters.onConnectFailed(loopIndex, failure.cause());
    for (ProxyObserver observer : observers) {
      try {
        observer.onConnectFailed(server, failure);
      } catch (RuntimeException | Error e) {
        report(loopIndex, e);
      }
    }
  }

  @Override
  public void onClientFailed(int loopIndex, String frontend, Failure failure) {
    counters.onClientFailed(loopIndex, failure.cause());
    for (ProxyObserver observer : observers) {
      try {
        observer.onClientFailed(frontend, failure);
      } catch (RuntimeException | Error e) {
        report(loopIndex, e);
      }
    }
  }

  /** An observer that always throws must not fill the log: ever rarer, and with the count. */
  private void report(int loopIndex, Throwable problem) {
    long failures = counters.onObserverFailed(loopIndex);
    if (Long.bitCount(failures) == 1) {
      LOGGER.log(
          Level.WARNING, "an observer failed (" + failures + " times on this loop)", problem);
    }
  }
}
