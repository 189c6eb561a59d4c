package dev.sluice.core.testkit;

import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.loop.EventLoopGroup;
import dev.sluice.core.loop.LoopLimits;
import dev.sluice.core.time.Deadline;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Runs event loops, scripted peers and lent tasks in one thread, interleaved by a seed, on a manual
 * clock and a simulated network. The same seed gives the same run, step by step.
 *
 * <p>A step lets one of those act that have something to do at the present time: a loop does one
 * turn, the network one event, the executor one task, a peer one move. When nobody has anything to
 * do the clock jumps to the next time at which somebody has. A simulation in which nobody ever has
 * again is quiescent; one that takes too many steps without the clock moving is a livelock, and
 * fails.
 *
 * <pre>{@code
 * Simulation simulation = new Simulation(seed);
 * EventLoop loop = simulation.addLoop();
 * SimServer.listen(simulation, origin, peer -> peer.expect("ping").send("pong").close());
 * loop.execute(() -> ...);
 * simulation.run();
 * }</pre>
 */
public final class Simulation {
  private static final int STEPS_AT_ONE_TIME_MAX = 100_000;
  private static final long STEPS_MAX = 50_000_000L;

  private final long seed;
  private final ManualClock clock = new ManualClock();
  private final SplittableRandom random;
  private final SplittableRandom choices;
  private final SplittableRandom pollerRandom;
  private final SimTrace trace;
  private final SimNetwork network;
  private final SimExecutor executor;
  private final List<EventLoop> loops = new ArrayList<>();
  private final List<SimPoller> pollers = new ArrayList<>();
  private final List<SimActor> actors = new ArrayList<>();
  private final List<ScriptedPeer> peers = new ArrayList<>();
  private final List<Throwable> failures = new ArrayList<>();
  private Predicate<Throwable> tolerated = failure -> false;
  private final byte[] piece = new byte[16_384];
  private @Nullable Throwable unexpected;
  private int[] ready = new int[8];
  private long steps;
  private int stepsAtThisTime;
  private int idleTurns;
  private int idleTurnsMax;
  private boolean measuring;
  private long loopAllocatedBytes;

  /** Creates a simulation over a calm network. */
  public Simulation(long seed) {
    this(seed, SimOptions.calm());
  }

  /** Creates a simulation. */
  public Simulation(long seed, SimOptions options) {
    this.seed = seed;
    SplittableRandom root = new SplittableRandom(seed);
    this.random = root.split();
    this.choices = root.split();
    this.pollerRandom = root.split();
    this.trace = new SimTrace(clock, Seeds.replaying());
    this.network = new SimNetwork(clock, options, root.split(), trace);
    this.executor = new SimExecutor(clock, root.split(), trace, options.executorDelayNanosMax());
  }

  /** Adds a loop with the default bounds, but a task queue that is quick to make. */
  public EventLoop addLoop() {
    return addLoop(LoopLimits.defaults().withWork(1024, 256, 256, 1024));
  }

  /** Adds a loop. */
  public EventLoop addLoop(LoopLimits limits) {
    int index = loops.size();
    SimPoller poller = new SimPoller(network, pollerRandom.split());
    EventLoop loop =
        new EventLoop("loop-" + index, index, poller, clock, limits, this::onLoopFailure);
    loops.add(loop);
    pollers.add(poller);
    return loop;
  }

