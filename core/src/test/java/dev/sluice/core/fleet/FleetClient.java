package dev.sluice.core.fleet;

import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.engine.ClientExchange;
import dev.sluice.core.testkit.engine.EngineRig;
import dev.sluice.core.testkit.engine.TestClient;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/** A user of a fleet: asks, thinks, asks again, and now and then comes back by a new connection. */
final class FleetClient {
  private static final long MILLI = 1_000_000L;
  private static final long LOOK_NANOS = MILLI;

  private final Simulation simulation;
  private final SplittableRandom random;
  private final String name;
  private final long seedBase;
  private final long untilNanos;
  private final List<ClientExchange> exchanges = new ArrayList<>();
  private @Nullable TestClient connection;
  private int visits;
  private int asked;

  FleetClient(Simulation simulation, SplittableRandom random, int number, long untilNanos) {
    this.simulation = simulation;
    this.random = random;
    this.name = "user-" + number;
    this.seedBase = number * 1_000_000L;
    this.untilNanos = untilNanos;
    simulation.network().schedule(random.nextLong(50 * MILLI), this::ask);
  }

  List<ClientExchange> exchanges() {
    return exchanges;
  }

  private void ask() {
    TestClient current = connection;
    if (simulation.clock().nanoTime() >= untilNanos) {
      if (current != null) {
        current.close();
      }
      return;
    }
    if (current == null || current.wire().over() || random.nextInt(20) == 0) {
      if (current != null && !current.wire().over()) {
        current.close();
      }
      current = TestClient.clear(simulation, name + "-" + visits++, EngineRig.FRONT);
      connection = current;
    }
    long seed = seedBase + asked++;
    ClientExchange exchange =
        random.nextInt(4) == 0 ? current.post(seed, 200, 100) : current.get(seed, 100);
    exchanges.add(exchange);
    look(exchange);
  }

  private void look(ClientExchange exchange) {
    simulation
        .network()
        .schedule(
            LOOK_NANOS,
            () -> {
              if (exchange.over()) {
                simulation.network().schedule(random.nextLong(40 * MILLI), this::ask);
              } else {
                look(exchange);
              }
            });
  }
}
