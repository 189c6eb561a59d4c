package dev.sluice.core;

import dev.sluice.core.observe.EngineCounters;
import dev.sluice.core.observe.ExchangeRecord;
import dev.sluice.core.observe.ExchangeSink;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.ProxyObserver;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.util.List;

/** Feeds the counters and the observers. Called on the loops; what an observer throws ends here. */
final class EngineSink implements ExchangeSink {
  private static final Logger LOGGER = System.getLogger(EngineSink.class.getName());

  private final EngineCounters counters;
  private final ProxyObserver[] observers;

  EngineSink(EngineCounters counters, List<ProxyObserver> observers) {
    this.counters = counters;
    this.observers = observers.toArray(new ProxyObserver[0]);
  }

  @Override
  public void onBegin(int loopIndex) {
    counters.onBegin(loopIndex);
  }

  @Override
  public void onEnd(int loopIndex, ExchangeRecord record) {
    counters.onEnd(loopIndex, record);
    for (ProxyObserver observer : observers) {
      try {
        observer.onExchange(record);
      } catch (RuntimeException e) {
        report(e);
      }
    }
  }

  @Override
  public void onConnectFailed(int loopIndex, String server, Failure failure) {
    counters.onConnectFailed(loopIndex);
    for (ProxyObserver observer : observers) {
      try {
        observer.onConnectFailed(server, failure);
      } catch (RuntimeException e) {
        report(e);
      }
    }
  }

  @Override
  public void onClientFailed(int loopIndex, String frontend, Failure failure) {
    counters.onClientFailed(loopIndex);
    for (ProxyObserver observer : observers) {
      try {
        observer.onClientFailed(frontend, failure);
      } catch (RuntimeException e) {
        report(e);
      }
    }
  }

  private static void report(RuntimeException e) {
    LOGGER.log(Level.WARNING, "an observer failed", e);
  }
}
