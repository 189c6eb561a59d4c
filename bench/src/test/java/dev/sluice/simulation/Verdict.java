package dev.sluice.simulation;

import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.ExchangeRecord;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether what came of the exchanges of a run is right, or explained by what went wrong. */
final class Verdict {
  private final EngineRun run;

  /** Exchanges that were lost behind another one on the same connection, which explains them. */
  private final Set<Integer> lostBehind = new HashSet<>();

  Verdict(EngineRun run) {
    this.run = run;
  }

  /** A client's connection has ended with answers outstanding, in this order. */
  void onLost(List<Exchange> lost, boolean lastAnnounced, boolean clean) {
    for (int i = lastAnnounced ? 0 : 1; i < lost.size(); i++) {
      lostBehind.add(lost.get(i).id);
    }
  }

  void judge() {
    Map<Integer, ExchangeRecord> records = recordsById();
    for (Exchange exchange : run.plan().exchanges()) {
      judge(exchange, records.get(exchange.id));
    }
    if (run.exchangesBegun() < EngineRun.EXCHANGES_MIN) {
      run.fault("only " + run.exchangesBegun() + " exchanges");
    }
    if (run.faultCount() < EngineRun.FAULTS_MIN) {
      run.fault("only " + run.faultCount() + " faults");
    }
  }

  private Map<Integer, ExchangeRecord> recordsById() {
    Map<Integer, ExchangeRecord> byId = new HashMap<>();
    for (ExchangeRecord record : run.records()) {
      if (record.cause() == CloseCause.INTERNAL_ERROR
          || record.cause() == CloseCause.ROUTER_FAILED
          || record.cause() == CloseCause.FILTER_FAILED) {
        run.fault("broken: " + record);
      }
      String path = record.path();
      int slash = path.lastIndexOf('/');
      if (slash > 0) {
        int id = Integer.parseInt(path.substring(slash + 1));
        if (byId.put(id, record) != null) {
          run.fault("two records of " + run.exchange(id));
        }
      }
    }
    return byId;
  }

  private void judge(Exchange exchange, @Nullable ExchangeRecord record) {
    if (!exchange.begun) {
      return;
    }
    String tail = exchange + ", record " + record;
    if (!exchange.over()) {
      run.fault("never over: " + tail);
    }
    if (!exchange.sound) {
      run.fault("a wrong answer: " + tail);
    }
    if (!exchange.arrivedSound && exchange.complete && exchange.status == 200 && !deaf(exchange)) {
      run.fault("answered although the request arrived wrong: " + tail);
    }
    if (exchange.arrivals > 1 && !exchange.isIdempotent()) {
      run.fault("sent twice: " + tail);
    }
    boolean headCut = exchange.clientTurn == Exchange.ClientTurn.STALL && exchange.arrivals == 0;
    if (record == null && (exchange.arrivals > 0 || (exchange.complete && !headCut))) {
      run.fault("without a record: " + tail);
    }
    if (exchange.complete && record != null && record.status() != exchange.status) {
      run.fault("another status in the record: " + tail);
    }
    if (exchange.complete && exchange.status == 200) {
      if (exchange.kind == Kind.UNKNOWN) {
        run.fault("an answer from nowhere: " + tail);
      }
    } else if (!exchange.left && !isExplained(exchange)) {
      run.fault("not explained: " + tail);
    }
  }

  private static boolean deaf(Exchange exchange) {
    return exchange.serverTurn == Exchange.ServerTurn.DEAF;
  }

  /** A client that goes silent within its request holds one of the few permits for long. */
  private boolean waitedForAStaller(Exchange exchange) {
    return run.plan().limited
        && exchange.status == 503
        && run.plan().exchanges().stream()
            .anyMatch(
                other ->
                    other.kind == exchange.kind && other.clientTurn == Exchange.ClientTurn.STALL);
  }

  private boolean isExplained(Exchange exchange) {
    return exchange.kind == Kind.UNKNOWN
        || exchange.troubled
        || exchange.clientTurn.isFault()
        || waitedForAStaller(exchange)
        || lostBehind.contains(exchange.id)
        || run.faults().isTroubled(exchange.kind)
        || run.faults().isEnding()
        || run.simulation().network().faults() > 0;
  }
}
