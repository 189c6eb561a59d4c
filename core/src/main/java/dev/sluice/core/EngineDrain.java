package dev.sluice.core;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.Server;
import dev.sluice.core.config.DrainConfig;
import dev.sluice.core.frontend.Frontend;
import dev.sluice.core.frontend.Listener;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.observe.DrainPhase;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.time.Duration;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.function.Consumer;
import java.util.function.ToIntFunction;

/**
 * One drain of an engine, phase by phase. It lives on the first loop, which looks every few
 * milliseconds how far the others are, and tells them by tasks what to do next.
 */
final class EngineDrain {
  private static final long LOOK_NANOS = 10_000_000L;

  /** What was cut is told within a turn or two; this is for a loop that does not answer. */
  private static final long CUT_NANOS_MAX = 1_000_000_000L;

  private final EngineLoops loops;
  private final EventLoop first;
  private final List<Frontend> frontends;
  private final List<Backend> backends;
  private final DrainConfig config;
  private final EngineSink sink;
  private final DrainWatch watch = new DrainWatch();
  private final CompletableFuture<DrainReport> done = new CompletableFuture<>();
  private final Map<DrainPhase, Duration> took = new EnumMap<>(DrainPhase.class);
  private final Map<String, Integer> cutByFrontend = new TreeMap<>();
  private final Map<String, Integer> serversCut = new TreeMap<>();

  private DrainPhase phase = DrainPhase.NOTICE;
  private long phaseBeganNanos;
  private long deadlineNanos;
  private int clientsAtBegin;
  private long acceptedAtBegin;
  private volatile boolean endAsked;

  EngineDrain(
      EngineLoops loops,
      List<Frontend> frontends,
      List<Backend> backends,
      EngineSink sink,
      DrainConfig config) {
    this.loops = loops;
    this.first = loops.group().loop(0);
    this.frontends = frontends;
    this.backends = backends;
    this.sink = sink;
    this.config = config;
  }

  /** Begins; once. Any thread. */
  void begin() {
    sink.watch(watch);
    first.execute(
        () -> {
          clientsAtBegin = clients();
          acceptedAtBegin = accepted();
          phaseBeganNanos = first.nowNanos();
          deadlineNanos = Deadline.after(phaseBeganNanos, config.deadline().toNanos());
          sink.onDrain(first.index(), phase);
          look();
        });
  }

  /** What it comes to; completed on the first loop. */
  CompletionStage<DrainReport> report() {
    return done.minimalCompletionStage();
  }

  /** The engine was stopped: there is nothing left to drain, and nobody to tell how it went. */
  void abandon() {
    done.completeExceptionally(new CancellationException("the engine was stopped while draining"));
  }

  /** Cuts at once what is left, as if the deadline had come. Any thread. */
  void end() {
    endAsked = true;
    first.execute(this::step);
  }

  private void look() {
    step();
    if (!done.isDone()) {
      first.schedule(new Look(), LOOK_NANOS);
    }
  }

  /** Goes as far as it can. */
  private void step() {
    if (done.isDone()) {
      // Told already, or the engine was stopped.
      return;
    }
    DrainPhase before;
    do {
      before = phase;
      switch (phase) {
        case NOTICE -> {
          if (over() || passed(config.notice())) {
            onLoops(this::goAway);
            enter(DrainPhase.WINDOW);
          }
        }
        case WINDOW -> {
          if (over() || passed(config.window())) {
            onLoops(this::closeListeners);
            enter(DrainPhase.LAST_CALL);
          }
        }
        case LAST_CALL -> {
          // The listeners are closed by tasks: until these have run nobody can say who is left.
          if (over() || passed(config.lastCall()) || (listenersClosed() && clients() == 0)) {
            onLoops(this::drainClients);
            enter(DrainPhase.FINISHING);
          }
        }
        case FINISHING -> {
          if (listenersClosed() && clients() == 0) {
            onLoops(this::drainServers);
            enter(DrainPhase.SERVERS);
          } else if (over()) {
            noteCut();
            onLoops(this::cutClients);
            enter(DrainPhase.CUT);
          }
        }
        case CUT -> {
          if ((clients() == 0 && sink.exchangesUnderWay() == 0)
              || Deadline.passed(
                  Deadline.after(phaseBeganNanos, CUT_NANOS_MAX), first.nowNanos())) {
            onLoops(this::cutServers);
            enter(DrainPhase.SERVERS);
          }
        }
        case SERVERS -> awaitServers();
        case DONE -> {
          // The report is out.
        }
      }
    } while (phase != before);
  }

