package dev.sluice.core.loop;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.sluice.core.buffer.BufferWaiter;
import dev.sluice.core.buffer.IoBuffer;
import dev.sluice.core.testkit.ManualClock;
import dev.sluice.core.testkit.ThreadAllocations;
import dev.sluice.core.time.Deadline;
import dev.sluice.core.time.Timer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

class EventLoopTest {
  private static final long MILLI = 1_000_000L;

  private final ManualClock clock = new ManualClock();
  private final StubPoller poller = new StubPoller();
  private final List<String> done = new ArrayList<>();
  private final List<Throwable> reported = new ArrayList<>();
  private final EventLoop loop = loop(LoopLimits.defaults().withWork(8, 4, 4, 5));

  @Test
  void phasesOfATurnComeInTheirOrder() {
    poller.events.add(
        () -> {
          done.add("event");
          loop.recycleLater(task("recycle"));
          loop.flushLater(task("flush"));
          loop.pend(task("pending"));
          loop.execute(() -> done.add("task"));
        });
    loop.runInTurn(() -> loop.schedule(timer("timer"), MILLI));
    clock.advance(MILLI);

    int work = turn();

    assertThat(done).containsExactly("event", "timer", "task", "pending", "flush", "recycle");
    assertThat(work).isEqualTo(6);
    assertThat(loop.hasWork(clock.nanoTime())).isFalse();
  }

  @Test
  void pendingListRunsUntilItIsEmptyWithinTheBound() {
    TurnTask[] tasks = new TurnTask[7];
    for (int i = 0; i < tasks.length; i++) {
      int next = i + 1;
      tasks[i] =
          task(
              "p" + i,
              name -> {
                if (next < 7) {
                  loop.pend(tasks[next]);
                }
              });
    }
    loop.runInTurn(() -> loop.pend(tasks[0]));

    turn();
    assertThat(done).containsExactly("p0", "p1", "p2", "p3", "p4");
    loop.runInTurn(() -> loop.pend(task("late")));
    turn();
    assertThat(poller.lastTimeout()).isZero();
    assertThat(done).containsExactly("p0", "p1", "p2", "p3", "p4", "p5", "late", "p6");
  }

  @Test
  void flushAndRecycleQueuedDuringThemselvesWaitForTheNextTurn() {
    TurnTask again = task("again");
    loop.runInTurn(
        () -> {
          loop.flushLater(task("flush", name -> loop.flushLater(again)));
          loop.recycleLater(task("recycle", name -> loop.pend(task("pended"))));
        });
    turn();
    assertThat(done).containsExactly("flush", "recycle");
    turn();
    assertThat(poller.lastTimeout()).isZero();
    assertThat(done).containsExactly("flush", "recycle", "pended", "again");
  }

  @Test
  void queuedTaskRunsOncePerQueueing() {
    TurnTask task = task("once");
    loop.runInTurn(
        () -> {
          loop.pend(task);
          loop.pend(task);
        });
    assertThat(task.queued()).isTrue();
    turn();
    assertThat(task.queued()).isFalse();
    assertThat(done).containsExactly("once");
  }

  @Test
  void waitLastsUntilTheNextTimer() {
    turn();
    assertThat(poller.lastTimeout()).isEqualTo(Deadline.NONE);
    Timer timer = timer("timer");
    loop.runInTurn(() -> loop.schedule(timer, 50 * MILLI));
    turn();
    assertThat(poller.lastTimeout()).isEqualTo(50 * MILLI);
    clock.advance(20 * MILLI);
    turn();
    assertThat(poller.lastTimeout()).isEqualTo(30 * MILLI);
    clock.advance(40 * MILLI);
    turn();
    assertThat(poller.lastTimeout()).isZero();
    assertThat(done).containsExactly("timer");
  }

  @Test
  void timeIsReadAnewAfterAWait() {
    long[] seen = new long[1];
    poller.events.add(
        () -> {
          clock.advance(77 * MILLI);
          seen[0] = loop.nowNanos();
        });
    turn();
    assertThat(seen[0]).isEqualTo(ManualClock.START_NANOS + 77 * MILLI);
  }

