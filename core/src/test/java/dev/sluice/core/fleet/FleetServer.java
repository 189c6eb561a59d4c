package dev.sluice.core.fleet;

import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.engine.OriginConnection;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.OriginRequest;
import dev.sluice.core.testkit.engine.TestOrigin;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/** One server of a fleet: answers after a short while, and has its misfortunes. */
final class FleetServer {
  private static final long MILLI = 1_000_000L;

  private final Simulation simulation;
  private final SplittableRandom random;
  private final boolean multi;
  private final InetSocketAddress address;
  private final List<OriginRequest> requests = new ArrayList<>();
  private final List<OriginConnection> connections = new ArrayList<>();
  private final List<Long> crashes = new ArrayList<>();
  private State state = State.UP;
  private TestOrigin origin;

  /** How it is. */
  enum State {
    UP,
    /** Answers late, but in time. */
    SLOW,
    /** Has cut all its connections, and refuses new ones. */
    CRASHED,
    /** Has said that it takes no more requests, and refuses new connections. */
    LEAVING
  }

  FleetServer(
      Simulation simulation, SplittableRandom random, boolean multi, InetSocketAddress address) {
    this.simulation = simulation;
    this.random = random;
    this.multi = multi;
    this.address = address;
    this.origin = listen();
  }

  private TestOrigin listen() {
    OriginPlan plan =
        (multi ? OriginPlan.multi() : OriginPlan.single()).streamsMax(32).answering(this::answer);
    return TestOrigin.listen(simulation, address, plan);
  }

  private void answer(OriginRequest request) {
    requests.add(request);
    long nanos =
        state == State.SLOW
            ? random.nextLong(300 * MILLI, 900 * MILLI)
            : random.nextLong(MILLI, 10 * MILLI);
    request.whenComplete(() -> request.after(nanos, request::answer));
  }

  InetSocketAddress address() {
    return address;
  }

  State state() {
    return state;
  }

  /** How many requests it has got. */
  int requests() {
    return requests.size();
  }

  /** How many connections it has accepted, in all its lives. */
  int connections() {
    return connections.size() + origin.connections().size();
  }

  /** Whether it has cut its connections between two moments. */
  boolean crashedBetween(long fromNanos, long toNanos) {
    return crashes.stream().anyMatch(at -> at >= fromNanos && at <= toNanos);
  }

  void slowDown(long nanos) {
    state = State.SLOW;
    simulation.network().schedule(nanos, () -> state = State.UP);
  }

  /** Cuts all connections, half of them by a reset, and is away for a while. */
  void crash(long nanos) {
    state = State.CRASHED;
    crashes.add(simulation.clock().nanoTime());
    origin.close();
    for (OriginConnection connection : origin.connections()) {
      if (connection.over()) {
        continue;
      }
      if (random.nextBoolean()) {
        connection.wire().reset();
      } else {
        connection.wire().closeNow();
      }
    }
    simulation.network().schedule(nanos, this::comeBack);
  }

  /**
   * Is deployed anew: takes no new connection, tells those that it has, ends them once they are
   * empty, and is away for a while.
   */
  void leave(long nanos) {
    state = State.LEAVING;
    origin.close();
    for (OriginConnection connection : origin.connections()) {
      if (!connection.over() && connection.ready()) {
        connection.peer().drain();
      }
    }
    simulation.network().schedule(nanos, this::comeBack);
  }

  private void comeBack() {
    connections.addAll(origin.connections());
    origin = listen();
    state = State.UP;
  }
}
