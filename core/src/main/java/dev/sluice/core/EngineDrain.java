package dev.sluice.core;

import dev.sluice.core.backend.Backend;
import dev.sluice.core.backend.Server;
import dev.sluice.core.frontend.Frontend;
import dev.sluice.core.frontend.Listener;
import dev.sluice.core.loop.EventLoop;
import dev.sluice.core.observe.CloseCause;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;

/** One drain of an engine: asks every loop, then looks on the first loop until nobody is left. */
final class EngineDrain {
  private static final long LOOK_NANOS = 10_000_000L;

  private final EngineLoops loops;
  private final List<Frontend> frontends;
  private final List<Backend> backends;
  private final CompletableFuture<DrainReport> done = new CompletableFuture<>();
  private int atBegin;
  private int cut;
  private long deadlineNanos;

  EngineDrain(EngineLoops loops, List<Frontend> frontends, List<Backend> backends) {
    this.loops = loops;
    this.frontends = frontends;
    this.backends = backends;
  }

  CompletionStage<DrainReport> begin(Duration deadline) {
    for (EventLoop loop : loops.loops()) {
      loop.execute(() -> drain(loop));
    }
    EventLoop first = loops.group().loop(0);
    first.execute(
        () -> {
          atBegin = clients();
          deadlineNanos = Deadline.after(first.nowNanos(), deadline.toNanos());
          look(first);
        });
    return done.minimalCompletionStage();
  }

  private void drain(EventLoop loop) {
    for (Frontend frontend : frontends) {
      for (Listener listener : frontend.listeners()) {
        if (listener.loop() == loop) {
          listener.close();
        }
      }
      frontend.drain(loop);
    }
  }

  private void look(EventLoop first) {
    int left = clients();
    if (left == 0) {
      for (EventLoop loop : loops.loops()) {
        loop.execute(() -> drainServers(loop));
      }
      done.complete(new DrainReport(atBegin - cut, cut));
      return;
    }
    if (cut == 0 && Deadline.passed(deadlineNanos, first.nowNanos())) {
      cut = left;
      for (EventLoop loop : loops.loops()) {
        loop.execute(() -> cut(loop));
      }
    }
    first.schedule(new Look(first), LOOK_NANOS);
  }

  private void cut(EventLoop loop) {
    for (Frontend frontend : frontends) {
      frontend.closeAll(loop, CloseCause.DRAINING);
    }
  }

  private void drainServers(EventLoop loop) {
    for (Backend backend : backends) {
      for (Server server : backend.servers()) {
        server.drain(loop);
      }
    }
  }

  private int clients() {
    int sum = 0;
    for (Frontend frontend : frontends) {
      for (Listener listener : frontend.listeners()) {
        sum += listener.connectionCount();
      }
    }
    return sum;
  }

  private final class Look extends Timer {
    private final EventLoop first;

    Look(EventLoop first) {
      this.first = first;
    }

    @Override
    protected void onTimer(long nowNanos) {
      look(first);
    }

    @Override
    protected void onTimerFailure(Throwable failure) {
      done.completeExceptionally(failure);
    }
  }
}
