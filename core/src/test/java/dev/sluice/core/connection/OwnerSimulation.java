package dev.sluice.core.connection;

import dev.sluice.core.config.LimitConfig;
import dev.sluice.core.config.TimeoutConfig;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.mux.Mode;
import dev.sluice.core.mux.MuxRegistry;
import dev.sluice.core.mux.Side;
import dev.sluice.core.mux.StreamEndpoint;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.Failure;
import dev.sluice.core.observe.WireCounters;
import dev.sluice.core.testkit.LeakCheck;
import dev.sluice.core.testkit.SimOptions;
import dev.sluice.core.testkit.Simulation;
import dev.sluice.core.testkit.engine.OriginPlan;
import dev.sluice.core.testkit.engine.TestOrigin;
import dev.sluice.core.testkit.handshake.PeerScript;
import dev.sluice.core.testkit.handshake.SimHandshakeConfig;
import dev.sluice.core.testkit.handshake.SimHandshakeTransportProvider;
import dev.sluice.core.testkit.mux.TestMuxProvider;
import dev.sluice.core.transport.TransportRole;
import dev.sluice.core.transport.TransportTarget;
import java.net.InetSocketAddress;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;

/**
 * Owners that are impatient, from a seed: they leave, and they come to wait for another connection
 * without a word to the first. Each hears only of the connection that it waits for, once.
 */
public final class OwnerSimulation {
  private static final InetSocketAddress SERVER = new InetSocketAddress("192.0.2.1", 443);
  private static final long MILLI = 1_000_000L;
  private static final int OWNERS = 20;

  private final Simulation simulation;
  private final SplittableRandom random;
  private final EventLoop loop;
  private final LeakCheck leaks;
  private final ConnectionSettings settings;
  private final List<Owner> owners = new ArrayList<>();
  private final List<Connection> connections = new ArrayList<>();
  private int kept;

  private OwnerSimulation(long seed) {
    random = new SplittableRandom(seed * 104_729);
    simulation = new Simulation(seed, SimOptions.hostile(random.split(), 6));
    loop = simulation.addLoop();
    leaks = simulation.leakCheck();
    SimHandshakeConfig handshake =
        SimHandshakeConfig.offering(TestMuxProvider.MULTI, TestMuxProvider.SINGLE)
            .withLentSteps(random.nextInt(3));
    settings =
        new ConnectionSettings(
            Side.BACK,
            Mode.HTTP,
            SimHandshakeTransportProvider.factory(handshake, TransportRole.CLIENT),
            null,
            MuxRegistry.of(
                List.of(TestMuxProvider.multi(), TestMuxProvider.single()),
                List.of(),
                new ArrayList<>()),
            List.of(),
            false,
            LimitConfig.defaults(),
            TimeoutConfig.defaults(),
            simulation.executor(),
            null,
            new WireCounters(1));
    TestOrigin.listen(simulation, SERVER, this::plan);
  }

  /** Runs one seed. */
  public static void run(long seed) {
    OwnerSimulation run = new OwnerSimulation(seed);
    for (int i = 0; i < OWNERS; i++) {
      Owner owner = run.new Owner();
      run.owners.add(owner);
      run.at(run.random.nextLong(500 * MILLI), owner::dial);
    }
    run.at(60_000 * MILLI, run::closeAll);
    run.simulation.run();
    run.verify();
  }

  private OriginPlan plan(int number) {
    PeerScript script =
        switch (random.nextInt(5)) {
          case 0 -> PeerScript.answering(PeerScript.Answer.GARBAGE);
          case 1 -> PeerScript.answering(PeerScript.Answer.SILENCE);
          case 2 -> PeerScript.agreeing().dying(PeerScript.Moment.IN_ANSWER, true);
          default -> PeerScript.agreeing();
        };
    return OriginPlan.multi().with(script.after(random.nextLong(300 * MILLI)));
  }

  private void at(long delayNanos, Runnable action) {
    simulation.network().schedule(delayNanos, () -> loop.runInTurn(action));
  }

  private void closeAll() {
    connections.forEach(connection -> connection.closeNow(CloseCause.SHUTDOWN));
  }

  private void verify() {
    for (Owner owner : owners) {
      check(owner.pending == null, "an owner still waits");
      check(owner.left || owner.told == 1, "an owner was told " + owner.told + " times");
    }
    check(kept == 0, kept + " connections were never told to their keeper");
    leaks.verify();
  }

  private void check(boolean holds, String otherwise) {
    if (!holds) {
      throw simulation.failure(otherwise, null);
    }
  }

  /** Waits, for one connection after the other. */
  private final class Owner implements ConnectionOwner {
    private final TestOwner handler = new TestOwner();
    private StreamEndpoint endpoint = new StreamEndpoint(handler);
    private @Nullable Connection pending;
    private @Nullable Connection waitsFor;
    private boolean left;
    private int told;

    void dial() {
      kept++;
      Connection made =
          Connection.dial(
              loop, settings, new TransportTarget(SERVER, null), null, null, this, new Keeper());
      connections.add(made);
      waitsFor = made;
      switch (made.dialResult()) {
        case PENDING -> at(random.nextLong(400 * MILLI), this::growImpatient);
        case READY, FAILED -> told++;
      }
    }

    private void growImpatient() {
      Connection present = pending;
      if (present == null || present.state() != ConnectionState.HANDSHAKING) {
        return;
      }
      switch (random.nextInt(3)) {
        case 0 -> {
          left = true;
          waitsFor = null;
          present.disown();
        }
        case 1 -> {
          pending = null;
          dial();
        }
        default -> {
          // Goes on waiting.
        }
      }
    }

    @Override
    public @Nullable Connection pending() {
      return pending;
    }

    @Override
    public void pending(@Nullable Connection connection) {
      pending = connection;
    }

    @Override
    public StreamEndpoint endpoint() {
      if (endpoint.dropped()) {
        endpoint = new StreamEndpoint(handler);
      }
      return endpoint;
    }

    @Override
    public void onConnectionReady(Connection connection) {
      told++;
      check(connection == waitsFor, "told of a connection that it does not wait for");
    }

    @Override
    public void onConnectionFailed(Connection connection, Failure failure) {
      told++;
      check(connection == waitsFor, "told of a connection that it does not wait for");
    }
  }

  private final class Keeper implements ConnectionKeeper {
    @Override
    public void onReady(Connection connection) {
      // Kept as it is until the end.
    }

    @Override
    public void onCapacityChanged(Connection connection) {
      // As above.
    }

    @Override
    public void onClosed(Connection connection, Failure failure) {
      kept--;
    }
  }
}
