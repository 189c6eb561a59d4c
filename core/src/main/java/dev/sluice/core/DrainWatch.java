package dev.sluice.core;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangePhase;
import dev.sluice.core.observe.ExchangeRecord;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;

/**
 * Counts the exchanges that end while an engine is drained. Any thread; the loops meet here only
 * then.
 */
final class DrainWatch {
  private final Map<ExchangePhase, Integer> cut = new EnumMap<>(ExchangePhase.class);
  private final Map<String, Integer> cutByServer = new TreeMap<>();
  private long finished;

  /** An exchange has ended. */
  synchronized void onEnd(ExchangeRecord record) {
    if (record.cause() != CloseCause.DRAINING) {
      finished++;
      return;
    }
    cut.merge(record.phase(), 1, Integer::sum);
    if (!record.backend().isEmpty()) {
      String server = record.server();
      cutByServer.merge(
          server.isEmpty() ? record.backend() : record.backend() + '/' + server, 1, Integer::sum);
    }
  }

  synchronized long finished() {
    return finished;
  }

  synchronized Map<ExchangePhase, Integer> cut() {
    return new EnumMap<>(cut);
  }

  synchronized Map<String, Integer> cutByServer() {
    return new TreeMap<>(cutByServer);
  }
}