  private void awaitServers() {
    if (serverConnections(Server::connectionCount) == 0) {
      finish();
    } else if (!took.containsKey(DrainPhase.CUT) && over()) {
      noteServersCut(Server::connectionCount);
      onLoops(this::cutServers);
      enter(DrainPhase.CUT);
    } else if (took.containsKey(DrainPhase.CUT)
        && Deadline.passed(Deadline.after(phaseBeganNanos, CUT_NANOS_MAX), first.nowNanos())) {
      finish();
    }
  }

  private void finish() {
    enter(DrainPhase.DONE);
    sink.watch(null);
    int cut = 0;
    for (int each : cutByFrontend.values()) {
      cut += each;
    }
    long all = clientsAtBegin + accepted() - acceptedAtBegin;
    done.complete(
        new DrainReport(
            (int) Math.max(0, all - cut),
            cut,
            cutByFrontend,
            watch.finished(),
            watch.cut(),
            watch.cutByServer(),
            serversCut,
            took));
  }

  private void enter(DrainPhase next) {
    long now = first.nowNanos();
    took.merge(phase, Duration.ofNanos(now - phaseBeganNanos), Duration::plus);
    phase = next;
    phaseBeganNanos = now;
    sink.onDrain(first.index(), next);
  }

  private boolean over() {
    return endAsked || Deadline.passed(deadlineNanos, first.nowNanos());
  }

  private boolean passed(Duration time) {
    return Deadline.passed(Deadline.after(phaseBeganNanos, time.toNanos()), first.nowNanos());
  }

  // ---- on each loop

  private void onLoops(Consumer<EventLoop> task) {
    for (EventLoop loop : loops.loops()) {
      loop.execute(() -> task.accept(loop));
    }
  }

  private void goAway(EventLoop loop) {
    frontends.forEach(frontend -> frontend.goAway(loop));
  }

  private void closeListeners(EventLoop loop) {
    for (Frontend frontend : frontends) {
      for (Listener listener : frontend.listeners()) {
        if (listener.loop() == loop) {
          listener.closeAfterWaiting();
        }
      }
    }
  }

  private void drainClients(EventLoop loop) {
    frontends.forEach(frontend -> frontend.drain(loop));
  }

  private void cutClients(EventLoop loop) {
    frontends.forEach(frontend -> frontend.closeAll(loop, CloseCause.DRAINING));
  }

  private void drainServers(EventLoop loop) {
    backends.forEach(backend -> backend.servers().forEach(server -> server.drain(loop)));
  }

  private void cutServers(EventLoop loop) {
    backends.forEach(
        backend -> backend.servers().forEach(server -> server.closeAll(loop, CloseCause.DRAINING)));
  }

  // ---- what is left

  private boolean listenersClosed() {
    for (Frontend frontend : frontends) {
      for (Listener listener : frontend.listeners()) {
        if (listener.boundTo() != null) {
          return false;
        }
      }
    }
    return true;
  }

  private int clients() {
    int sum = 0;
    for (Frontend frontend : frontends) {
      sum += clients(frontend);
    }
    return sum;
  }

  private static int clients(Frontend frontend) {
    int sum = 0;
    for (Listener listener : frontend.listeners()) {
      sum += listener.connectionCount();
    }
    return sum;
  }

  private long accepted() {
    long sum = 0;
    for (Frontend frontend : frontends) {
      for (Listener listener : frontend.listeners()) {
        sum += listener.acceptedCount();
      }
    }
    return sum;
  }

  private void noteCut() {
    for (Frontend frontend : frontends) {
      int left = clients(frontend);
      if (left > 0) {
        cutByFrontend.put(frontend.name(), left);
      }
    }
    noteServersCut(server -> server.connectionCount() - server.idleCount());
  }

  private void noteServersCut(ToIntFunction<Server> count) {
    for (Backend backend : backends) {
      for (Server server : backend.servers()) {
        int cut = count.applyAsInt(server);
        if (cut > 0) {
          serversCut.put(backend.name() + '/' + server.name(), cut);
        }
      }
    }
  }

  private int serverConnections(ToIntFunction<Server> count) {
    int sum = 0;
    for (Backend backend : backends) {
      for (Server server : backend.servers()) {
        sum += count.applyAsInt(server);
      }
    }
    return sum;
  }

  private final class Look extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      look();
    }

    @Override
    protected void onTimerFailure(Throwable failure) {
      sink.watch(null);
      done.completeExceptionally(failure);
    }
  }
}