  @Test
  void taskSeesTheTimeAtWhichItRuns() {
    long[] seen = new long[1];
    loop.execute(() -> clock.advance(77 * MILLI));
    loop.execute(() -> seen[0] = loop.nowNanos());
    turn();
    assertThat(seen[0]).isEqualTo(ManualClock.START_NANOS + 77 * MILLI);
  }

  @Test
  void tasksPerTurnAreBounded() {
    for (int i = 0; i < 6; i++) {
      String name = "t" + i;
      loop.execute(() -> done.add(name));
    }
    turn();
    assertThat(done).hasSize(4);
    turn();
    assertThat(poller.lastTimeout()).isZero();
    assertThat(done).hasSize(6);
    assertThat(loop.counters().snapshot().tasks()).isEqualTo(6);
  }

  @Test
  void fullTaskQueueRefusesAndCounts() {
    for (int i = 0; i < 8; i++) {
      assertThat(loop.tryExecute(() -> {})).isTrue();
    }
    assertThat(loop.tryExecute(() -> {})).isFalse();
    assertThatThrownBy(() -> loop.execute(() -> {}))
        .isInstanceOf(RejectedExecutionException.class)
        .hasMessageContaining("too many tasks");
    assertThat(loop.counters().snapshot().rejected()).isEqualTo(2);
  }

  @Test
  void throwingTasksTimersAndTurnTasksHarmNobodyElse() {
    List<Throwable> told = new ArrayList<>();
    RuntimeException thrown = new RuntimeException("boom");
    loop.execute(
        () -> {
          throw thrown;
        });
    loop.execute(() -> done.add("task"));
    loop.runInTurn(
        () -> {
          loop.pend(
              new TurnTask() {
                @Override
                protected void runTurn() {
                  throw thrown;
                }

                @Override
                protected void onTurnFailure(Throwable failure) {
                  told.add(failure);
                  throw new IllegalStateException("again");
                }
              });
          loop.pend(task("pending"));
          loop.schedule(
              new Timer() {
                @Override
                protected void onTimer(long nowNanos) {
                  throw thrown;
                }
              },
              MILLI);
          loop.schedule(timer("timer"), MILLI);
        });
    clock.advance(MILLI);

    turn();

    assertThat(done).containsExactly("timer", "task", "pending");
    assertThat(told).containsExactly(thrown);
    assertThat(reported).hasSize(4);
    assertThat(loop.counters().snapshot().handlerFailures()).isEqualTo(3);
  }

  @Test
  void throwingHandlerLosesItsOwnSocketOnly() {
    List<Throwable> told = new ArrayList<>();
    StubSocket bad = new StubSocket();
    StubSocket good = new StubSocket();
    RuntimeException thrown = new RuntimeException("boom");
    poller.events.add(
        () ->
            loop.dispatch(
                new IoHandler() {
                  @Override
                  public void onReady(int readyOps) {
                    throw thrown;
                  }

                  @Override
                  public void onHandlerFailure(Throwable failure) {
                    told.add(failure);
                    throw new IllegalStateException("again");
                  }
                },
                bad,
                Interest.READ));
    poller.events.add(
        () ->
            loop.dispatch(
                new IoHandler() {
                  @Override
                  public void onReady(int readyOps) {
                    done.add("ready " + readyOps);
                  }

                  @Override
                  public void onHandlerFailure(Throwable failure) {
                    told.add(failure);
                  }
                },
                good,
                Interest.READ));

    turn();

    assertThat(done).containsExactly("ready 1");
    assertThat(told).containsExactly(thrown);
    assertThat(bad.open()).isFalse();
    assertThat(good.open()).isTrue();
    assertThat(loop.counters().snapshot().handlerFailures()).isEqualTo(1);
  }

  @Test
  void throwingReporterDoesNotEndTheTurn() {
    EventLoop silent =
        new EventLoop(
            "silent",
            0,
            new StubPoller(),
            clock,
            LoopLimits.defaults(),
            (what, failure) -> {
              throw new IllegalStateException("can't report");
            });
    silent.execute(
        () -> {
          throw new IllegalStateException("boom");
        });
    silent.execute(() -> done.add("next"));
    silent.runOnce(clock.nanoTime());
    assertThat(done).containsExactly("next");
    assertThat(silent.counters().snapshot().handlerFailures()).isEqualTo(2);
  }

