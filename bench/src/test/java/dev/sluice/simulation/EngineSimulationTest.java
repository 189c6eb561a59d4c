package dev.sluice.simulation;

import static org.assertj.core.api.Assertions.assertThat;

import dev.sluice.core.testkit.Seeds;
import dev.sluice.simulation.CellTable.Event;
import dev.sluice.simulation.CellTable.State;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.LongAdder;
import org.junit.jupiter.api.Test;

/**
 * Thousands of runs of a whole engine, and the cells of the state table that they hit. A seed that
 * fails names itself; {@code -Dsluice.seed=N} replays it with a trace. Runs are independent of each
 * other, so they go on as many threads as there are cores.
 */
class EngineSimulationTest {
  private static final int RUNS = 2_000;

  /**
   * Every so many runs, the handshakes are real TLS, which cost ten times the rest; else simulated.
   */
  private static final int TLS_EVERY = 16;

  private static final int FAILURES_SHOWN = 5;

  private static final System.Logger LOG = System.getLogger(EngineSimulationTest.class.getName());

  private final ThreadLocal<TlsMaterial> tls = ThreadLocal.withInitial(TlsMaterial::new);

  private EngineRun run(long seed, CellTable cells) {
    boolean realTls = seed % TLS_EVERY == 0;
    EngineRun run = new EngineRun(new RunPlan(seed, realTls), realTls ? tls.get() : null, cells);
    run.run();
    return run;
  }

  @Test
  void everyRunEndsWellAndTogetherTheyHitTheStateTable() throws IOException {
    CellTable cells = new CellTable();
    LongAdder exchanges = new LongAdder();
    LongAdder faults = new LongAdder();
    ConcurrentLinkedQueue<Throwable> failures = new ConcurrentLinkedQueue<>();
    Seeds.take(RUNS)
        .parallel()
        .forEach(
            seed -> {
              CellTable hit = new CellTable();
              try {
                EngineRun run = run(seed, hit);
                exchanges.add(run.exchangesBegun());
                faults.add(run.faultCount());
              } catch (RuntimeException | AssertionError failure) {
                failures.add(failure);
              }
              synchronized (cells) {
                cells.add(hit);
              }
            });
    LOG.log(
        System.Logger.Level.INFO,
        "{0} exchanges, {1} faults; outgoing connections:\n{2}",
        exchanges.sum(),
        faults.sum(),
        cells);
    assertThat(failures.stream().limit(FAILURES_SHOWN)).isEmpty();
    if (!Seeds.replaying()) {
      assertThat(unhit(cells)).as("cells that no run has hit").isEmpty();
      assertThat(Elsewhere.disproven(cells)).as("cells that can't be hit, and were").isEmpty();
    }
  }

  private static List<String> unhit(CellTable cells) throws IOException {
    List<String> unhit = new ArrayList<>();
    Map<Event, List<State>> possible = CellTable.possible();
    assertThat(possible).containsOnlyKeys(Event.values());
    possible.forEach(
        (event, states) -> {
          for (State state : states) {
            if (cells.hits(event, state) == 0 && !Elsewhere.excuses(event, state)) {
              unhit.add(event.row + " in " + state);
            }
          }
        });
    return unhit;
  }

  @Test
  void sameSeedGivesTheSameRunWhateverRanBefore() {
    for (long seed = TLS_EVERY - 3; seed <= TLS_EVERY; seed++) {
      long first = run(seed, new CellTable()).simulation().traceHash();
      run(seed + TLS_EVERY, new CellTable());
      assertThat(run(seed, new CellTable()).simulation().traceHash()).isEqualTo(first);
    }
  }
}