  /** Adds {@code count} loops and returns them as a group, which isn't to be started. */
  public EventLoopGroup addLoops(int count, LoopLimits limits) {
    List<EventLoop> added = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      added.add(addLoop(limits));
    }
    return new EventLoopGroup(added);
  }

  /** Returns the seed. */
  public long seed() {
    return seed;
  }

  /** Returns randomness for the test's own decisions, apart from the simulation's. */
  public SplittableRandom random() {
    return random;
  }

  /** Returns the clock, which only the simulation moves while it runs. */
  public ManualClock clock() {
    return clock;
  }

  /** Returns the network. */
  public SimNetwork network() {
    return network;
  }

  /** Returns the executor that tasks are lent to. */
  public SimExecutor executor() {
    return executor;
  }

  /** Returns the loops in the order of their adding. */
  public List<EventLoop> loops() {
    return List.copyOf(loops);
  }

  /** Returns all loops as a group, which isn't to be started. */
  public EventLoopGroup group() {
    return new EventLoopGroup(loops);
  }

  /** Returns the poller of the loop at {@code index}. */
  public SimPoller poller(int index) {
    return pollers.get(index);
  }

  /** Returns the peers, connecting and accepted ones, in the order of their making. */
  public List<ScriptedPeer> peers() {
    return List.copyOf(peers);
  }

  /** Lets failures that reach a loop's reporter pass if they match; all others fail the run. */
  public void tolerate(Predicate<Throwable> tolerated) {
    this.tolerated = tolerated;
  }

  /** Returns the tolerated failures, in the order in which they were reported. */
  public List<Throwable> toleratedFailures() {
    return List.copyOf(failures);
  }

  /** Returns how many steps were taken. */
  public long steps() {
    return steps;
  }

  /** Returns a hash of everything that has happened; two runs of one seed have the same. */
  public long traceHash() {
    return trace.hash();
  }

  /** Returns how many turns in a row of all loops did nothing, at most, while one was due. */
  public int idleTurnsMax() {
    return idleTurnsMax;
  }

  /** Begins to count what the loops allocate in their turns. */
  public void measureAllocations() {
    measuring = true;
    loopAllocatedBytes = 0;
  }

  /** Returns the bytes allocated within turns of loops since {@link #measureAllocations()}. */
  public long loopAllocatedBytes() {
    return loopAllocatedBytes;
  }

  /** Returns a check that watches all loops, the network, and the executor. */
  public LeakCheck leakCheck() {
    LeakCheck check = new LeakCheck();
    for (EventLoop loop : loops) {
      check.watch(loop);
    }
    check.watch("open ends of connections", network::openEndpoints);
    check.watch("lent tasks", executor::pending);
    return check;
  }

  /** Runs until nobody has anything to do any more, at any time. */
  public void run() {
    while (step()) {
      checkBounds();
    }
  }

  /** Runs until the condition holds; fails if it still doesn't when nobody has anything to do. */
  public void runUntil(BooleanSupplier condition) {
    while (!condition.getAsBoolean()) {
      if (!step()) {
        throw failure("quiescent before the awaited condition held", null);
      }
      checkBounds();
    }
  }

  /** Runs for a while of simulated time. */
  public void runFor(long nanos) {
    long end = Deadline.after(clock.nanoTime(), nanos);
    while (nextNanos() <= end) {
      step();
      checkBounds();
    }
    clock.advanceTo(end);
  }

  /**
   * Takes one step, or moves the clock to the next time at which there is one.
   *
   * @return false if there is none
   */
  public boolean step() {
    int count = collect();
    if (count == 0) {
      long next = nextNanos();
      if (next == Deadline.NONE) {
        return false;
      }
      clock.advanceTo(next);
      stepsAtThisTime = 0;
      return true;
    }
    steps++;
    stepsAtThisTime++;
    try {
      take(ready[choices.nextInt(count)]);
    } catch (SimulationFailure failure) {
      throw failure;
    } catch (Throwable failure) {
      throw failure(failure.toString(), failure);
    }
    return true;
  }

  /** Takes one {@link #step()}, and fails on a livelock: for tests that look between the steps. */
  public boolean stepChecked() {
    boolean more = step();
    checkBounds();
    return more;
  }

  /** Stops all loops, which closes their sockets. */
  public void stop() {
    for (EventLoop loop : loops) {
      loop.stop();
    }
  }

  /** Fails if a peer hasn't come to the end of its script. */
  public void verifyScripts() {
    for (ScriptedPeer peer : peers) {
      if (!peer.done()) {
        throw failure("script not finished: " + peer, null);
      }
    }
  }

  /** Makes the failure that names the seed and the time. */
  public SimulationFailure failure(String what, @Nullable Throwable cause) {
    String text = trace.text();
    return new SimulationFailure(
        "seed %d (replay with -D%s=%d), step %d, %.6f ms: %s%s"
            .formatted(
                seed,
                Seeds.SEED_PROPERTY,
                seed,
                steps,
                (clock.nanoTime() - ManualClock.START_NANOS) / 1e6,
                what,
                text.isEmpty() ? "" : "\n" + text),
        cause);
  }

  void add(ScriptedPeer peer) {
    peers.add(peer);
  }

  void enqueue(SimActor actor) {
    if (!actor.queued) {
      actor.queued = true;
      actors.add(actor);
    }
  }

  /** What peers read into, one at a time. */
  byte[] piece() {
    return piece;
  }

  SimTrace trace() {
    return trace;
  }

  /** Numbers of those who can act: loops from 0, then network, executor and peers below 0. */
  private int collect() {
    long now = clock.nanoTime();
    int count = 0;
    if (ready.length < loops.size() + 3) {
      ready = new int[loops.size() + 8];
    }
    for (int i = 0; i < loops.size(); i++) {
      EventLoop loop = loops.get(i);
      if (!loop.stopped() && (pollers.get(i).hasReady() || loop.hasWork(now))) {
        ready[count++] = i;
      }
    }
    if (network.events().nextNanos() <= now) {
      ready[count++] = -1;
    }
    if (executor.nextNanos() <= now) {
      ready[count++] = -2;
    }
    if (!actors.isEmpty()) {
      ready[count++] = -3;
    }
    return count;
  }

  private void take(int choice) {
    switch (choice) {
      case -1 -> network.events().take().fire();
      case -2 -> executor.runOne();
      case -3 -> {
        int pick = choices.nextInt(actors.size());
        SimActor actor = actors.get(pick);
        actors.set(pick, actors.get(actors.size() - 1));
        actors.remove(actors.size() - 1);
        actor.queued = false;
        actor.act();
      }
      default -> turn(loops.get(choice));
    }
  }

  private void turn(EventLoop loop) {
    long before = measuring ? ThreadAllocations.bytes() : 0;
    int work = loop.runOnce(clock.nanoTime());
    if (measuring) {
      loopAllocatedBytes += ThreadAllocations.bytes() - before;
    }
    idleTurns = work == 0 ? idleTurns + 1 : 0;
    idleTurnsMax = Math.max(idleTurnsMax, idleTurns);
    trace.add("turn", loop.name(), work);
    if (unexpected != null) {
      throw failure("reported by " + loop.name() + ": " + unexpected, unexpected);
    }
  }

  private long nextNanos() {
    if (!actors.isEmpty()) {
      return clock.nanoTime();
    }
    long next = Math.min(network.events().nextNanos(), executor.nextNanos());
    for (int i = 0; i < loops.size(); i++) {
      EventLoop loop = loops.get(i);
      if (loop.stopped()) {
        continue;
      }
      if (pollers.get(i).hasReady() || loop.hasWork(clock.nanoTime())) {
        return clock.nanoTime();
      }
      next = Math.min(next, loop.timers().nextDeadlineNanos());
    }
    return next;
  }

  private void checkBounds() {
    if (stepsAtThisTime > STEPS_AT_ONE_TIME_MAX) {
      throw failure("livelock: " + stepsAtThisTime + " steps at one time", null);
    }
    if (steps > STEPS_MAX) {
      throw failure("no end after " + steps + " steps", null);
    }
  }

  private void onLoopFailure(String what, Throwable failure) {
    trace.add("reported", what, failures.size());
    if (tolerated.test(failure)) {
      failures.add(failure);
    } else if (unexpected == null) {
      unexpected = failure;
    }
  }
}