  @Test
  void bufferWaitersAreServedAtTheEndOfTheTurn() {
    EventLoop small =
        loop(LoopLimits.defaults().withDirectBuffers(64, 1, 0, 1).withHeapBuffers(64, 1, 1));
    small.runOnce(clock.nanoTime());
    IoBuffer[] held = new IoBuffer[1];
    TurnTask retry = task("got it");
    BufferWaiter waiter =
        new BufferWaiter() {
          @Override
          protected void onBufferAvailable() {
            done.add("told");
            small.pend(retry);
          }
        };
    small.runInTurn(
        () -> {
          IoBuffer buffer = small.directBuffers().acquire();
          if (buffer != null) {
            held[0] = buffer;
          }
          assertThat(small.directBuffers().acquire()).isNull();
          small.directBuffers().await(waiter);
        });
    small.runOnce(clock.nanoTime());
    assertThat(done).isEmpty();
    small.runInTurn(() -> held[0].release());
    small.runOnce(clock.nanoTime());
    assertThat(done).containsExactly("told");
    assertThat(small.hasWork(clock.nanoTime())).isTrue();
    small.runOnce(clock.nanoTime());
    assertThat(done).containsExactly("told", "got it");
  }

  @Test
  void stopRunsWhatWaitsAndClosesThePoller() {
    loop.execute(
        () -> {
          done.add("task");
          loop.pend(task("pending", name -> loop.flushLater(task("flush"))));
          loop.execute(() -> done.add("second"));
        });
    loop.stop();
    loop.stop();
    assertThat(done).containsExactly("task", "second", "pending", "flush");
    assertThat(poller.closed).isTrue();
    assertThat(loop.stopped()).isTrue();
    assertThat(loop.tryExecute(() -> {})).isFalse();
    assertThatThrownBy(loop::start).isInstanceOf(IllegalStateException.class);
  }

  @Test
  void queueingFromOutsideOfTheLoopIsAsserted() {
    TurnTask task = task("x");
    assertThatThrownBy(() -> loop.pend(task)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> loop.flushLater(task)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(() -> loop.schedule(timer("t"), 1)).isInstanceOf(AssertionError.class);
    assertThatThrownBy(loop::readScratch).isInstanceOf(AssertionError.class);
  }

  @Test
  void queueingOnASecondListIsAsserted() {
    TurnTask task = task("x");
    loop.runInTurn(
        () -> {
          loop.pend(task);
          assertThatThrownBy(() -> loop.flushLater(task)).isInstanceOf(AssertionError.class);
        });
  }

  @Test
  void turnsAllocateNothing() {
    TurnTask flush = new QuietTask();
    Runnable task = () -> loop.flushLater(flush);
    Timer timer = new RepeatingTimer();
    loop.runInTurn(() -> loop.schedule(timer, MILLI));
    poller.recording = false;
    Runnable rounds =
        () -> {
          for (int i = 0; i < 1000; i++) {
            loop.tryExecute(task);
            clock.advance(MILLI);
            loop.runOnce(clock.nanoTime());
          }
        };
    assertThat(ThreadAllocations.leastDuring(10, rounds)).isZero();
    assertThat(loop.counters().snapshot().timers()).isEqualTo(10_000);
  }

  private int turn() {
    return loop.runOnce(clock.nanoTime());
  }

  private EventLoop loop(LoopLimits limits) {
    return new EventLoop(
        "loop", 0, poller, clock, limits, (what, failure) -> reported.add(failure));
  }

  private TurnTask task(String name) {
    return task(name, ignored -> {});
  }

  private TurnTask task(String name, Consumer<String> action) {
    return new TurnTask() {
      @Override
      protected void runTurn() {
        done.add(name);
        action.accept(name);
      }
    };
  }

  private Timer timer(String name) {
    return new Timer() {
      @Override
      protected void onTimer(long nowNanos) {
        done.add(name);
      }
    };
  }

  private final class RepeatingTimer extends Timer {
    @Override
    protected void onTimer(long nowNanos) {
      loop.schedule(this, MILLI);
    }
  }

  private static final class QuietTask extends TurnTask {
    @Override
    protected void runTurn() {}
  }
}
